package envelope

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPair tests that the fast path reads the documented pair, and declines everything else.
func TestPair(t *testing.T) {
	pair := func(code, message string) *Pair { return &Pair{Code: []byte(code), Message: []byte(message)} }
	for _, c := range []struct {
		name, body string
		want       *Pair // nil if it declines
	}{
		{"code first", `{"error_code":"CBC.0100","error_msg":"no"}`, pair("CBC.0100", "no")},
		{"message first, with blanks", " {\r\n\t\"error_msg\" : \"余额不足\" ,\n\"error_code\":\"CBC.3144\"}\n ", pair("CBC.3144", "余额不足")},
		{"empty message", `{"error_code":"CBC.0100","error_msg":""}`, pair("CBC.0100", "")},
		{"empty code", `{"error_code":"","error_msg":""}`, nil},
		{"empty code behind the message", `{"error_msg":"no","error_code":""}`, nil},
		{"code that is a number", `{"error_code":"429","error_msg":"no"}`, nil},
		{"code with three digits", `{"error_code":"CBC.010","error_msg":"no"}`, nil},
		{"code with a letter behind the digits", `{"error_code":"CBC.0100x","error_msg":"no"}`, nil},
		{"code without a word", `{"error_code":".0100","error_msg":"no"}`, nil},
		{"code of 65 bytes", `{"error_code":"CBC.` + strings.Repeat("1", 61) + `","error_msg":"no"}`, nil},
		{"escape", `{"error_code":"CBC.0100","error_msg":"n\u006f"}`, nil},
		{"control character", "{\"error_code\":\"CBC.0100\",\"error_msg\":\"a\tb\"}", nil},
		{"invalid UTF-8", "{\"error_code\":\"CBC.0100\",\"error_msg\":\"\xff\"}", nil},
		{"two codes", `{"error_code":"CBC.0100","error_code":"CBC.0101"}`, nil},
		{"two messages", `{"error_msg":"no","error_msg":"no"}`, nil},
		{"code between messages", `{"error_msg":"a","error_code":"CBC.0100","error_msg":"b"}`, nil},
		{"another member", `{"error_code":"CBC.0100","error_msg":"no","x":1}`, nil},
		{"null", `{"error_code":"CBC.0100","error_msg":null}`, nil},
		{"trailing data", `{"error_code":"CBC.0100","error_msg":"no"} x`, nil},
		{"trailing comma", `{"error_code":"CBC.0100","error_msg":"no",}`, nil},
		{"key in another case", `{"Error_Code":"CBC.0100","error_msg":"no"}`, nil},
		{"no closing brace", `{"error_code":"CBC.0100","error_msg":"no"`, nil},
		{"no closing quote", `{"error_code":"CBC.0100","error_msg":"no`, nil},
		{"no message", `{"error_code":"CBC.0100"}`, nil},
		{"no body", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ok := Response{HTTPStatus: 400, Body: []byte(c.body)}.Pair()
			if ok != (c.want != nil) {
				t.Fatalf("read %t", ok)
			}
			if diff := cmp.Diff(c.want, &p); ok && diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestPair_Headers tests that the fast path reads the headers that it reports, and declines a truncated body.
func TestPair_Headers(t *testing.T) {
	const body = `{"error_code":"CBC.0100","error_msg":"no"}`
	r := Response{Body: []byte(body), Headers: map[string]string{"x-request-id": "q", "RETRY-AFTER": "5", "Content-Length": strconv.Itoa(len(body))}}
	if p, ok := r.Pair(); !ok || p.RequestID != "q" || !p.RetryAfter {
		t.Errorf("request ID %q, Retry-After %t, read %t", p.RequestID, p.RetryAfter, ok)
	}
	r.Headers = map[string]string{"Content-Length": strconv.Itoa(len(body) + 1)}
	if _, ok := r.Pair(); ok {
		t.Error("read a truncated body")
	}
}

// TestPair_Charsets tests that the fast path reads a body only if no charset can make another text of it.
func TestPair_Charsets(t *testing.T) {
	const chinese, accent, english = `{"error_code":"CBC.3144","error_msg":"余额"}`, `{"error_code":"CBC.3144","error_msg":"é"}`, `{"error_code":"CBC.3144","error_msg":"funds"}`
	for _, c := range []struct {
		name, body, contentType string
		decoded, want           bool
	}{
		{"Chinese, no content type", chinese, "", false, true},
		{"Chinese, no charset", chinese, "application/json", false, true},
		{"Chinese, declared UTF-8", chinese, "Application/JSON; charset=UTF-8", false, true},
		{"Chinese, declared GBK, is UTF-8 all the same", chinese, "application/json; charset=gbk", false, true},
		{"Chinese, HTML", chinese, "text/html", false, true},
		{"Chinese, decoded", chinese, "application/json; charset=gbk", true, true},
		{"accent, declared GBK", accent, "application/json; charset=gbk", false, false},
		{"accent, decoded", accent, "application/json; charset=gbk", true, true},
		{"ASCII, declared GBK", english, "application/json; charset=gbk", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for place, r := range map[string]Response{
				"field":  {Body: []byte(c.body), IsUTF8: c.decoded, ContentType: c.contentType},
				"header": {Body: []byte(c.body), IsUTF8: c.decoded, Headers: map[string]string{"content-type": c.contentType}},
			} {
				if _, ok := r.Pair(); ok != c.want {
					t.Errorf("content type in the %s: read %t, want %t", place, ok, c.want)
				}
			}
		})
	}
}

// FuzzPair tests that the fast path reads what Parse reads.
func FuzzPair(f *testing.F) {
	for _, r := range goldens(f) {
		f.Add(r.HTTPStatus, r.Headers["Content-Type"], "1", r.Body)
	}
	f.Add(200, "application/json;charset=utf-8", "\u2003q 1", []byte("{ \"error_msg\":\"余额\",\r\"error_code\":\"CBC.3144\" }"))
	f.Add(429, "application/json", "1", []byte(`{"error_code":"CBC.0250","error_msg":"throttled (VERIFY_FIRST)"}`))
	f.Add(500, "application/json;charset=gbk", "\xff", []byte(`{"error_code":"A.1","error_msg":"limit:5,time:5 second"}`))
	f.Fuzz(func(t *testing.T, status int, contentType, requestID string, body []byte) {
		r := Response{HTTPStatus: status, Headers: map[string]string{"content-Type": contentType, "x-request-ID": requestID}, Body: body}
		p, ok := r.Pair()
		if e := Parse(r); ok && fmt.Sprintf("%q %q %q", p.Code, p.Message, p.RequestID) != fmt.Sprintf("%q %q %q", e.Code, e.Message, e.RequestID) {
			t.Fatalf("%q %q %q, want %q %q %q", p.Code, p.Message, p.RequestID, e.Code, e.Message, e.RequestID)
		} else if ok && e.Advice != (Advice{}) {
			t.Fatalf("the pair has no place for the advice %v", e.Advice)
		}
	})
}
