package envelope

import (
	"strings"
	"testing"
)

// FuzzSearch tests that a code found in a text stands in it, letter by letter.
func FuzzSearch(f *testing.F) {
	for _, text := range []string{
		`[ERROR] {order} {"error_code":"CBC.5003"}`, `resp={\"error_code\":\"CBC.5003\"}`, `<pre>{&quot;error_code&quot;:&quot;CBC.5003&quot;}</pre>`, `errorCode: CBC.5003, request_id=q1`,
		`{'error_code': 'CBC.5003', 'error_msg': 'm'}`, `错误码：CBC.5003。`, `{"log":"{\"error\":\"{\\\"error_code\\\":\\\"CBC.5003\\\"}\"}"}`, `<Code>CBC.5003</Code>`, `{“error_code”: “CBC.5003”}`,
		`{} {"a": {"error_code":"CBC.5003"}`, `status_code:403 HTTP 502 error_code:CBC.5003 `, `{"detail":"error_code:CBC.5003,"}`, "{\"error_code\":\"CBC.99\r\n10\r\n3651\"}",
	} {
		f.Add(400, text)
		f.Add(0, text)
	}
	f.Fuzz(func(t *testing.T, status int, text string) {
		e := Parse(Response{HTTPStatus: status, Body: []byte(text), IsUTF8: true})
		if strings.Contains(text, `\u`) {
			return
		}
		for _, found := range e.Findings {
			if found.WellFormed && !standsIn(found.Code, text) {
				t.Errorf("%q is not in %q", found.Code, text)
			}
		}
	})
}

// standsIn reports whether a code stands in a text or in what its escapes stand for.
func standsIn(code, text string) bool {
	for range maxEscapes + maxTexts + 1 {
		if strings.Contains(string(blankControls([]byte(text))), code) {
			return true
		}
		text = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, `/`, `\n`, " ", `\r`, " ", `\t`, " ", `\b`, "\b", `\f`, "\f", "&quot;", `"`, "&#34;", `"`, "&amp;", "&").Replace(text)
	}
	return false
}

// TestParse_FactsInText tests that the request ID and the HTTP status that a text states are read.
func TestParse_FactsInText(t *testing.T) {
	for _, c := range []struct {
		text, requestID string
		status          int
	}{
		{"ClientRequestException - {status_code:403,request_id:q1,error_code:CBC.0151}", "q1", 403},
		{"ClientRequestException {\n  httpStatusCode: 403\n  requestId: q1\n}", "q1", 403},
		{"400 Client Error: Bad Request for url", "", 400},
		{"AxiosError: Request failed with status code 400", "", 400},
		{"<- HTTP/1.1 429 x", "", 429},
		{"status: 429, X-Request-Id: q1", "q1", 429},
		{`{"error":"{\"status_code\":400,\"request_id\":\"q1\",\"error_code\":\"CBC.0100\"}"}`, "q1", 400},
		{`{"detail":"{status_code:400,request_id:q1,error_code:CBC.0100}"}`, "q1", 400},
		{"状态码：403，请求ID：q1。", "q1", 403},
		{"<h1>502 Bad Gateway</h1>", "", 502},
		{"%22request_id%22%3A%22q1%22", "", 0},
		{"{&#x22;request_id&#x22;: &#x22;q1&#x22;}", "", 0},
		{"request_id: Some(q)", "", 0},
		{"order_status: 400, request_id: None", "", 0},
		{"status_code: 4000, HTTP 200", "", 0},
		{`{"items":[{"status_code":404}]}`, "", 0},
		{`{"statusCode":200,"body":"<html>502 Bad Gateway</html>"}`, "", 0},
		{"Error: error paying order: Bad request with: [POST https://bss.example/v3], request_id: q1, error message: {}", "q1", 400},
		{"Action forbidden: [GET https://bss.example/v3], error message: {}", "", 403},
		{"Resource not found: [GET https://bss.example/v3], error message: {}", "", 404},
		{"no status at all", "", 0},
	} {
		if e := Parse(Response{Body: []byte(c.text)}); e.RequestID != c.requestID || e.HTTPStatus != c.status {
			t.Errorf("%s: request ID %q, HTTP status %d; want %q, %d", c.text, e.RequestID, e.HTTPStatus, c.requestID, c.status)
		}
	}
}

// TestParse_CutLabels tests that a code in quotes that is not closed may be cut, and does not count.
func TestParse_CutLabels(t *testing.T) {
	for text, want := range map[string]string{
		`error_code: CBC.5003, x`:                "CBC.5003",
		`spec_code: rds.5003, code: CBC.5003, x`: "CBC.5003",
		`error_code: CBC.5003`:                   "",
		`error_code: "CBC.5003", x`:              "CBC.5003",
		`error_code: "CBC.5003 (truncated)`:      "",
		`error_code: \"CBC.5003\", x`:            "CBC.5003",
		`error_code: &quot;CBC.5003&quot; x`:     "CBC.5003",
		`error_code: &quot;CBC.5003 x`:           "",
		`error_code:\nCBC.5003 x`:                "CBC.5003",
		`error_code: “CBC.5003” x`:               "CBC.5003",
		`error_code: “CBC.5003 x`:                "",
		`error_code: "CBC.50 x`:                  "",
		`zip code of the shop CBC.5003 is x`:     "",
		`error_code: 'A.12', code: 'CBC.5003';`:  "CBC.5003",
	} {
		e := Parse(Response{HTTPStatus: 400, Body: []byte(text), IsUTF8: true})
		if e.Code != want {
			t.Errorf("%s: %q, want %q", text, e.Code, want)
		}
	}
}
