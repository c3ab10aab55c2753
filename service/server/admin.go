package server

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// newAdmin returns the server of the admin port. It uses plaintext and no authentication, because a kubelet's probes have
// no certificate and no token.
func (s *Server) newAdmin() *http.Server {
	return &http.Server{
		Handler: s.newMux(s.config.Admin), MaxHeaderBytes: s.config.MaxHeader, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: s.config.ClientTimeout, ReadTimeout: s.config.ClientTimeout, IdleTimeout: s.config.IdleTimeout,
	}
}

// newMux serves the probes, the metrics and the pages.
func (s *Server) newMux(pages []Pages) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.config.Registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: maxScrapes,
	}))
	for _, p := range pages {
		p.RegisterPages(mux)
	}
	return mux
}

// isProbePath reports whether the path is that of a probe, which needs no authentication.
func isProbePath(path string) bool { return path == "/healthz" || path == "/readyz" }

// ready answers 503 while the server drains.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}
