package proxy_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/decode"
	"github.com/cbcerr/cbcerr/service/proxy"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

// raising returns the configuration of a proxy that raises errors.
func raising(upstream string) proxy.Config {
	c := config(upstream)
	c.Raise = true
	return c
}

// raisingAll returns the configuration of a proxy that raises partial failures and errors beside an ID too.
func raisingAll(upstream string) proxy.Config {
	c := raising(upstream)
	c.RaisePartial = true
	return c
}

// httpStatuses are the HTTP statuses of google/rpc/code.proto, by code.
var httpStatuses = [...]int{200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401}

// besideID are the golden cases with HTTP 2xx whose body holds the ID of an order beside the error.
var besideID = []string{"code_beside_data", "code_mentioned_in_a_success", "known_text_that_is_mentioned", "order_under_the_key_result",
	"own_code_beside_data", "retry_after_of_an_uncertain_error"}

// TestRaise_Golden sends every golden case through a proxy that raises errors, but neither partial failures nor errors beside an ID.
func TestRaise_Golden(t *testing.T) {
	cases := goldens(t)
	p := start(t, raising(newUpstream(t, answerGolden(cases)).URL))
	raised, kept := 0, 0
	for _, c := range cases {
		want, failed := cbcerr.FromStatus(c.Want.GetStatus())
		r := get(t, p.Addr(), "/?case="+c.Name, "Accept-Language", c.Locale)
		partial := failed && (want.Outcome == cbcerr.OutcomePartiallyApplied || want.Reason == cbcerr.ReasonPartialFailure)
		if !failed || c.Status < 400 && (partial || slices.Contains(besideID, c.Name)) {
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
		t.Errorf("%s: HTTP %d, %s, %q: %v; want %d", c.Name, r.status, r.header.Get("Content-Type"), r.body, err, status)
	}
	fields := map[string]any{"upstream_error_msg": want.Detail.GetUpstreamMessage()}
	added := map[string]any{
		"error_code": code, "error_msg": raisedText(want), "error_reason": string(want.Reason), "error_retry": string(want.Retry), "error_outcome": string(want.Outcome),
	}
	for name, value := range upstreamFields(c) {
		if _, taken := added[name]; !taken {
			fields[name] = value
		} else if value != added[name] && value != "" && value != nil {
			fields["upstream_"+name] = value
		}
	}
	maps.Copy(fields, added)
	if diff := cmp.Diff(fields, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", c.Name, diff)
	}
	checkHeaders(t, c, r.header)
}

// raisedText returns the text of an error, with a mark if its code's advice is withdrawn.
func raisedText(want *cbcerr.Error) string {
	info := new(errdetails.ErrorInfo)
	if want.Status.Details[0].UnmarshalTo(info) != nil || info.Metadata["certain"] == "false" {
		return want.Message + " (VERIFY_FIRST)"
	}
	return want.Message
}

// upstreamFields returns the members of the object in UTF-8 that an upstream body begins with. What is not one object is the
// member upstream_body.
func upstreamFields(c golden.Case) map[string]any {
	fields := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(c.Body))
	rest := c.Body
	if d.Decode(&fields) == nil && fields != nil {
		rest = c.Body[d.InputOffset():]
	} else {
		fields = map[string]any{}
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		fields["upstream_body"] = strings.TrimPrefix(string(decode.Text(c.Body, c.Header("Content-Type"))), "\ufeff")
	}
	return fields
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

// TestRaise_RepeatedStatus tests that a raised success has a status on which clients repeat a request only if a retry is right.
func TestRaise_RepeatedStatus(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"error_code":"`+r.URL.Query().Get("code")+`"}`)
	})
	p := start(t, raising(upstream.URL))
	for code, want := range map[string][2]int{
		"CBC.99000050": {500, 500}, "CBC.99003115": {503, 500}, "CBC.99007260": {503, 503}, "CBC.3144": {409, 409},
	} {
		got := [...]int{get(t, p.Addr(), "/?code="+code).status, do(t, p.Addr(), http.MethodPost, "/?code="+code, nil).status}
		if got != want {
			t.Errorf("%s: HTTP %v to GET and POST, want %v", code, got, want)
		}
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
	r = get(t, start(t, raisingAll(upstream.URL)).Addr(), "/")
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
					if k.status == http.StatusFound {
						w.Header().Set("Location", "https://example.com/")
					}
					w.WriteHeader(k.status)
					if chunked {
						_ = http.NewResponseController(w).Flush()
					}
					_, _ = io.WriteString(w, k.body)
				}).URL)
				c.MaxBodyBytes = 1000
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
	c.MaxBodyBytes = 1000
	if r := get(t, start(t, c).Addr(), "/"); r.header.Get("cbcerr-code") != "CBC.0250" || r.header.Get("cbcerr-retry") != "VERIFY_FIRST" {
		t.Errorf("%v, want CBC.0250 and VERIFY_FIRST", r.header)
	}
}
