package proxy_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/proxy"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/google/go-cmp/cmp"
)

// raising returns the configuration of a proxy that raises errors.
func raising(upstream string) proxy.Config {
	c := config(upstream)
	c.Raise = true
	return c
}

// httpStatuses are the HTTP statuses of google/rpc/code.proto, by code.
var httpStatuses = [...]int{200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401}

// TestRaise_Golden sends every golden case through a proxy that raises errors but not partial failures.
func TestRaise_Golden(t *testing.T) {
	cases := goldens(t)
	p := start(t, raising(newUpstream(t, answerGolden(cases)).URL))
	raised, kept := 0, 0
	for _, c := range cases {
		want, failed := cbcerr.FromStatus(c.Want.GetStatus())
		r := get(t, p.Addr(), "/?case="+c.Name, "Accept-Language", c.Locale)
		if partial := failed && (want.Outcome == cbcerr.OutcomePartiallyApplied || want.Reason == cbcerr.ReasonPartialFailure) && c.Status < 400; !failed || partial {
			if kept++; r.status != c.Status || !bytes.Equal(r.body, c.Body) {
				t.Errorf("%s: HTTP %d %q, want it unchanged", c.Name, r.status, r.body)
			}
			continue
		}
		raised++
		checkRaised(t, c, want, r)
	}
	if raised < 100 || kept < 20 {
		t.Errorf("%d cases raised, %d kept", raised, kept)
	}
}

// checkRaised compares a rewritten reply with the golden translation.
func checkRaised(t *testing.T, c golden.Case, want *cbcerr.Error, r reply) {
	t.Helper()
	status := c.Status
	if status < 400 {
		status = httpStatuses[want.Status.GetCode()]
	}
	code := want.Code
	if code == "" {
		code = string(want.Reason)
	}
	var got map[string]any
	if err := json.Unmarshal(r.body, &got); err != nil || r.status != status || r.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%s: HTTP %d, %s, %q: %v; want %d", c.Name, r.status, r.header.Get("Content-Type"), r.body, err, status)
	}
	fields := upstreamFields(c)
	maps.Copy(fields, map[string]any{
		"error_code": code, "error_msg": want.Message, "error_reason": string(want.Reason), "error_retry": string(want.Retry),
		"error_outcome": string(want.Outcome), "upstream_error_msg": want.Detail.GetUpstreamMessage(),
	})
	if diff := cmp.Diff(fields, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", c.Name, diff)
	}
	checkHeaders(t, c, r.header)
}

// upstreamFields returns the members of the object in UTF-8 that an upstream body begins with.
func upstreamFields(c golden.Case) map[string]any {
	fields := map[string]any{}
	if json.NewDecoder(bytes.NewReader(c.Body)).Decode(&fields) != nil || fields == nil {
		return map[string]any{}
	}
	return fields
}

const busy = `{"order_ids":["CS1"], "amount":12345678901234567890.10, "error_code":"CBC.3144","error_msg":"busy", "x":{"error_msg":"inner"}}`

// TestRaise_Body tests that the fields of upstream stay as they are, and those of the error come in the caller's language.
func TestRaise_Body(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Encoding", "gzip")
		h.Set("ETag", `"1"`)
		h.Set("Content-MD5", "abc")
		h.Set("Cache-Control", "public, max-age=60")
		h.Set("Expires", "Thu, 01 Jan 2099 00:00:00 GMT")
		h.Set("Age", "3")
		h.Set("X-Request-Id", "q1")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, busy)
		_ = z.Close()
	})
	r := get(t, start(t, raising(upstream.URL)).Addr(), "/", "X-Language", "zh_CN")
	const want = `{"order_ids":["CS1"],"amount":12345678901234567890.10,"x":{"error_msg":"inner"},` +
		`"error_code":"CBC.3144","error_msg":"资源有处理中的订单,不能进行当前操作。","error_reason":"RESOURCE_ORDER_IN_PROGRESS",` +
		`"error_retry":"VERIFY_FIRST","error_outcome":"UNKNOWN","upstream_error_msg":"busy"}`
	if string(r.body) != want {
		t.Errorf("%s, want %s", r.body, want)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Content-Encoding": "", "ETag": "", "Content-MD5": "", "Cache-Control": "no-store", "Expires": "", "Age": "", "X-Request-Id": "q1", "Content-Language": "zh-CN",
	} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestRaise_RetryAfter tests that a raised success does not ask for a retry that its advice forbids.
func TestRaise_RetryAfter(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		_, _ = io.WriteString(w, `{"error_code":"`+r.URL.Query().Get("code")+`"}`)
	})
	p := start(t, raising(upstream.URL))
	for code, want := range map[string]string{"CBC.0250": "BACKOFF 7", "CBC.4711": "VERIFY_FIRST ", "CBC.5003": "FIX_STATE "} {
		r := get(t, p.Addr(), "/?code="+code)
		if got := r.header.Get("cbcerr-retry") + " " + r.header.Get("Retry-After"); got != want || r.status < 400 {
			t.Errorf("%s: HTTP %d, %q, want %q", code, r.status, got, want)
		}
	}
}

// TestRaise_AroundTheObject tests that the fields of upstream stay also if the object is not the whole text.
func TestRaise_AroundTheObject(t *testing.T) {
	for _, text := range []string{"\ufeff" + busy, "\ufeff\r\n" + busy, "\n " + busy + "\n", busy + "\n<!-- node 7 -->", busy + "{}"} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
		r := get(t, start(t, raising(upstream.URL)).Addr(), "/")
		var got map[string]any
		if err := json.Unmarshal(r.body, &got); err != nil || r.status < 400 || got["error_code"] != "CBC.3144" {
			t.Errorf("%q: HTTP %d %s: %v", text, r.status, r.body, err)
		}
		contains(t, r.body, `{"order_ids":["CS1"],"amount":12345678901234567890.10,`)
	}
}

