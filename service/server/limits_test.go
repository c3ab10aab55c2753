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

// Health checks and probes are exempt: otherwise a busy server would be restarted.
func TestMaxCalls_RejectsFurtherCalls(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	first := h.startWaitingCall(t, h.overGRPC)
	for _, transport := range h.transports() {
		_, err := transport.call(&annotations.HttpRule{Selector: "echo"})
		if s := wantInfo(t, err, "OVERLOADED"); s.Code() != codes.ResourceExhausted {
			t.Errorf("%s: %v, want RESOURCE_EXHAUSTED", transport.name, s)
		}
	}
	h.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
	h.wantProbe(t, "/healthz", http.StatusOK)
	h.releaseCalls()
	if err := <-first; err != nil {
		t.Errorf("the first call: %v", err)
	}
	for _, transport := range h.transports() {
		if _, err := transport.call(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s after the first call: %v", transport.name, err)
		}
	}
}

func TestMaxCalls_IgnoresHealthWatches(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	watch, err := healthpb.NewHealthClient(h.conn).Watch(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantNext(t, watch, healthpb.HealthCheckResponse_SERVING)
	if _, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("a call beside a watch: %v", err)
	}
}

func TestMaxCalls_OverRESTIs429(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	h.startWaitingCall(t, h.overREST)
	reply, err := h.sendREST(http.MethodPost, doPath, `{"selector":"echo"}`)
	if err != nil || reply.status != http.StatusTooManyRequests {
		t.Errorf("%d, %v, want 429", reply.status, err)
	}
}

// startWaitingCall starts a call and returns once it waits in the method. The channel receives its error.
func (h *harness) startWaitingCall(t *testing.T, do func(*annotations.HttpRule) (*annotations.HttpRule, error)) <-chan error {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := do(&annotations.HttpRule{Selector: "wait"})
		ended <- err
	}()
	select {
	case <-h.entered:
	case err := <-ended:
		t.Fatalf("the call ended early: %v", err)
	case <-time.After(testTimeout):
		t.Fatal("the call did not start")
	}
	return ended
}

// testTimeout bounds the wait for an event that must happen, on a slow machine.
const testTimeout = 30 * time.Second

// maxMessage is the limit of a message in the tests. An echo request is a few bytes larger than its body.
const maxMessage = 1 << 10

func TestMaxMessage_AdmitsRequestBelow(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxMessage = maxMessage })
	rule := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", maxMessage-40)}
	for _, transport := range h.transports() {
		if got, err := transport.call(rule); err != nil || got.GetBody() != rule.GetBody() {
			t.Errorf("%s: %v, want the request back", transport.name, err)
		}
	}
}

func TestMaxMessage_OverRESTIs413(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxMessage = maxMessage })
	reply, err := h.sendREST(http.MethodPost, doPath, `{"selector":"echo","body":"`+strings.Repeat("x", maxMessage)+`"}`)
	if err != nil || reply.status != http.StatusRequestEntityTooLarge {
		t.Fatalf("%d, %v, want 413", reply.status, err)
	}
	s := wantInfo(t, reply.err(), "REQUEST_TOO_LARGE")
	if s.Code() != codes.ResourceExhausted || !strings.Contains(s.Message(), "1024 bytes") {
		t.Errorf("%v, want RESOURCE_EXHAUSTED with the limit", s)
	}
}

// gRPC itself rejects a message that is larger still, without a reason.
func TestMaxMessage_OverGRPCHasReason(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxMessage = maxMessage })
	_, err := h.overGRPC(&annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", maxMessage)})
	s := wantInfo(t, err, "REQUEST_TOO_LARGE")
	if s.Code() != codes.ResourceExhausted || !strings.Contains(s.Message(), "1024 bytes") {
		t.Errorf("%v, want RESOURCE_EXHAUSTED with the limit", s)
	}
	_, err = h.overGRPC(&annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 10*maxMessage)})
	if status.Code(err) != codes.ResourceExhausted {
		t.Errorf("%v, want RESOURCE_EXHAUSTED", err)
	}
}

func TestCompressedBody_OverRESTIs415(t *testing.T) {
	t.Parallel()
	h := start(t)
	for coding, want := range map[string]int{"": 200, "identity": 200, "Identity": 200, "gzip": 415, "identity, gzip": 415, "no\tcoding": 415} {
		reply := sendHTTP(t, http.MethodPost, "http://"+h.HTTPAddr()+doPath, `{"selector":"echo"}`, http.Header{"Content-Encoding": {coding}})
		if reply.status != want {
			t.Errorf("%q: %d, want %d", coding, reply.status, want)
		}
		if reply.status == http.StatusOK {
			continue
		}
		if s := wantInfo(t, reply.err(), "INVALID_REQUEST"); violatedField(s) != "Content-Encoding" || reply.header.Get("Accept-Encoding") != "identity" {
			t.Errorf("%q: BadRequest names %q, Accept-Encoding: %q", coding, violatedField(s), reply.header.Get("Accept-Encoding"))
		}
	}
	if reply := sendHTTP(t, http.MethodGet, "http://"+h.HTTPAddr()+listPath, "", http.Header{"Content-Encoding": {"gzip"}}); reply.status != http.StatusOK {
		t.Errorf("without a body: %d, want 200", reply.status)
	}
}

// wantHealth checks gRPC's health service for the server and for the test service.
func (h *harness) wantHealth(t *testing.T, want healthpb.HealthCheckResponse_ServingStatus) {
	t.Helper()
	for _, service := range []string{"", serviceName} {
		ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
		defer cancel()
		got, err := healthpb.NewHealthClient(h.conn).Check(ctx, &healthpb.HealthCheckRequest{Service: service})
		if err != nil || got.GetStatus() != want {
			t.Errorf("health of %q: %v, %v, want %v", service, got.GetStatus(), err, want)
		}
	}
}

func (h *harness) wantProbe(t *testing.T, path string, want int) {
	t.Helper()
	reply, err := h.sendREST(http.MethodGet, path, "")
	if err != nil || reply.status != want {
		t.Errorf("GET %s: %d, %v, want %d", path, reply.status, err, want)
	}
}
