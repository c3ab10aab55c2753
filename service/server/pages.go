package server

import (
	"fmt"
	"net/http"
	"path"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// registerPages adds the probes and the pages.
func (s *Server) registerPages(pages []Pages) {
	s.registerProbes(s.pages)
	for _, p := range pages {
		p.RegisterPages(s.pages)
	}
}

// registerProbes adds what every port over HTTP has.
func (s *Server) registerProbes(mux *http.ServeMux) {
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.config.Registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: maxScrapes}))
}

// maxScrapes is how many may read the metrics of a port at once: those who do not read on take memory.
const maxScrapes = 8

// isProbePath tells whether it is one of those that say nothing but whether the server is there.
func isProbePath(path string) bool { return path == "/healthz" || path == "/readyz" }

// ready answers 503 once the server has begun to stop.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// withPages asks the pages first whether they answer a reading, and the gateway first about all else: most calls are no
// readings, and to ask the pages has its price.
func (s *Server) withPages(rest *gateway) http.Handler {
	rest.elsewhere = func(w http.ResponseWriter, r *http.Request) bool { return s.page(rest, w, r) }
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.secure(w.Header())
		var client string
		err, _ := s.observer.safely(r.URL.Path, func() (err error) {
			client, err = s.observer.gate.passREST(r)
			return err
		})
		if client != "" {
			r = r.WithContext(withClient(r.Context(), client))
		}
		if err != nil {
			rest.refuse(w, r, err)
			return
		}
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !reads || !rest.elsewhere(w, r) {
			rest.ServeHTTP(w, r)
		}
	})
}

// page answers if there is a page, all of which can be read. A path that is not clean is none of a page: no redirection
// knows under which prefix the server is reached.
func (s *Server) page(rest *gateway, w http.ResponseWriter, r *http.Request) (answered bool) {
	switch {
	case r.URL.Path != path.Clean(r.URL.Path) || !s.isPage(r, http.MethodGet):
		return false
	case s.isPage(r, r.Method):
		s.pages.ServeHTTP(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD")
		rest.noRoute(w, r, http.StatusMethodNotAllowed)
	}
	return true
}

func (s *Server) isPage(r *http.Request, method string) bool {
	_, pattern := s.pages.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host})
	return pattern != ""
}
