package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// Whoever asks while the server is full hears it at once; whoever asks after it is served. Health is not turned away,
// or a busy server would be taken for a dead one.
func TestMoreThanMaxCallsAreTurnedAway(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	first := r.begin(t, r.overGRPC)
	for _, way := range r.ways() {
		_, err := way.do(&annotations.HttpRule{Selector: "echo"})
		if s := wantInfo(t, err, "OVERLOADED"); s.Code() != codes.ResourceExhausted {
			t.Errorf("%s: %v, want RESOURCE_EXHAUSTED", way.name, s)
		}
	}
	r.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
	r.wantProbe(t, "/healthz", http.StatusOK)
	r.letGo()
	if err := <-first; err != nil {
		t.Errorf("the first call: %v", err)
	}
	for _, way := range r.ways() {
		if _, err := way.do(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s after the first call: %v", way.name, err)
		}
	}
}

// A client that watches the health takes no place from those that call.
func TestWatchesTakeNoPlaceOfACall(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	watch, err := healthpb.NewHealthClient(r.conn).Watch(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantNext(t, watch, healthpb.HealthCheckResponse_SERVING)
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("a call beside a watch: %v", err)
	}
}

func TestTurnedAwayOverRESTIs429(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	r.begin(t, r.overREST)
	a, err := r.send(http.MethodPost, tinyPath, `{"selector":"echo"}`)
	if err != nil || a.http != http.StatusTooManyRequests {
		t.Errorf("%d, %v, want 429", a.http, err)
	}
}

// begin calls the method that waits, and returns when it does; the channel has what the call ends with.
func (r *running) begin(t *testing.T, do func(*annotations.HttpRule) (*annotations.HttpRule, error)) <-chan error {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := do(&annotations.HttpRule{Selector: "wait"})
		ended <- err
	}()
	select {
	case <-r.entered:
	case err := <-ended:
		t.Fatalf("the call did not wait: %v", err)
	case <-time.After(patience):
		t.Fatal("the call did not begin")
	}
	return ended
}

// patience is how long a test waits for what must come, on the slowest of machines.
const patience = 30 * time.Second

// largest is the limit of the tests of sizes. An echo of this many bytes in the body has a few more in all.
const largest = 1 << 10

func TestRequestsUpToMaxMessageAreRead(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxMessage = largest })
	rule := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", largest-40)}
	for _, way := range r.ways() {
		if got, err := way.do(rule); err != nil || got.GetBody() != rule.GetBody() {
			t.Errorf("%s: %v, want what was sent", way.name, err)
		}
	}
}

func TestRequestTooLargeOverRESTIs413(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxMessage = largest })
	a, err := r.send(http.MethodPost, tinyPath, `{"selector":"echo","body":"`+strings.Repeat("x", largest)+`"}`)
	if err != nil || a.http != http.StatusRequestEntityTooLarge {
		t.Fatalf("%d, %v, want 413", a.http, err)
	}
	s := wantInfo(t, a.err(), "REQUEST_TOO_LARGE")
	if s.Code() != codes.ResourceExhausted || !strings.Contains(s.Message(), "1024 bytes") {
		t.Errorf("%v, want RESOURCE_EXHAUSTED with the limit", s)
	}
}

// gRPC itself refuses what is larger still, before any code of ours sees it, and has no reason for it.
func TestRequestTooLargeOverGRPC(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxMessage = largest })
	_, err := r.overGRPC(&annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", largest)})
	s := wantInfo(t, err, "REQUEST_TOO_LARGE")
	if s.Code() != codes.ResourceExhausted || !strings.Contains(s.Message(), "1024 bytes") {
		t.Errorf("%v, want RESOURCE_EXHAUSTED with the limit", s)
	}
	_, err = r.overGRPC(&annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 10*largest)})
	if status.Code(err) != codes.ResourceExhausted {
		t.Errorf("%v, want RESOURCE_EXHAUSTED", err)
	}
}

// Over REST nothing is unpacked, and what is packed is not taken for what it is not.
func TestPackedBodiesOverRESTAre415(t *testing.T) {
	t.Parallel()
	r := start(t)
	for coding, want := range map[string]int{"": 200, "identity": 200, "Identity": 200, "gzip": 415, "identity, gzip": 415, "no\tcoding": 415} {
		a := ask(t, http.MethodPost, "http://"+r.HTTPAddr()+tinyPath, `{"selector":"echo"}`, http.Header{"Content-Encoding": {coding}})
		if a.http != want {
			t.Errorf("%q: %d, want %d", coding, a.http, want)
		}
		if a.http == http.StatusOK {
			continue
		}
		if s := wantInfo(t, a.err(), "INVALID_REQUEST"); badField(s) != "Content-Encoding" || a.header.Get("Accept-Encoding") != "identity" {
			t.Errorf("%q: BadRequest about %q, Accept-Encoding: %q", coding, badField(s), a.header.Get("Accept-Encoding"))
		}
	}
	if a := ask(t, http.MethodGet, "http://"+r.HTTPAddr()+tinyList, "", http.Header{"Content-Encoding": {"gzip"}}); a.http != http.StatusOK {
		t.Errorf("without a body: %d, want 200", a.http)
	}
}

// wantHealth asks gRPC's own health service about the server and about the tiny service.
func (r *running) wantHealth(t *testing.T, want healthpb.HealthCheckResponse_ServingStatus) {
	t.Helper()
	for _, service := range []string{"", tinyName} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		got, err := healthpb.NewHealthClient(r.conn).Check(ctx, &healthpb.HealthCheckRequest{Service: service})
		if err != nil || got.GetStatus() != want {
			t.Errorf("health of %q: %v, %v, want %v", service, got.GetStatus(), err, want)
		}
	}
}

func (r *running) wantProbe(t *testing.T, path string, want int) {
	t.Helper()
	a, err := r.send(http.MethodGet, path, "")
	if err != nil || a.http != want {
		t.Errorf("GET %s: %d, %v, want %d", path, a.http, err, want)
	}
}