const partial = `{"order_ids":["CS1"],"fail_resource_infos":[{"resource_id":"r-1","error_code":"CBC.99003651","error_msg":"in progress"}]}`

// TestRaise_Partial tests that partial failures are raised only on request.
func TestRaise_Partial(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, partial) })
	r := get(t, start(t, raising(upstream.URL)).Addr(), "/")
	if r.status != http.StatusOK || string(r.body) != partial || r.header.Get("cbcerr-reason") != "PARTIAL_FAILURE" {
		t.Errorf("HTTP %d %s, %v, want it unchanged", r.status, r.body, r.header)
	}
	c := raising(upstream.URL)
	c.RaisePartial = true
	r = get(t, start(t, c).Addr(), "/")
	if r.status != http.StatusBadRequest {
		t.Errorf("HTTP %d, want 400", r.status)
	}
	contains(t, r.body, `{"order_ids":["CS1"],"fail_resource_infos":[{"resource_id":"r-1",`)
	contains(t, r.body, `"error_reason":"PARTIAL_FAILURE"`)
}

// TestRaise_DoubtfulPartial tests that a partial failure stays even if its outcome is in doubt: the result is in the body.
func TestRaise_DoubtfulPartial(t *testing.T) {
	const body = `{"error_code":"CBC.5020","error_msg":"Partial failure.","order_ids":["CS1"]}`
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	r := get(t, start(t, raising(upstream.URL)).Addr(), "/")
	if r.status != http.StatusOK || string(r.body) != body || r.header.Get("cbcerr-reason") != "PARTIAL_FAILURE" || r.header.Get("cbcerr-outcome") != "UNKNOWN" {
		t.Errorf("HTTP %d %s, %v, want it unchanged", r.status, r.body, r.header)
	}
}

// TestRaise_Locale tests the language of clients that name none.
func TestRaise_Locale(t *testing.T) {
	c := raising(newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, busy) }).URL)
	c.Locale = "zh-CN"
	p := start(t, c)
	contains(t, get(t, p.Addr(), "/").body, `"资源有处理中的订单,不能进行当前操作。"`)
	contains(t, get(t, p.Addr(), "/", "Accept-Language", "fr").body, `"资源有处理中的订单,不能进行当前操作。"`)
	contains(t, get(t, p.Addr(), "/", "Accept-Language", "en").body, `"Operation not supported. There is an order in progress`)
}

// TestRaise_Untouched tests what is no judgeable success: it passes unchanged, even if its bytes are an error.
func TestRaise_Untouched(t *testing.T) {
	long := `{"error_code":"CBC.3144","error_msg":"` + string(bytes.Repeat([]byte("x"), 2000)) + `"}`
	for _, k := range []struct {
		name, method, contentType string
		status                    int
		body                      string
	}{
		{"HEAD", http.MethodHead, "application/json", 200, ""},
		{"HEAD of an error", http.MethodHead, "application/json", 429, ""},
		{"204", http.MethodGet, "application/json", 204, ""},
		{"304", http.MethodGet, "", 304, ""},
		{"redirect", http.MethodGet, "text/html", 302, "<html>moved</html>"},
		{"part of a document", http.MethodGet, "application/json", 206, busy},
		{"bytes", http.MethodGet, "application/octet-stream", 200, busy},
		{"bytes of an error", http.MethodGet, "application/octet-stream", 500, busy},
		{"events", http.MethodGet, "text/event-stream", 200, busy},
		{"table", http.MethodGet, "text/csv", 200, "a,b\n1,2\n"},
		{"image", http.MethodGet, "image/png", 200, "\x89PNG\r\n"},
		{"empty", http.MethodGet, "", 200, ""},
		{"longer than the limit", http.MethodGet, "application/json", 200, long},
		{"longer error", http.MethodGet, "application/json", 500, long},
		{"not gzip", http.MethodGet, "application/json", 200, "\x1f\x8b" + busy},
	} {
		t.Run(k.name, func(t *testing.T) {
			for _, chunked := range []bool{false, true} {
				c := raising(newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
					setContentType(w, k.contentType)
					w.WriteHeader(k.status)
					if chunked {
						_ = http.NewResponseController(w).Flush()
					}
					_, _ = io.WriteString(w, k.body)
				}).URL)
				c.MaxBody = 1000
				r := do(t, start(t, c).Addr(), k.method, "/", nil)
				if r.err != nil || r.status != k.status || string(r.body) != k.body || r.header.Get("Content-Type") != k.contentType {
					t.Errorf("HTTP %d, %v: %.100q (%v)", r.status, r.header, r.body, r.err)
				}
			}
		})
	}
}

// TestRaise_LongError tests that an HTTP error beyond the limit is explained in the headers.
func TestRaise_LongError(t *testing.T) {
	c := raising(newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(append([]byte(`{"error_code":"CBC.0250","a":"`), bytes.Repeat([]byte("x"), 5000)...))
	}).URL)
	c.MaxBody = 1000
	if r := get(t, start(t, c).Addr(), "/"); r.header.Get("cbcerr-code") != "CBC.0250" || r.header.Get("cbcerr-retry") != "VERIFY_FIRST" {
		t.Errorf("%v, want CBC.0250 and VERIFY_FIRST", r.header)
	}
}
