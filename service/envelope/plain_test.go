package envelope

import (
	"fmt"
	"strings"
	"testing"
)

// TestPlainPairs: what is written plainly is read the short way, and everything else is left to Open.
func TestPlainPairs(t *testing.T) {
	for _, c := range []struct {
		body          string
		code, message string // empty where the reader declines
	}{
		{`{"error_code":"CBC.0100","error_msg":"no"}`, "CBC.0100", "no"},
		{" {\r\n\t\"error_msg\" : \"余额不足\" ,\n\"error_code\":\"CBC.3144\"}\n ", "CBC.3144", "余额不足"},
		{`{"error_code":"","error_msg":""}`, "", ""},
		{`{"error_code":"429","error_msg":"no"}`, "", ""},
		{`{"error_code":"CBC.010","error_msg":"no"}`, "", ""},
		{`{"error_code":"CBC.0100x","error_msg":"no"}`, "", ""},
		{`{"error_code":".0100","error_msg":"no"}`, "", ""},
		{`{"error_code":"CBC.0100","error_msg":""}`, "CBC.0100", ""},
		{`{"error_code":"CBC.0100","error_msg":"n\u006f"}`, "", ""},
		{"{\"error_code\":\"CBC.0100\",\"error_msg\":\"a\tb\"}", "", ""},
		{"{\"error_code\":\"CBC.0100\",\"error_msg\":\"\xff\"}", "", ""},
		{`{"error_code":"CBC.0100","error_code":"CBC.0101"}`, "", ""},
		{`{"error_code":"CBC.0100","error_msg":"no","x":1}`, "", ""},
		{`{"error_code":"CBC.0100","error_msg":null}`, "", ""},
		{`{"error_code":"CBC.0100","error_msg":"no"} x`, "", ""},
		{`{"error_code":"CBC.0100","error_msg":"no",}`, "", ""},
		{`{"Error_Code":"CBC.0100","error_msg":"no"}`, "", ""},
		{`{"error_code":"CBC.0100","error_msg":"no"`, "", ""},
		{`{"error_code":"CBC.0100"}`, "", ""},
		{"", "", ""},
	} {
		r := Response{HTTPStatus: 400, Body: []byte(c.body)}
		p, ok := r.Plain()
		if string(p.Code) != c.code && ok || ok && string(p.Message) != c.message || !ok && c.code != "" {
			t.Errorf("%s: %q, %q, %t", c.body, p.Code, p.Message, ok)
		}
	}
}

// TestPlainCharsets: Chinese is read the short way only where no charset can make another text of it.
func TestPlainCharsets(t *testing.T) {
	const chinese, english = `{"error_code":"CBC.3144","error_msg":"余额"}`, `{"error_code":"CBC.3144","error_msg":"funds"}`
	for _, c := range []struct {
		body, contentType string
		decoded, want     bool
	}{
		{chinese, "", false, true},
		{chinese, "application/json", false, true},
		{chinese, "Application/JSON; charset=UTF-8", false, true},
		{chinese, "application/json; charset=gbk", false, true}, // Open sees that it is UTF-8, too
		{strings.ReplaceAll(chinese, "余额", "é"), "application/json; charset=gbk", false, false},
		{chinese, "text/html", false, true},
		{chinese, "application/json; charset=gbk", true, true},
		{english, "application/json; charset=gbk", false, true},
	} {
		for _, r := range []Response{
			{Body: []byte(c.body), Decoded: c.decoded, ContentType: c.contentType},
			{Body: []byte(c.body), Decoded: c.decoded, Headers: map[string]string{"content-type": c.contentType}},
		} {
			if _, ok := r.Plain(); ok != c.want {
				t.Errorf("%s as %q, decoded %t: %t", c.body, c.contentType, c.decoded, ok)
			}
		}
	}
}

// FuzzPlain: what is read the short way is what Open reads.
func FuzzPlain(f *testing.F) {
	for _, r := range conversations(f) {
		f.Add(r.HTTPStatus, r.Headers["Content-Type"], "1", r.Body)
	}
	f.Add(200, "application/json;charset=utf-8", "\u2003q 1", []byte("{ \"error_msg\":\"余额\",\r\"error_code\":\"CBC.3144\" }"))
	f.Add(500, "application/json;charset=gbk", "\xff", []byte(`{"error_code":"A.1","error_msg":"limit:5,time:5 second"}`))
	f.Fuzz(func(t *testing.T, status int, contentType, requestID string, body []byte) {
		r := Response{HTTPStatus: status, Headers: map[string]string{"content-Type": contentType, "x-request-ID": requestID}, Body: body}
		p, ok := r.Plain()
		if e := Open(r); ok && fmt.Sprintf("%q %q %q", p.Code, p.Message, p.RequestID) != fmt.Sprintf("%q %q %q", e.Code, e.Message, e.RequestID) {
			t.Fatalf("%q %q %q, want %q %q %q", p.Code, p.Message, p.RequestID, e.Code, e.Message, e.RequestID)
		}
	})
}
