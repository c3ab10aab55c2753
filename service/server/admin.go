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

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// An admin is the port for operators and probes: in the clear, as gRPC probes speak no TLS, and without tokens. It serves
// gRPC health and HTTP, until the last call is answered.
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

// split passes gRPC calls to one handler and the rest to another.
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

// maxLevel is the maximum size of a level in bytes.
const maxLevel = 16

// setLevel changes the log level, such as debug or warn.
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

// registerPages adds the probes and the pages of the HTTP port.
func (s *Server) registerPages(pages []Pages) {
	s.registerProbes(s.pages)
	for _, p := range pages {
		p.RegisterPages(s.pages)
	}
}

// registerProbes adds the probes and the metrics.
func (s *Server) registerProbes(mux *http.ServeMux) {
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.config.Registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: maxScrapes}))
}

// isProbePath reports whether a path needs no authentication: it tells nothing but that the server is there.
func isProbePath(path string) bool { return path == "/healthz" || path == "/readyz" }

// ready answers 503 once the server has begun to stop.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}
