package server_test

import (
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

func TestOverload_SetsRetryInfoAndPushback(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	h.startWaitingCall(t, h.overGRPC)
	var trailer metadata.MD
	err := h.conn.Invoke(t.Context(), doMethod, &annotations.HttpRule{}, &annotations.HttpRule{}, grpc.Trailer(&trailer))
	waits := 0
	for _, detail := range wantInfo(t, err, "OVERLOADED").Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok && retry.GetRetryDelay().AsDuration() >= 100*time.Millisecond {
			waits++
		}
	}
	if waits != 1 || len(trailer.Get("grpc-retry-pushback-ms")) != 1 {
		t.Errorf("%d RetryInfo, trailers %v; want one of each", waits, trailer)
	}
	h.wantMetric(t, `server_test_calls_shed_total{cause="concurrency"} 1`)
	h.wantMetric(t, `server_test_calls_in_flight 1`)
}

// A gRPC client with a retry policy follows the pushback, and succeeds.
func TestOverload_RetryPolicySucceeds(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	policy := `{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":5,"initialBackoff":"0.01s","maxBackoff":"0.01s",
		"backoffMultiplier":1,"retryableStatusCodes":["RESOURCE_EXHAUSTED"]}}]}`
	conn := dial(t, h.GRPCAddr(), grpc.WithDefaultServiceConfig(policy))
	h.startWaitingCall(t, h.overGRPC)
	time.AfterFunc(50*time.Millisecond, h.releaseCalls)
	if err := conn.Invoke(t.Context(), doMethod, &annotations.HttpRule{Selector: "echo"}, &annotations.HttpRule{}); err != nil {
		t.Error(err)
	}
}

func TestMaxCalls_IgnoresCallsWithoutMessage(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 4 })
	for range 32 {
		if _, err := h.conn.NewStream(t.Context(), &grpc.StreamDesc{ClientStreams: true}, doMethod); err != nil {
			t.Fatal(err)
		}
	}
	for _, transport := range h.transports() {
		if _, err := transport.call(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s: %v, want to be served", transport.name, err)
		}
	}
	h.wantMetric(t, "server_test_calls_in_flight 0")
}
