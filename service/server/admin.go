package server

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// An admin is the port for operators and probes: in the clear, as a kubelet's probes have no certificate, and without
// tokens. It serves until the last call is answered.
type admin struct {
	listener net.Listener
	server   *http.Server
}

func (s *Server) newAdmin(l net.Listener) *admin {
	mux := http.NewServeMux()
	s.registerProbes(mux)
	for _, p := range s.config.Admin {
		p.RegisterPages(mux)
	}
	return &admin{l, &http.Server{
		Handler: mux, MaxHeaderBytes: s.config.MaxHeader, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: s.config.PeerTimeout, ReadTimeout: s.config.PeerTimeout, IdleTimeout: s.config.IdleTimeout,
	}}
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
