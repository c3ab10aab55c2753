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
func (h *harness) metrics(t *testing.T) string {
	t.Helper()
	if h.AdminAddr() != "" {
		return string(h.getAdmin(t, "/metrics").body)
	}
	reply, err := h.sendREST(http.MethodGet, "/metrics", "")
	if err != nil || reply.status != http.StatusOK {
		t.Fatalf("/metrics: %d, %v", reply.status, err)
	}
	return string(reply.body)
}

// wantMetric waits for a line of the metrics page. Some metrics change shortly after the reply.
func (h *harness) wantMetric(t *testing.T, line string) {
	t.Helper()
	h.wantMetricLike(t, regexp.QuoteMeta(line))
}

// wantMetricLike is like wantMetric for a regular expression.
func (h *harness) wantMetricLike(t *testing.T, line string) {
	t.Helper()
	want := regexp.MustCompile(`(?m)^` + line + `$`)
	var got string
	for deadline := time.Now().Add(testTimeout / 3); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if got = h.metrics(t); want.MatchString(got) {
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
	h := start(t)
	for _, action := range []string{"echo", "echo", "missing", "panic"} {
		for _, transport := range h.transports() {
			_, _ = transport.call(&annotations.HttpRule{Selector: action}) // some actions fail
		}
	}
	for code, n := range map[string]string{"OK": "4", "NotFound": "2", "Internal": "2"} {
		h.wantMetric(t, `grpc_server_handled_total{grpc_code="`+code+`",grpc_method="Do",grpc_service="test.Service",grpc_type="unary"} `+n)
	}
	h.wantMetric(t, `grpc_server_handling_seconds_count{grpc_method="Do",grpc_service="test.Service",grpc_type="unary"} 8`)
	if _, err := h.sendREST(http.MethodPost, doPath, "{"); err != nil {
		t.Fatal(err)
	}
	for code, n := range map[string]string{"200": "2", "404": "1", "500": "1", "400": "1"} {
		h.wantMetric(t, `http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="`+code+`",http_route="`+doPath+`"} `+n)
	}
	h.wantMetric(t, "server_test_panics_total 2")
	h.wantMetric(t, "server_test_calls_in_flight 0")
	h.wantMetric(t, "server_test_draining 0")
	h.wantMetric(t, `server_test_connections{port="grpc"} 1`)
}

func TestMetrics_Streams(t *testing.T) {
	t.Parallel()
	h := start(t)
	stream := h.openTalk(t)
	for range 3 {
		sendAction(t, stream, "echo")
		receiveReply(t, stream)
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	h.wantMetric(t, `grpc_server_msg_received_total{grpc_method="Talk",grpc_service="test.Service",grpc_type="bidi_stream"} 3`)
	h.wantMetric(t, `grpc_server_handled_total{grpc_code="OK",grpc_method="Talk",grpc_service="test.Service",grpc_type="bidi_stream"} 1`)
}

// Samples without a duration would improve the latency.
func TestMetrics_RejectedCallsHaveNoDuration(t *testing.T) {
	t.Parallel()
	h := start(t, withTokens, withAdmin, func(c *server.Config) { c.MaxCalls = 1 })
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer of-a")
	first := make(chan error, 1)
	go func() {
		first <- h.conn.Invoke(ctx, doMethod, &annotations.HttpRule{Selector: "wait"}, new(annotations.HttpRule))
	}()
	<-h.entered
	wantInfo(t, h.callAs(t.Context(), "Bearer of-a"), "OVERLOADED")
	wantInfo(t, h.callAs(t.Context()), "UNAUTHENTICATED")
	for header, want := range map[string]int{"": http.StatusUnauthorized, "Bearer of-a": http.StatusTooManyRequests} {
		if reply := h.requestAs(t, http.MethodPost, doPath, header); reply.status != want {
			t.Errorf("%q: %d, want %d", header, reply.status, want)
		}
	}
	h.releaseCalls()
	if err := <-first; err != nil {
		t.Error(err)
	}
	h.wantMetric(t, `grpc_server_handling_seconds_count{grpc_method="Do",grpc_service="test.Service",grpc_type="unary"} 1`)
	h.wantMetric(t, `server_test_calls_shed_total{cause="concurrency"} 2`)
	h.wantMetric(t, `server_test_calls_unauthenticated_total 2`)
	if got := h.metrics(t); strings.Contains(got, "http_server_request_duration_seconds_count") {
		t.Errorf("a sample of a rejected request in\n%s", got)
	}
}

func TestMetrics_ClientsCannotAddSeries(t *testing.T) {
	t.Parallel()
	h := start(t)
	before := strings.Count(h.metrics(t), "\n")
	for i := range 300 {
		name := strings.Repeat("x", i)
		for _, prefix := range []string{"/test.Service/", "/grpc.health.v1.Health/", "/" + name + "/"} {
			_ = h.conn.Invoke(t.Context(), prefix+name, &annotations.HttpRule{}, &annotations.HttpRule{})
		}
		if _, err := h.sendREST(http.MethodPost, "/v1/"+name, ""); err != nil {
			t.Fatal(err)
		}
	}
	if after := h.metrics(t); strings.Count(after, "\n") > before+60 || strings.Contains(after, "xxx") {
		t.Errorf("from %d lines to\n%s", before, after)
	}
}

func TestMetrics_SuppressedLogLines(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.LogRate = 1 })
	for range 5 {
		_, _ = h.overGRPC(&annotations.HttpRule{Selector: "missing"}) // fails
	}
	h.wantMetricLike(t, `server_test_log_lines_suppressed_total [34]`)
}
