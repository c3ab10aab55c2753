package server_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/metadata"
)

// metrics is what Prometheus would read.
func (r *running) metrics(t *testing.T) string {
	t.Helper()
	if r.AdminAddr() != "" {
		return string(r.askAdmin(t, "/metrics").body)
	}
	a, err := r.send(http.MethodGet, "/metrics", "")
	if err != nil || a.http != http.StatusOK {
		t.Fatalf("/metrics: %d, %v", a.http, err)
	}
	return string(a.body)
}

// wantMetric waits for a line of the metrics: what is counted after the answer comes a moment later.
func (r *running) wantMetric(t *testing.T, line string) {
	t.Helper()
	r.wantMetricLike(t, regexp.QuoteMeta(line))
}

func (r *running) wantMetricLike(t *testing.T, line string) {
	t.Helper()
	want := regexp.MustCompile(`(?m)^` + line + `$`)
	var got string
	for deadline := time.Now().Add(patience / 3); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if got = r.metrics(t); want.MatchString(got) {
			return
		}
	}
	name, _, _ := strings.Cut(line, `\{`)
	name, _, _ = strings.Cut(name, "{")
	name, _, _ = strings.Cut(name, " ")
	alike := slices.DeleteFunc(strings.Split(got, "\n"), func(line string) bool { return !strings.HasPrefix(line, name) || strings.Contains(line, "bucket") })
	t.Errorf("no %s but\n%s", line, strings.Join(alike, "\n"))
}

func TestMetrics_Calls(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, action := range []string{"echo", "echo", "missing", "panic"} {
		for _, way := range r.ways() {
			_, _ = way.do(&annotations.HttpRule{Selector: action}) // some are to fail
		}
	}
	for code, n := range map[string]string{"OK": "4", "NotFound": "2", "Internal": "2"} {
		r.wantMetric(t, `grpc_server_handled_total{grpc_code="`+code+`",grpc_method="Do",grpc_service="tiny.Tiny",grpc_type="unary"} `+n)
	}
	r.wantMetric(t, `grpc_server_handling_seconds_count{grpc_method="Do",grpc_service="tiny.Tiny",grpc_type="unary"} 8`)
	if _, err := r.send(http.MethodPost, tinyPath, "{"); err != nil {
		t.Fatal(err)
	}
	for code, n := range map[string]string{"200": "2", "404": "1", "500": "1", "400": "1"} {
		r.wantMetric(t, `http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="`+code+`",http_route="`+tinyPath+`"} `+n)
	}
	r.wantMetric(t, "tiny_test_panics_total 2")
	r.wantMetric(t, "tiny_test_calls_in_flight 0")
	r.wantMetric(t, "tiny_test_draining 0")
	r.wantMetric(t, `tiny_test_connections{port="grpc"} 1`)
}

func TestMetrics_Streams(t *testing.T) {
	t.Parallel()
	r := start(t)
	talk := r.talk(t)
	for range 3 {
		say(t, talk, "echo")
		hear(t, talk)
	}
	if err := talk.CloseSend(); err != nil {
		t.Fatal(err)
	}
	r.wantMetric(t, `grpc_server_msg_received_total{grpc_method="Talk",grpc_service="tiny.Tiny",grpc_type="bidi_stream"} 3`)
	r.wantMetric(t, `grpc_server_handled_total{grpc_code="OK",grpc_method="Talk",grpc_service="tiny.Tiny",grpc_type="bidi_stream"} 1`)
}

// A refused call took no time, and would make the latency look better than it is.
func TestMetrics_RefusedCallsHaveNoDuration(t *testing.T) {
	t.Parallel()
	r := start(t, withTokens, withAdmin, func(c *server.Config) { c.MaxCalls = 1 })
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer of-a")
	first := make(chan error, 1)
	go func() {
		first <- r.conn.Invoke(ctx, tinyMethod, &annotations.HttpRule{Selector: "wait"}, new(annotations.HttpRule))
	}()
	<-r.entered
	wantInfo(t, r.authorized(t.Context(), "Bearer of-a"), "OVERLOADED")
	wantInfo(t, r.authorized(t.Context()), "UNAUTHENTICATED")
	for header, want := range map[string]int{"": http.StatusUnauthorized, "Bearer of-a": http.StatusTooManyRequests} {
		if a := r.request(t, http.MethodPost, tinyPath, header); a.http != want {
			t.Errorf("%q: %d, want %d", header, a.http, want)
		}
	}
	r.letGo()
	if err := <-first; err != nil {
		t.Error(err)
	}
	r.wantMetric(t, `grpc_server_handling_seconds_count{grpc_method="Do",grpc_service="tiny.Tiny",grpc_type="unary"} 1`)
	r.wantMetric(t, `tiny_test_calls_shed_total{cause="concurrency"} 2`)
	r.wantMetric(t, `tiny_test_calls_unauthenticated_total 2`)
	if got := r.metrics(t); strings.Contains(got, "http_server_request_duration_seconds_count") {
		t.Errorf("a sample of a refused request in\n%s", got)
	}
}

// Whatever a peer makes up, the number of series has a bound.
func TestPeersDoNotNameSeries(t *testing.T) {
	t.Parallel()
	r := start(t)
	before := strings.Count(r.metrics(t), "\n")
	for i := range 300 {
		name := strings.Repeat("x", i)
		for _, prefix := range []string{"/tiny.Tiny/", "/grpc.health.v1.Health/", "/" + name + "/"} {
			_ = r.conn.Invoke(t.Context(), prefix+name, &annotations.HttpRule{}, &annotations.HttpRule{})
		}
		if _, err := r.send(http.MethodPost, "/v1/"+name, ""); err != nil {
			t.Fatal(err)
		}
	}
	if after := r.metrics(t); strings.Count(after, "\n") > before+60 || strings.Contains(after, "xxx") {
		t.Errorf("from %d lines to\n%s", before, after)
	}
}

// A line of the log that is left out is not lost.
func TestLinesLeftOutAreCounted(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.LogRate = 1 })
	for range 5 {
		_, _ = r.overGRPC(&annotations.HttpRule{Selector: "missing"}) // fails
	}
	r.wantMetricLike(t, `tiny_test_log_lines_suppressed_total [34]`)
}
