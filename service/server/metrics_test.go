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

// metrics returns the metrics page.
func (r *harness) metrics(t *testing.T) string {
	t.Helper()
	if r.AdminAddr() != "" {
		return string(r.getAdmin(t, "/metrics").body)
	}
	a, err := r.sendREST(http.MethodGet, "/metrics", "")
	if err != nil || a.http != http.StatusOK {
		t.Fatalf("/metrics: %d, %v", a.http, err)
	}
	return string(a.body)
}

// wantMetric waits for a line of the metrics page. Some metrics change shortly after the reply.
func (r *harness) wantMetric(t *testing.T, line string) {
	t.Helper()
	r.wantMetricLike(t, regexp.QuoteMeta(line))
}

// wantMetricLike is like wantMetric for a regular expression.
func (r *harness) wantMetricLike(t *testing.T, line string) {
	t.Helper()
	want := regexp.MustCompile(`(?m)^` + line + `$`)
	var got string
	for deadline := time.Now().Add(testTimeout / 3); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
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
		for _, transport := range r.transports() {
			_, _ = transport.call(&annotations.HttpRule{Selector: action}) // some actions fail
		}
	}
	for code, n := range map[string]string{"OK": "4", "NotFound": "2", "Internal": "2"} {
		r.wantMetric(t, `grpc_server_handled_total{grpc_code="`+code+`",grpc_method="Do",grpc_service="test.Service",grpc_type="unary"} `+n)
	}
	r.wantMetric(t, `grpc_server_handling_seconds_count{grpc_method="Do",grpc_service="test.Service",grpc_type="unary"} 8`)
	if _, err := r.sendREST(http.MethodPost, doPath, "{"); err != nil {
		t.Fatal(err)
	}
	for code, n := range map[string]string{"200": "2", "404": "1", "500": "1", "400": "1"} {
		r.wantMetric(t, `http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="`+code+`",http_route="`+doPath+`"} `+n)
	}
	r.wantMetric(t, "server_test_panics_total 2")
	r.wantMetric(t, "server_test_calls_in_flight 0")
	r.wantMetric(t, "server_test_draining 0")
	r.wantMetric(t, `server_test_connections{port="grpc"} 1`)
}

func TestMetrics_Streams(t *testing.T) {
	t.Parallel()
	r := start(t)
	stream := r.openTalk(t)
	for range 3 {
		sendAction(t, stream, "echo")
		receiveReply(t, stream)
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	r.wantMetric(t, `grpc_server_msg_received_total{grpc_method="Talk",grpc_service="test.Service",grpc_type="bidi_stream"} 3`)
	r.wantMetric(t, `grpc_server_handled_total{grpc_code="OK",grpc_method="Talk",grpc_service="test.Service",grpc_type="bidi_stream"} 1`)
}

// Samples without a duration would improve the latency.
func TestMetrics_RejectedCallsHaveNoDuration(t *testing.T) {
	t.Parallel()
	r := start(t, withTokens, withAdmin, func(c *server.Config) { c.MaxCalls = 1 })
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer of-a")
	first := make(chan error, 1)
	go func() {
		first <- r.conn.Invoke(ctx, doMethod, &annotations.HttpRule{Selector: "wait"}, new(annotations.HttpRule))
	}()
	<-r.entered
	wantInfo(t, r.callAs(t.Context(), "Bearer of-a"), "OVERLOADED")
	wantInfo(t, r.callAs(t.Context()), "UNAUTHENTICATED")
	for header, want := range map[string]int{"": http.StatusUnauthorized, "Bearer of-a": http.StatusTooManyRequests} {
		if a := r.requestAs(t, http.MethodPost, doPath, header); a.http != want {
			t.Errorf("%q: %d, want %d", header, a.http, want)
		}
	}
	r.releaseCalls()
	if err := <-first; err != nil {
		t.Error(err)
	}
	r.wantMetric(t, `grpc_server_handling_seconds_count{grpc_method="Do",grpc_service="test.Service",grpc_type="unary"} 1`)
	r.wantMetric(t, `server_test_calls_shed_total{cause="concurrency"} 2`)
	r.wantMetric(t, `server_test_calls_unauthenticated_total 2`)
	if got := r.metrics(t); strings.Contains(got, "http_server_request_duration_seconds_count") {
		t.Errorf("a sample of a rejected request in\n%s", got)
	}
}

func TestMetrics_ClientsCannotAddSeries(t *testing.T) {
	t.Parallel()
	r := start(t)
	before := strings.Count(r.metrics(t), "\n")
	for i := range 300 {
		name := strings.Repeat("x", i)
		for _, prefix := range []string{"/test.Service/", "/grpc.health.v1.Health/", "/" + name + "/"} {
			_ = r.conn.Invoke(t.Context(), prefix+name, &annotations.HttpRule{}, &annotations.HttpRule{})
		}
		if _, err := r.sendREST(http.MethodPost, "/v1/"+name, ""); err != nil {
			t.Fatal(err)
		}
	}
	if after := r.metrics(t); strings.Count(after, "\n") > before+60 || strings.Contains(after, "xxx") {
		t.Errorf("from %d lines to\n%s", before, after)
	}
}

func TestMetrics_SuppressedLogLines(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.LogRate = 1 })
	for range 5 {
		_, _ = r.overGRPC(&annotations.HttpRule{Selector: "missing"}) // fails
	}
	r.wantMetricLike(t, `server_test_log_lines_suppressed_total [34]`)
}
