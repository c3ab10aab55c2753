package server

import (
	"fmt"
	"net/http"
)

// registerPages adds the probes and the pages.
func (s *Server) registerPages(pages []Pages) {
	s.pages.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	s.pages.HandleFunc("/readyz", s.ready)
	for _, p := range pages {
		p.RegisterPages(s.pages)
	}
}

// ready answers 503 once the server has begun to stop.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// withPages answers what a page is registered for and leaves the rest to the gateway.
func (s *Server) withPages(rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := s.pages.Handler(r); pattern != "" {
			s.pages.ServeHTTP(w, r) // which sets the values of the path
			return
		}
		rest.ServeHTTP(w, r)
	})
}
