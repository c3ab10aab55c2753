package server_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/grpc"
)

func TestTrace_SpanIsNamedByRoute(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []string
	r := start(t, func(c *server.Config) {
		c.Trace = &server.Tracing{GRPC: grpc.EmptyServerOption{}, REST: func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.ServeHTTP(w, r)
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, r.Pattern)
			})
		}}
	})
	for _, k := range []struct{ verb, path string }{
		{http.MethodPost, doPath + "?x=secret"}, {http.MethodGet, listPath}, {http.MethodHead, listPath}, {http.MethodGet, "/metrics"}, {http.MethodGet, "/v1/secret"},
	} {
		if _, err := r.sendREST(k.verb, k.path, ""); err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"POST " + doPath, "GET " + listPath, "GET " + listPath, "GET /metrics", ""}; !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
}
