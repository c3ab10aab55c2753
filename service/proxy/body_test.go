package proxy_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

const (
	busy          = `{"error_code":"CBC.3144", "error_msg":"busy","request_id":"q1"}`
	busyWithOrder = `{"order_ids":["CS1"], "amount":12345678901234567890.10, "error_code":"CBC.3144","error_msg":"busy", "x":{"error_msg":"inner"}}`
)

// TestRaise_ErrorBesideID tests that typed SDKs find the ID of an order that stands beside an error. An error with other data is raised.
func TestRaise_ErrorBesideID(t *testing.T) {
	for body, want := range map[string]int{
		busyWithOrder: 200,
		`{"error_code":"CBC.5003","error_msg":"x","order_id":"CS1"}`:             200,
		`{"error":{"code":"CBC.5003","order_id":"CS1"}}`:                         200,
		`{"order_id":"CS1","error_msg":"failed"}`:                                200,
		`{"orders":[{"orderId":"CS1"}],"error_code":"CBC.5003"}`:                 200,
		`{"transaction_no":17,"error_code":"CBC.5003"}`:                          200,
		`{"id":"1","status":"paid","error_code":"CBC.5003"}`:                     200,
		`{"data":{"orderID":"CS1"},"error_code":"CBC.5003"}`:                     200,
		`{"order_ids":[null,"CS1"],"error_code":"CBC.5003"}`:                     200,
		`{"order_ids":[ "" , null, "CS1"],"error_code":"CBC.5003"}`:              200,
		`{"orderid":"CS1","error_code":"CBC.5003"}`:                              200,
		`{"ORDER_ID":"CS1","error_code":"CBC.5003"}`:                             200,
		`{"orderno":17,"error_code":"CBC.5003"}`:                                 200,
		`{"order_ids":[null,""],"error_code":"CBC.5003"}`:                        400,
		`{"isValid":"no","PREPAID":"1","errno":7,"error_code":"CBC.5003"}`:       400,
		`{"REQUESTID":"1","data":{"note":"x"},"error_code":"CBC.5003"}`:          400,
		`{"order_ids":[],"order_id":"","error_code":"CBC.5003"}`:                 400,
		`{"is_valid":"no","paid":1,"error_code":"CBC.5003"}`:                     400,
		`{"data":null,"errors":[{"code":"CBC.5003","message":"order_id CS1"}]}`:  400,
		`{"result":{"error_code":"CBC.5003","requestId":"1"}}`:                   400,
		`{"order_id":"CS1","success":false}`:                                     200,
		`{"error_code":"CBC.5003","error_msg":"x","trace_id":"1","details":[]}`:  400,
		`{"error":{"code":"CBC.5003","message":"x"},"request_id":"1"}`:           400,
		`{"error_code":"CBC.5003","encoded_authorization_message":"bWVzc2FnZQ"}`: 400,
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		r := get(t, start(t, raising(upstream.URL)).Addr(), "/")
		if r.status != want || r.header.Get("cbcerr-reason") == "" || want == 200 && string(r.body) != body {
			t.Errorf("%s: HTTP %d %s, %v; want %d", body, r.status, r.body, r.header, want)
		}
	}
}

// TestRaise_NothingLost tests that a rewrite keeps all that upstream sent.
func TestRaise_NothingLost(t *testing.T) {
	for _, k := range []struct{ contentType, body, want string }{
		{"", `[{"order_id":"CS1"},{"error_code":"CBC.3144","error_msg":"m"}]`, `"upstream_body":"[{\"order_id\":\"CS1\"},{\"error_code\":\"CBC.3144\",\"error_msg\":\"m\"}]"}`},
		{"", `{"error_code":"CBC.3144"}{"order_id":"CS1"}`, `"upstream_body":"{\"error_code\":\"CBC.3144\"}{\"order_id\":\"CS1\"}"}`},
		{"text/plain", "CS1 is made, CBC.3144\n", `"upstream_body":"CS1 is made, CBC.3144\n"}`},
		{"text/html", "<html>CS1</html>", `"upstream_body":"<html>CS1</html>"}`},
		{"text/html; charset=GBK", "\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3", `"upstream_body":"余额不足"}`},
		{"text/plain; charset=utf-8", "\xff\xfa CS1", `"upstream_body_base64":"//ogQ1Mx"}`},
		{"", `{"error_code":3144,"error_msg":"` + strings.Repeat("long", 1000) + `"}`, `"upstream_error_msg":"` + strings.Repeat("long", 1000) + `"`},
		{"", `{"error_code":99003651}`, `{"upstream_error_code":99003651,`},
		{"", `{"error_code":"CBC.99006006","error_msg":"CBC.30000010 Invalid order"}`, `{"upstream_error_code":"CBC.99006006","upstream_error_msg":"CBC.30000010 Invalid order","error_code":"CBC.30000010"`},
		{"", `{"error_code":"CBC.3144","error_reason":"own","upstream_error_msg":"first"}`, `{"upstream_error_reason":"own","upstream_upstream_error_msg":"first",`},
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			setContentType(w, k.contentType)
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, k.body)
		})
		r := get(t, start(t, raising(upstream.URL)).Addr(), "/")
		if r.status != http.StatusInternalServerError || !json.Valid(r.body) {
			t.Errorf("%s: HTTP %d %s", k.body, r.status, r.body)
		}
		contains(t, r.body, k.want)
	}
}

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
		_, _ = io.WriteString(z, busyWithOrder)
		_ = z.Close()
	})
	r := get(t, start(t, raisingAll(upstream.URL)).Addr(), "/", "X-Language", "zh_CN")
	const want = `{"order_ids":["CS1"],"amount":12345678901234567890.10,"upstream_error_msg":"busy","x":{"error_msg":"inner"},` +
		`"error_code":"CBC.3144","error_msg":"资源有处理中的订单,不能进行当前操作。 (VERIFY_FIRST)","error_reason":"RESOURCE_ORDER_IN_PROGRESS",` +
		`"error_retry":"VERIFY_FIRST","error_outcome":"UNKNOWN"}`
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

