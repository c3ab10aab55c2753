package server

import (
	"fmt"
	"net/http"
	"path"
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

// withPages answers what a page is registered for and leaves the rest to the gateway. A path that is not clean is none of
// a page: no redirection knows under which prefix the server is reached.
func (s *Server) withPages(rest *gateway) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != path.Clean(r.URL.Path) || !s.isPage(r, http.MethodGet): // all pages can be read
			rest.ServeHTTP(w, r)
		case s.isPage(r, r.Method):
			s.pages.ServeHTTP(w, r)
		default:
			w.Header().Set("Allow", "GET, HEAD")
			rest.routingError(r.Context(), nil, nil, w, r, http.StatusMethodNotAllowed)
		}
	})
}

func (s *Server) isPage(r *http.Request, method string) bool {
	_, pattern := s.pages.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host})
	return pattern != ""
}
