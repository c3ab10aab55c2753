package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// The second line comes a second after the first, and counts the lines suppressed in between.
func TestCallLog_SamplesAndCountsTheRest(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.LogRate = 1 })
	calls := 0
	for deadline := time.Now().Add(testTimeout); len(h.log.calls(t)) < 2; calls++ {
		if time.Now().After(deadline) {
			t.Fatal("no second line")
		}
		if _, err := h.overGRPC(&annotations.HttpRule{Selector: "missing"}); err == nil {
			t.Fatal("no error")
		}
	}
	second := h.log.calls(t)[1]
	if calls < 3 || second["suppressed"] != float64(calls-2) {
		t.Errorf("%v suppressed of %d calls, want all but 2, and at least 1", second["suppressed"], calls)
	}
}

func TestCallLog_FailedAndSlowCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, action, code string
		slow               time.Duration
		want               []map[string]any
	}{
		{"fast and successful", "echo", "OK", time.Hour, nil},
		{"slow", "echo", "OK", time.Nanosecond, []map[string]any{callLine("OK", "")}},
		{"failed", "missing", "NotFound", time.Hour, []map[string]any{callLine("NOT_FOUND", "NO_SUCH_THING")}},
		{"error of another domain", "result", "NotFound", time.Hour, nil},
		{"failed and slow", "missing", "NotFound", time.Nanosecond, []map[string]any{callLine("NOT_FOUND", "NO_SUCH_THING")}},
	} {
		h := start(t, func(config *server.Config) { config.SlowCall = c.slow })
		for _, transport := range h.transports() {
			t.Run(c.name+" over "+transport.name, func(t *testing.T) {
				before := len(h.log.calls(t))
				_, err := transport.call(&annotations.HttpRule{Selector: c.action, Body: "a private matter"})
				if code := status.Code(err).String(); code != c.code {
					t.Fatalf("%v, want %s", err, c.code)
				}
				if diff := cmp.Diff(c.want, h.log.calls(t)[before:], ignoreVolatile, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				for _, line := range h.log.calls(t)[before:] {
					if ms, ok := line["duration_ms"].(float64); !ok || ms <= 0 {
						t.Errorf("duration_ms %v", line["duration_ms"])
					}
				}
			})
		}
	}
}

// A call takes tens of microseconds.
func TestMilliseconds(t *testing.T) {
	for duration, want := range map[time.Duration]float64{
		42_345 * time.Nanosecond: 0.0423, time.Nanosecond: 1e-6, 1234 * time.Microsecond: 1.23, 98_765 * time.Millisecond: 98_800, 0: 0,
	} {
		if got := server.Milliseconds(duration); got != want {
			t.Errorf("%v: %v, want %v", duration, got, want)
		}
	}
}

// ignoreVolatile ignores the values that differ between runs, not their keys.
var ignoreVolatile = cmp.FilterPath(func(p cmp.Path) bool {
	key, ok := p.Last().(cmp.MapIndex)
	return ok && (slices.Contains([]string{"duration_ms", "time", "client.address"}, key.Key().String()))
}, cmp.Comparer(func(any, any) bool { return true }))

// callLine returns the whole line of a call, which has no body.
func callLine(code, reason string) map[string]any {
	return map[string]any{
		"time": nil, "level": "WARN", "msg": "call", "rpc.method": "test.Service/Do", "rpc.response.status_code": code,
		"error.type": reason, "client.address": nil, "duration_ms": nil, "suppressed": 0.,
	}
}

// A request that reaches no method is logged as an HTTP request.
func TestCallLog_MalformedRequests(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxMessage = maxMessage })
	for _, c := range []struct {
		verb, path, body string
		http             float64
		code, reason     string
		field            string
	}{
		{"POST", doPath, "{", 400, "INVALID_ARGUMENT", "INVALID_REQUEST", "request"},
		{"POST", doPath, `{"private":"matter"}`, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", "private"},
		{"POST", doPath, strings.Repeat(" ", maxMessage+1), 413, "RESOURCE_EXHAUSTED", "REQUEST_TOO_LARGE", ""},
		{"GET", "/nothing", "", 404, "NOT_FOUND", "METHOD_NOT_FOUND", ""},
	} {
		before := len(h.log.calls(t))
		if _, err := h.sendREST(c.verb, c.path, c.body); err != nil {
			t.Fatal(err)
		}
		want := []map[string]any{{
			"time": nil, "level": "WARN", "msg": "call", "http.request.method": c.verb, "url.path": c.path, "http.response.status_code": c.http,
			"rpc.response.status_code": c.code, "error.type": c.reason, "client.address": nil, "suppressed": 0.,
		}}
		if c.field != "" {
			want[0]["field"] = c.field
		}
		if diff := cmp.Diff(want, h.log.calls(t)[before:], ignoreVolatile); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

func TestCallLog_HasTraceAndSpan(t *testing.T) {
	t.Parallel()
	spans := trace.NewTracerProvider()
	h := start(t, func(c *server.Config) {
		c.Trace = &server.Tracing{
			GRPC: grpc.StatsHandler(otelgrpc.NewServerHandler(otelgrpc.WithTracerProvider(spans), otelgrpc.WithPropagators(propagation.TraceContext{}))),
			REST: func(h http.Handler) http.Handler {
				return otelhttp.NewHandler(h, "", otelhttp.WithTracerProvider(spans), otelhttp.WithPropagators(propagation.TraceContext{}))
			},
		}
	})
	const traceID = "0af7651916cd43dd8448eb211c80319c"
	parent := "00-" + traceID + "-b7ad6b7169203331-01"
	for _, action := range []string{"missing", "panic"} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", parent)
		_ = h.conn.Invoke(ctx, doMethod, &annotations.HttpRule{Selector: action}, new(annotations.HttpRule)) // fails
		sendHTTP(t, http.MethodPost, "http://"+h.HTTPAddr()+doPath, `{"selector":"`+action+`"}`, http.Header{"Traceparent": {parent}})
	}
	sendHTTP(t, http.MethodGet, "http://"+h.HTTPAddr()+"/nothing", "", http.Header{"Traceparent": {parent}})
	lines := append(h.log.calls(t), h.log.panics(t)...)
	if len(lines) != 7 {
		t.Errorf("%d lines, want 5 of calls and 2 of panics", len(lines))
	}
	for _, line := range lines {
		if span, _ := line["span_id"].(string); line["trace_id"] != traceID || len(span) != 16 || span == "b7ad6b7169203331" {
			t.Errorf("%v, want trace %s and a new span", line, traceID)
		}
	}
}

func TestHTTPErrorLog_IsSampled(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.LogRate = 1 })
	for range 50 {
		sendHTTP(t, http.MethodGet, "http://"+h.HTTPAddr()+doubleReplyPath, "", http.Header{})
	}
	if lines := h.log.lines(t, "http"); len(lines) == 0 || len(lines) > 10 {
		t.Errorf("%d lines of 50, want about one a second", len(lines))
	}
}

// A client is named as in the rate limit: behind a proxy, all clients have one address.
func TestCallLog_NamesClients(t *testing.T) {
	t.Parallel()
	h := start(t, withTokens, func(c *server.Config) { c.ClientRate = 1 })
	for range 3 {
		_ = h.callAs(t.Context(), "Bearer of-a")
		h.requestAs(t, http.MethodPost, doPath, "Bearer of-b")
	}
	named := map[any]bool{}
	for _, line := range h.log.calls(t) {
		named[line["enduser.id"]] = true
	}
	if want := map[any]bool{"token:a": true, "token:b": true}; !cmp.Equal(named, want) {
		t.Errorf("%v, want %v", named, want)
	}
}