// TestRaise_SecondTranslation tests that a withdrawn advice stays withdrawn if a program translates the exception of an SDK, which
// has only status, code and text. Other texts have no mark.
func TestRaise_SecondTranslation(t *testing.T) {
	table, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"order_ids":["CS1"],"error_code":"CBC.0250","error_msg":"busy"}`: "VERIFY_FIRST UNKNOWN",
		`{"error_code":"CBC.0250","error_msg":"busy"}`:                     "BACKOFF NOT_APPLIED",
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		r := get(t, start(t, raisingAll(upstream.URL)).Addr(), "/")
		var raised struct {
			Code    string `json:"error_code"`
			Message string `json:"error_msg"`
		}
		if err := json.Unmarshal(r.body, &raised); err != nil {
			t.Fatal(err)
		}
		exception, err := json.Marshal(map[string]string{"error_code": raised.Code, "error_msg": raised.Message})
		if err != nil {
			t.Fatal(err)
		}
		translation := translate.New(table, translate.DefaultItems).Translate(translate.Response{Response: envelope.Response{HTTPStatus: r.status, Body: exception}}, "en")
		e, ok := cbcerr.FromStatus(translation.GetStatus())
		if first := r.header.Get("cbcerr-retry") + " " + r.header.Get("cbcerr-outcome"); !ok || first != want || string(e.Retry)+" "+string(e.Outcome) != want {
			t.Errorf("%s: %s, then %+v for %s; want %s", body, first, e, exception, want)
		}
	}
}

// TestRaise_AroundTheObject tests that the fields of upstream stay also if the object is not the whole text.
func TestRaise_AroundTheObject(t *testing.T) {
	for _, text := range []string{"\ufeff" + busyWithOrder, "\ufeff\r\n" + busyWithOrder, "\n " + busyWithOrder + "\n", busyWithOrder + "\n<!-- node 7 -->", busyWithOrder + "{}"} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
		r := get(t, start(t, raisingAll(upstream.URL)).Addr(), "/")
		var got map[string]any
		if err := json.Unmarshal(r.body, &got); err != nil || r.status < 400 || got["error_code"] != "CBC.3144" {
			t.Errorf("%q: HTTP %d %s: %v", text, r.status, r.body, err)
		}
		contains(t, r.body, `{"order_ids":["CS1"],"amount":12345678901234567890.10,`)
	}
}

// TestRaise_Judged tests what is an error whatever its form.
func TestRaise_Judged(t *testing.T) {
	for _, k := range []struct {
		name, contentType string
		status, want      int
		code              string
	}{
		{"bytes of an error", "application/octet-stream", 500, 500, "CBC.3144"},
		{"events of an error", "text/event-stream", 503, 503, "CBC.3144"},
		{"image of an error", "image/png", 404, 404, "CBC.3144"},
		{"redirect to nowhere", "", 302, 409, "CBC.3144"},
		{"status beyond 599", "", 600, 600, "CBC.3144"},
		{"greatest status", "", 999, 999, "CBC.3144"},
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			setContentType(w, k.contentType)
			w.WriteHeader(k.status)
			_, _ = io.WriteString(w, busy)
		})
		if r := get(t, start(t, raising(upstream.URL)).Addr(), "/"); r.status != k.want || r.header.Get("cbcerr-code") != k.code {
			t.Errorf("%s: HTTP %d, %v; want %d", k.name, r.status, r.header, k.want)
		} else {
			contains(t, r.body, `"error_code":"CBC.3144"`)
		}
	}
}

// TestProxy_HEAD tests that an answer to HEAD has the headers of an error, and stays otherwise.
func TestProxy_HEAD(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "77")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	r := do(t, start(t, raising(upstream.URL)).Addr(), http.MethodHead, "/", nil)
	if r.status != http.StatusTooManyRequests || r.header.Get("Content-Length") != "77" || r.header.Get("cbcerr-retry") != "BACKOFF" {
		t.Errorf("HTTP %d, %v", r.status, r.header)
	}
}
