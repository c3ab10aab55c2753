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

// Who is turned away hears when to come back, each in the way that its client understands.
func TestTurnedAwayIsToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	r.begin(t, r.overGRPC)
	var trailer metadata.MD
	err := r.conn.Invoke(t.Context(), tinyMethod, &annotations.HttpRule{}, &annotations.HttpRule{}, grpc.Trailer(&trailer))
	waits := 0
	for _, detail := range wantInfo(t, err, "OVERLOADED").Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok && retry.GetRetryDelay().AsDuration() >= 100*time.Millisecond {
			waits++
		}
	}
	if waits != 1 || len(trailer.Get("grpc-retry-pushback-ms")) != 1 {
		t.Errorf("%d RetryInfo, trailers %v; want one of each", waits, trailer)
	}
	r.wantMetric(t, `tiny_test_calls_shed_total{cause="concurrency"} 1`)
	r.wantMetric(t, `tiny_test_calls_in_flight 1`)
}

// A stock client that may repeat calls comes back when it is told to, and is served.
func TestClientsThatRepeatAreServedInTheEnd(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	policy := `{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":5,"initialBackoff":"0.01s","maxBackoff":"0.01s",
		"backoffMultiplier":1,"retryableStatusCodes":["RESOURCE_EXHAUSTED"]}}]}`
	conn := dial(t, r.GRPCAddr(), grpc.WithDefaultServiceConfig(policy))
	r.begin(t, r.overGRPC)
	time.AfterFunc(50*time.Millisecond, r.letGo)
	if err := conn.Invoke(t.Context(), tinyMethod, &annotations.HttpRule{Selector: "echo"}, &annotations.HttpRule{}); err != nil {
		t.Error(err)
	}
}

// Calls whose messages do not come take no place: neither of others nor of their own connection.
func TestCallsWithoutAMessageKeepNobodyOut(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 4 })
	for range 32 {
		if _, err := r.conn.NewStream(t.Context(), &grpc.StreamDesc{ClientStreams: true}, tinyMethod); err != nil {
			t.Fatal(err)
		}
	}
	for _, way := range r.ways() {
		if _, err := way.do(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s: %v, want to be served", way.name, err)
		}
	}
	r.wantMetric(t, "tiny_test_calls_in_flight 0")
}
