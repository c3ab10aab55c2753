package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
)

// methods are those that the gateway may have routes for.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// A probe is a request that goes no further than to its route, to learn whether there is one.
type probe struct{ found bool }

type probeKey struct{}

// allowed is the header Allow for a path that has no route for a method (RFC 9110, 15.5.6): the gateway does not tell
// its routes, so it is asked.
func (g *gateway) allowed(r *http.Request) string {
	var list []string
	for _, method := range methods {
		p := &probe{}
		asked := r.Clone(context.WithValue(r.Context(), probeKey{}, p))
		asked.Method, asked.Body = method, http.NoBody
		g.mux.ServeHTTP(nil, asked)
		if p.found {
			list = append(list, method)
		}
		if p.found && method == http.MethodGet {
			list = append(list, http.MethodHead)
		}
	}
	return strings.Join(list, ", ")
}

func isProbe(r *http.Request) bool { return r.Context().Value(probeKey{}) != nil }

// answerProbe stands before every route.
func answerProbe(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		if p, ok := r.Context().Value(probeKey{}).(*probe); ok {
			p.found = true
			return
		}
		next(w, r, path)
	}
}
