package proxy_test

import (
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// newEcho starts an upstream that answers with the query as its body.
func newEcho(t *testing.T) string {
	t.Helper()
	return newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := url.QueryUnescape(r.URL.RawQuery)
		_, _ = io.WriteString(w, body)
	}).URL
}

// checkStatuses requires one HTTP status of all bodies, which are errors.
func checkStatuses(t *testing.T, address string, bodies []string, want int) {
	t.Helper()
	for _, body := range bodies {
		r := get(t, address, "/?"+url.QueryEscape(body))
		if r.status != want || r.header.Get("cbcerr-reason") == "" || want == http.StatusOK && string(r.body) != body {
			t.Errorf("%s: HTTP %d %s, %v; want %d", body, r.status, r.body, r.header, want)
		}
	}
}

// TestRaise_AnyID tests that an ID of any name, form and place keeps HTTP 200.
func TestRaise_AnyID(t *testing.T) {
	var bodies []string
	for _, name := range []string{
		"order_id", "order-id", "orderIds", "ORDERID", "orderIdList", "order_ids", "order_number", "orderNo", "orders", "order", "id", "customer_id", "resource_ids",
		"contractNumber", "transaction_no", "purchase_orders", `order_\u0069d`, `\u006frders`,
	} {
		for _, value := range []string{
			`"CS1"`, `"abc"`, `17`, `["abc"]`, `[null,"","CS1"]`, `{"value":"abc"}`, `[{"value":"CS1"}]`, `[[{"code":"CBC.0000"},"CS1"]]`, `{"list":[{"note":"x"},{"key":"6fa5b2"}]}`,
		} {
			bodies = append(bodies, besideError(`"`+name+`":`+value)...)
		}
	}
	for _, member := range []string{`"data":"CS1"`, `"result":["CS1"]`, `"data":{"value":"CS1"}`, `"voucher_code":"CS1911122241QKILM"`, `"orders":[{"code":"CS1"}]`} {
		bodies = append(bodies, besideError(member)...)
	}
	checkStatuses(t, start(t, raising(newEcho(t))).Addr(), bodies, http.StatusOK)
}

// besideError returns bodies that have a member beside an error.
func besideError(member string) []string {
	return []string{
		`{` + member + `,"error_code":"CBC.5003"}`, `{"error_code":"CBC.5003","error_msg":"x",` + member + `}`,
		`{"data":{` + member + `},"error_code":"CBC.5003"}`, `{"error":{"code":"CBC.5003",` + member + `}}`,
	}
}

// TestRaise_NoID tests that members of the error itself, and values that are no IDs, do not keep an error from being raised.
func TestRaise_NoID(t *testing.T) {
	var bodies []string
	for _, member := range []string{
		`"request_id":"q1"`, `"requestId":17`, `"X-Request-Id":"q1"`, `"trace_id":"1"`, `"spanId":"1"`, `"domain_id":"d1"`, `"errno":7`, `"error_id":"CBC.5003"`,
		`"message":"order CS1"`, `"error_msg":"order_id CS1"`, `"error_description":"CBC.5003"`, `"http_status":400`, `"status_code":400`, `"encoded_authorization_message":"bWVz1"`,
		`"details":[{"order_id":"CS1"}]`, `"success":false`, `"status":"FAILED"`, `"type":"error"`, `"retryable":true`, `"isValid":1`, `"prepaid":"1"`,
		`"order_id":null`, `"order_id":""`, `"order_id":" "`, `"order_id":0`, `"order_id":"0"`, `"total_count":0`, `"amount":0.00`, `"orders":[]`, `"orders":[null,"",{}]`,
		`"order":{"id":null,"paid":true}`, `"data":{"note":"none"}`, `"timestamp":1796000000000`, `"time":"2026-11-29T22:43:00Z"`, `"amount":17`, `"data":{"cost_ms":3}`, `"note":"CS1 is locked"`,
	} {
		bodies = append(bodies, `{`+member+`,"error_code":"CBC.5003"}`, strings.Replace(`{"error_code":"CBC.5003",_}`, "_", member, 1), `{"error":{"code":"CBC.5003",`+member+`}}`)
	}
	checkStatuses(t, start(t, raising(newEcho(t))).Addr(), bodies, http.StatusBadRequest)
}

// TestRaise_LongPaths tests that the time to look for an ID does not depend on the depth or the names around each value.
func TestRaise_LongPaths(t *testing.T) {
	const values = 1 << 18
	list := "[" + strings.Repeat("1,", values) + "1]"
	for name, member := range map[string]string{
		"depth": `"data":` + strings.Repeat(`{"a":`, 900) + list + strings.Repeat("}", 900),
		"name":  `"` + strings.Repeat("a", 1<<17) + `":` + list,
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"error_code":"CBC.5003",`+member+`}`)
		})
		p := start(t, raising(upstream.URL))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := get(t, p.Addr(), "/")
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; r.status != http.StatusBadRequest || allocated > 64<<20 {
			t.Errorf("%s: HTTP %d, %d MiB allocated; want 400, at most 64 MiB", name, r.status, allocated>>20)
		}
	}
}
