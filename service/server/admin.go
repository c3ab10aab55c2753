package server

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// An admin is the port for operators and probes: in the clear, as probes of gRPC speak no TLS, and without tokens. It serves
// gRPC's health and HTTP on one port, and lives until the last call has been answered.
type admin struct {
	listener net.Listener
	server   *http.Server
}

func (s *Server) newAdmin(l net.Listener) *admin {
	mux := http.NewServeMux()
	s.registerProbes(mux)
	mux.HandleFunc("GET /log-level", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, s.config.Level.Level()) })
	mux.HandleFunc("PUT /log-level", s.setLevel)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	for _, p := range s.config.Admin {
		p.RegisterPages(mux)
	}
	health := grpc.NewServer()
	healthpb.RegisterHealthServer(health, s.health)
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	return &admin{l, &http.Server{
		Handler: split(health, mux), Protocols: protocols, MaxHeaderBytes: s.config.MaxHeader,
		ReadHeaderTimeout: s.config.PeerTimeout, ReadTimeout: s.config.PeerTimeout, IdleTimeout: s.config.IdleTimeout,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}}
}

// split hands calls over gRPC to one handler and the rest to another.
func split(grpc, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
			_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // a watch lasts
			grpc.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// maxLevel is more than the longest level has.
const maxLevel = 16

// setLevel takes a level such as debug or warn, from now on.
func (s *Server) setLevel(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLevel))
	if err == nil {
		err = s.config.Level.UnmarshalText([]byte(strings.TrimSpace(string(text))))
	}
	if err != nil {
		http.Error(w, "a level is debug, info, warn or error", http.StatusBadRequest)
		return
	}
	s.log.Log(r.Context(), slog.LevelWarn, "log level", "now", s.config.Level.Level())
	fmt.Fprintln(w, s.config.Level.Level())
}

func (a *admin) serve() error { return a.server.Serve(a.listener) }

func (a *admin) close() { a.server.Close() }
