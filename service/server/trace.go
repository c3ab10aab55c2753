package server

import (
	"cmp"
	"context"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
)

// traced has requests traced, and named by their routes: net/http's own router says which it took, the gateway is asked.
func (c Config) traced(h http.Handler) http.Handler {
	if c.Trace == nil {
		return h
	}
	return c.Trace.REST(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var taken string
		inner := r.WithContext(context.WithValue(r.Context(), routeKey{}, &taken))
		h.ServeHTTP(w, inner)
		r.Pattern = cmp.Or(inner.Pattern, taken)
	}))
}

type routeKey struct{}

// nameRoute stands before every route of the gateway.
func nameRoute(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		if taken, ok := r.Context().Value(routeKey{}).(*string); ok {
			pattern, _ := runtime.HTTPPattern(r.Context())
			*taken = r.Method + " " + pattern.String()
		}
		next(w, r, path)
	}
}
