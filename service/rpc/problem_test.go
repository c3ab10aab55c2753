package rpc_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/google/go-cmp/cmp"
)

// A problem has the members of RFC 9457 and those of the status.
func TestProblem_TranslatedError(t *testing.T) {
	t.Parallel()
	got := post(t, "http://"+testserver.StartSmall(t).HTTPAddr()+"/v1/responses:raise", `{"locales":["zh-CN"],"response":{"httpStatus":400,
		"headers":{"X-Request-Id":"a b/c?"},"text":"{\"error_code\":\"CBC.99003651\",\"error_msg\":\"No <b>.\"}"}}`, "application/problem+json")
	if !bytes.Contains(got.body, []byte("No <b>.")) {
		t.Errorf("escaped as if it were HTML: %s", got.body)
	}
	wantJSON(t, got.body, `{"type":"urn:cbcerr:reason:INSTANCE_OPERATION_IN_PROGRESS","title":"Instance operation in progress","status":409,
		"detail":"交易正在进行中,不可以退订。","instance":"urn:cbcerr:request:a%20b%2Fc%3F","reason":"INSTANCE_OPERATION_IN_PROGRESS",
		"domain":"cbc.huaweicloud.com","code":"CBC.99003651","retry":"BACKOFF","advice":"请等待该实例的交易结束后重试。",
		"outcome":"NOT_APPLIED","locale":"zh-CN",
		"metadata":{"code":"CBC.99003651","httpStatus":"400","locale":"zh-CN","match":"EXACT","message":"交易正在进行中,不可以退订。",
			"advice":"请等待该实例的交易结束后重试。",
			"outcome":"NOT_APPLIED","retry":"BACKOFF","upstreamMessage":"No <b>."},
		"violations":[{"type":"precondition","name":"RESOURCE_STATE",
			"description":"Unsubscription not supported. An operation associated with this instance is in progress."}]}`)
}

// Problems of the service's own errors have its domain and the HTTP status of the error.
func TestProblem_OwnError(t *testing.T) {
	t.Parallel()
	base := "http://" + testserver.StartSmall(t).HTTPAddr()
	for _, k := range []struct {
		name, verb, path string
		http             int
		reason, title    string
	}{
		{"field out of range", http.MethodPost, "/v1/responses:raise", 400, "INVALID_REQUEST", "Invalid request"},
		{"unknown code", http.MethodGet, "/v1/codes/CBC.1", 404, "UNKNOWN_CODE", "Unknown code"},
		{"unknown route", http.MethodGet, "/v2", 404, "METHOD_NOT_FOUND", "Method not found"},
		{"wrong verb", http.MethodDelete, "/v1/codes", 405, "METHOD_NOT_FOUND", "Method not found"},
	} {
		t.Run(k.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), k.verb, base+k.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := send(t, r, "application/problem+json")
			var p map[string]any
			if err := json.Unmarshal(got.body, &p); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{
				"type": "urn:cbcerr:reason:" + k.reason, "title": k.title, "status": float64(k.http),
				"reason": k.reason, "domain": "cbcerr", "locale": "en",
			}
			for name, value := range want {
				if p[name] != value {
					t.Errorf("%s: %v, want %v", name, p[name], value)
				}
			}
			if detail, ok := p["detail"].(string); got.StatusCode != k.http || got.header("Content-Language") != "en" || !ok || detail == "" {
				t.Errorf("%d %v", got.StatusCode, p)
			}
		})
	}
}

// The default is the status, also if the requested media types are not available.
func TestWriteError_Accept(t *testing.T) {
	t.Parallel()
	base := "http://" + testserver.StartSmall(t).HTTPAddr()
	const statusType, problemType = "application/json", "application/problem+json"
	for accept, want := range map[string]string{
		"":                              statusType,
		"*/*":                           statusType,
		"application/*":                 statusType,
		"application/json":              statusType,
		"text/html":                     statusType,
		"not a media type":              statusType,
		"application/problem+json":      problemType,
		"Application/Problem+JSON":      problemType,
		"application/problem+json; q=0": statusType,
		"application/problem+json, */*": problemType,
		"text/html, application/problem+json;q=0.1":                problemType,
		"application/json;q=0.5, application/problem+json":         problemType,
		"application/json, application/problem+json;q=0.5":         statusType,
		"application/problem+json;charset=utf-8, text/plain;q=0.1": problemType,
		strings.Repeat("a/b,", 31) + "application/problem+json":    problemType,
		strings.Repeat("a/b,", 32) + "application/problem+json":    statusType, // at most 32 media types are read
	} {
		got := post(t, base+"/v1/responses:raise", `{"response":{"httpStatus":500}}`, accept)
		if got.header("Content-Type") != want {
			t.Errorf("Accept: %q got %s, want %s", accept, got.header("Content-Type"), want)
		}
	}
}

func wantJSON(t *testing.T, got []byte, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
