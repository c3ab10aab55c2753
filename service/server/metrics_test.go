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
)

// metrics is what Prometheus would read.
func (r *running) metrics(t *testing.T) string {
	t.Helper()
	if r.AdminAddr() != "" {
		return string(r.askAdmin(t, http.MethodGet, "/metrics", "").body)
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

func TestCallsAreCountedByTransportMethodAndCode(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, action := range []string{"echo", "echo", "missing", "panic"} {
		for _, way := range r.ways() {
			_, _ = way.do(&annotations.HttpRule{Selector: action}) // some are to fail
		}
	}
	for _, transport := range []string{"grpc", "rest"} {
		for code, n := range map[string]string{"OK": "2", "NOT_FOUND": "1", "INTERNAL": "1"} {
			r.wantMetric(t, `tiny_test_call_duration_seconds_count{code="`+code+`",method="Do",transport="`+transport+`"} `+n)
		}
	}
	if _, err := r.send(http.MethodPost, tinyPath, "{"); err != nil {
		t.Fatal(err)
	}
	r.wantMetric(t, `tiny_test_call_duration_seconds_count{code="INVALID_ARGUMENT",method="unknown",transport="rest"} 1`)
	r.wantMetric(t, "tiny_test_panics_total 2")
	r.wantMetric(t, "tiny_test_calls_in_flight 0")
	r.wantMetric(t, "tiny_test_draining 0")
	r.wantMetric(t, `tiny_test_connections{port="grpc"} 1`)
}

func TestMessagesAndStreamsAreCounted(t *testing.T) {
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
	r.wantMetric(t, `tiny_test_stream_messages_total{method="Talk"} 3`)
	r.wantMetric(t, `tiny_test_streams_ended_total{code="OK",method="Talk"} 1`)
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
