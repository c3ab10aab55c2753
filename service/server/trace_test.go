package server_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/grpc"
)

// Spans are named by routes, of which there are few, and not by what was asked for.
func TestTracesKnowTheRoute(t *testing.T) {
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
		{http.MethodPost, tinyPath + "?x=secret"}, {http.MethodGet, tinyList}, {http.MethodHead, tinyList}, {http.MethodGet, "/metrics"}, {http.MethodGet, "/v1/secret"},
	} {
		if _, err := r.send(k.verb, k.path, ""); err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"POST " + tinyPath, "GET " + tinyList, "GET " + tinyList, "GET /metrics", ""}; !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
}
