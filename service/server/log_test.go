package server_test

import (
	"net/http"
	"slices"
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

// A client that fails all the time must not fill the disk, and what was left out must not be forgotten: the second
// line comes a second after the first and counts the calls between.
func TestLinesAreSampledAndTheRestIsCounted(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.LogRate = 1 })
	calls := 0
	for deadline := time.Now().Add(patience); len(r.log.calls(t)) < 2; calls++ {
		if time.Now().After(deadline) {
			t.Fatal("the second line does not come")
		}
		if _, err := r.overGRPC(&annotations.HttpRule{Selector: "missing"}); err == nil {
			t.Fatal("no error")
		}
	}
	second := r.log.calls(t)[1]
	if calls < 3 || second["suppressed"] != float64(calls-2) {
		t.Errorf("%v suppressed of %d calls, want all but 2 and some at all", second["suppressed"], calls)
	}
}

// What is logged of a call: what failed and why, what was slow, and nothing of what is as it should be.
func TestWhatIsLoggedOfACall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, action, code string
		slow               time.Duration
		want               []map[string]any
	}{
		{"fast and good", "echo", "OK", time.Hour, nil},
		{"slow", "echo", "OK", time.Nanosecond, []map[string]any{logged("OK", "")}},
		{"failed", "missing", "NotFound", time.Hour, []map[string]any{logged("NOT_FOUND", "NO_SUCH_THING")}},
		{"error of another domain", "found", "NotFound", time.Hour, nil},
		{"failed and slow", "missing", "NotFound", time.Nanosecond, []map[string]any{logged("NOT_FOUND", "NO_SUCH_THING")}},
	} {
		r := start(t, func(config *server.Config) { config.SlowCall = c.slow })
		for _, way := range r.ways() {
			t.Run(c.name+" over "+way.name, func(t *testing.T) {
				before := len(r.log.calls(t))
				_, err := way.do(&annotations.HttpRule{Selector: c.action, Body: "a private matter"})
				if code := status.Code(err).String(); code != c.code {
					t.Fatalf("%v, want %s", err, c.code)
				}
				if diff := cmp.Diff(c.want, r.log.calls(t)[before:], anyTime, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		}
	}
}

// anyTime passes over what differs from run to run; that it is there is compared.
var anyTime = cmp.FilterPath(func(p cmp.Path) bool {
	key, ok := p.Last().(cmp.MapIndex)
	return ok && (slices.Contains([]string{"duration_ms", "time", "client.address"}, key.Key().String()))
}, cmp.Comparer(func(any, any) bool { return true }))

// logged is the whole line of a call: there is no place in it for a body.
func logged(code, reason string) map[string]any {
	return map[string]any{
		"time": nil, "level": "WARN", "msg": "call", "rpc.method": "tiny.Tiny/Do", "rpc.response.status_code": code,
		"error.type": reason, "client.address": nil, "duration_ms": nil, "suppressed": 0.,
	}
}

// Requests that never become a call are logged as HTTP requests.
func TestUnreadableRequestsAreLogged(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, c := range []struct {
		verb, path, body string
		http             float64
		code, reason     string
	}{
		{"POST", tinyPath, "{", 400, "INVALID_ARGUMENT", "INVALID_REQUEST"},
		{"GET", "/nothing", "", 404, "NOT_FOUND", "METHOD_NOT_FOUND"},
	} {
		before := len(r.log.calls(t))
		if _, err := r.send(c.verb, c.path, c.body); err != nil {
			t.Fatal(err)
		}
		want := []map[string]any{{
			"time": nil, "level": "WARN", "msg": "call", "http.request.method": c.verb, "url.path": c.path, "http.response.status_code": c.http,
			"rpc.response.status_code": c.code, "error.type": c.reason, "client.address": nil, "suppressed": 0.,
		}}
		if diff := cmp.Diff(want, r.log.calls(t)[before:], anyTime); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// A line about a call leads to its trace, and the line of a panic too.
func TestLinesOfACallHaveItsTrace(t *testing.T) {
	t.Parallel()
	spans := trace.NewTracerProvider()
	r := start(t, func(c *server.Config) {
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
		_ = r.conn.Invoke(ctx, tinyMethod, &annotations.HttpRule{Selector: action}, new(annotations.HttpRule)) // fails
		ask(t, http.MethodPost, "http://"+r.HTTPAddr()+tinyPath, `{"selector":"`+action+`"}`, http.Header{"Traceparent": {parent}})
	}
	ask(t, http.MethodGet, "http://"+r.HTTPAddr()+"/nothing", "", http.Header{"Traceparent": {parent}})
	lines := append(r.log.calls(t), r.log.panics(t)...)
	if len(lines) != 7 {
		t.Errorf("%d lines, want those of 5 calls and 2 panics", len(lines))
	}
	for _, line := range lines {
		if span, _ := line["span_id"].(string); line["trace_id"] != traceID || len(span) != 16 || span == "b7ad6b7169203331" {
			t.Errorf("%v, want trace %s and a span of the server's own", line, traceID)
		}
	}
}

// What net/http has to say of its peers has its place among the lines about calls.
func TestWhatPeersProvokeIsSampled(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.LogRate = 1 })
	for range 50 {
		ask(t, http.MethodGet, "http://"+r.HTTPAddr()+tinyTwice, "", http.Header{})
	}
	if lines := r.log.lines(t, "http"); len(lines) == 0 || len(lines) > 10 {
		t.Errorf("%d lines of 50, want about one a second", len(lines))
	}
}

// Who is turned away for calling too often is named as rates go by it: behind a proxy all have its address.
func TestClientsAreNamedInTheLog(t *testing.T) {
	t.Parallel()
	r := start(t, withTokens, func(c *server.Config) { c.ClientRate = 1 })
	for range 3 {
		_ = r.authorized(t.Context(), "Bearer of-a")
		r.request(t, http.MethodPost, tinyPath, "Bearer of-b")
	}
	named := map[any]bool{}
	for _, line := range r.log.calls(t) {
		named[line["enduser.id"]] = true
	}
	if want := map[any]bool{"token:a": true, "token:b": true}; !cmp.Equal(named, want) {
		t.Errorf("%v, want %v", named, want)
	}
}
