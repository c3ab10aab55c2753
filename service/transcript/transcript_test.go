package transcript_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/transcript"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A copyCase is a copy of a response, and what it says.
type copyCase struct {
	name, text string
	want       envelope.Response
}

func parseAll(t *testing.T, all []copyCase) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, transcript.Parse(envelope.Response{Body: []byte(c.text)}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestParse holds that the output of curl -i is parsed, whatever was lost when it was copied.
func TestParse(t *testing.T) {
	t.Parallel()
	const body = `{"error_code":"CBC.0250"}`
	retryAfter := map[string]string{"Retry-After": "5"}
	parseAll(t, []copyCase{
		{"body", body, envelope.Response{Body: []byte(body)}},
		{"nothing", "", envelope.Response{}},
		{"HTTP/1.1", "HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\n\r\n" + body, whole(429, retryAfter, body)},
		{"HTTP/2", "HTTP/2 429 \r\nretry-after: 5\r\n\r\n" + body, whole(429, retryAfter, body)},
		{"HTTP/3, plain line ends", "HTTP/3 429\nRetry-After:5 \n\n" + body, whole(429, retryAfter, body)},
		{"blanks before it", "\n  HTTP/2 400\n\n" + body, whole(400, nil, body)},
		{"byte order mark", "\ufeffHTTP/2 400\n\n" + body, whole(400, nil, body)},
		{"continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nRetry-After: 5\r\n\r\n" + body, whole(400, retryAfter, body)},
		{"proxy and redirect", "HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 302 \r\nlocation: /x\r\n\r\nHTTP/2 500 \r\n\r\n" + body, whole(500, nil, body)},
		{"head of the last alone counts", "HTTP/1.1 302 Found\r\nRetry-After: 5\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n" + body, whole(400, nil, body)},
		{"no body", "HTTP/1.1 204 No Content\r\nRetry-After: 5\r\n\r\n", whole(204, retryAfter, "")},
		{"no end of the head", "HTTP/1.1 401 Unauthorized\r\nRetry-After: 5", whole(401, retryAfter, "")},
		{"status line alone", "HTTP/2 503", whole(503, nil, "")},
		{"empty line lost", "HTTP/1.1 400 Bad Request\n" + body, whole(400, nil, body)},
		{"header twice", "HTTP/2 400\nretry-after: 5\nRetry-After: 9\n\n" + body, whole(400, retryAfter, body)},
		{"header of several lines", "HTTP/2 400\r\nx-long: a\r\n  b\r\n\tc: d\r\nretry-after: 5\r\n\r\n" + body, whole(400, retryAfter, body)},
		{"irrelevant headers", "HTTP/2 400\nset-cookie: s\nretry-after: 5\nx-note: \xb2\n\n" + body, whole(400, retryAfter, body)},
		{"header that is no UTF-8", "HTTP/2 400\nx-request-id: \xb2\n\n" + body, whole(400, map[string]string{"X-Request-Id": "\ufffd"}, body)},
		{"body of several lines", "HTTP/2 400\n\n{\n\n}\n", whole(400, nil, "{\n\n}\n")},
		{"body that looks like a header", "HTTP/2 400\n\nerror: no\n", whole(400, nil, "error: no\n")},
		{"tunnel of a proxy alone", "HTTP/1.1 200 Connection established\r\n\r\n", whole(0, nil, "")},
		{"error swallowed by the head", "HTTP/1.1 200 OK\nerror_code: CBC.0250\n", asText(200, "HTTP/1.1 200 OK\nerror_code: CBC.0250\n")},
		{"error before another head", body + "\nHTTP/1.1 200 OK\n\n{}", envelope.Response{Body: []byte(body + "\nHTTP/1.1 200 OK\n\n{}")}},
		{"words before another head", "CBC.0250\nHTTP/1.1 200 OK\n\n{}", asText(200, "CBC.0250\nHTTP/1.1 200 OK\n\n{}")},
		{"line that is 0", "0\nfailed: " + body, envelope.Response{Body: []byte("0\nfailed: " + body)}},
		{"second response behind chunks", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n{}\n0\n\nHTTP/1.1 400 Bad Request\n\n" + body, whole(200, nil, "{}\nHTTP/1.1 400 Bad Request\r\n\r\n"+body)},
		{"trailer behind chunks", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n{}\n0\nX-Sum: 1\n\n", whole(200, nil, "{}")},
		{"HAR, error on a success", har(body, "{}"), ofHAR(200, nil, body)},
		{"HAR with a byte order mark", "\ufeff" + har("{}", body), ofHAR(200, nil, body)},
		{"HAR without the body", `{"response":{"status":200,"content":{"size":25}}}`, ofHAR(200, map[string]string{"Content-Length": "25"}, "")},
		{"no status", "HTTP/1.1 soon\n\n" + body, envelope.Response{Body: []byte("HTTP/1.1 soon\n\n" + body)}},
		{"status out of range", "HTTP/1.1 999\n\n", envelope.Response{Body: []byte("HTTP/1.1 999\n\n")}},
	})
}

// TestParse_ToldSuccess tests that the copy of a failure outweighs the success that the caller tells.
func TestParse_ToldSuccess(t *testing.T) {
	t.Parallel()
	const text = "HTTP/1.1 429 Too Many Requests\n\n{}"
	want := envelope.Response{HTTPStatus: 200, Body: []byte(text), Rewritten: true}
	if diff := cmp.Diff(want, transcript.Parse(envelope.Response{HTTPStatus: 200, Body: []byte(text)})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	const har = `{"response":{"status":429,"content":{"text":"{}"}}}`
	if got := transcript.Parse(envelope.Response{HTTPStatus: 200, Body: []byte(har)}); got.HTTPStatus != 429 {
		t.Errorf("HTTP %d of a HAR entry, want 429", got.HTTPStatus)
	}
}

// har returns a HAR file of successes.
func har(bodies ...string) string {
	var entries []string
	for _, body := range bodies {
		entries = append(entries, fmt.Sprintf(`{"response":{"status":200,"content":{"text":%q}}}`, body))
	}
	return `{"log":{"entries":[` + strings.Join(entries, ",") + `]}}`
}

func ofHAR(status int, headers map[string]string, body string) envelope.Response {
	return envelope.Response{HTTPStatus: status, Headers: headers, Body: []byte(body), IsUTF8: true, Rewritten: true}
}

func asText(status int, body string) envelope.Response {
	return envelope.Response{HTTPStatus: status, Body: []byte(body), Rewritten: true}
}

func whole(status int, headers map[string]string, body string) envelope.Response {
	return envelope.Response{HTTPStatus: status, Headers: headers, Body: []byte(body)}
}

// FuzzParse tests that any text gives a status of HTTP or none, headers in UTF-8, and a body that is not longer than the text.
// A told status and told headers stay.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/2 400 \r\na: b\r\n\r\n{}", "< HTTP/2 429\n< retry-after: 5\n< \n{ [1 bytes data]\n* left intact\n{}", "> HTTP/2 429\n>\n> x",
		"```http\nHTTP/1.1 429 x\n\n{}\n```", "╷\n│ \x1b[31mError\x1b[0m\n╵", "\xff\xfeH\x00", "\ufffd\ufffdH\x00", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n{}\n0\n\n",
		`{"log":{"entries":[{"response":{"status":429,"headers":[{"name":"retry-after","value":"5"}],"content":{"text":"e30=","encoding":"base64"}}}]}}`,
	} {
		f.Add(text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, told int) {
		r := transcript.Parse(envelope.Response{HTTPStatus: told, Headers: map[string]string{"X-Request-Id": "q"}, Body: []byte(text)})
		if told != 0 && r.HTTPStatus != told || r.HTTPStatus != told && (r.HTTPStatus < 100 || r.HTTPStatus > 599) || r.Headers["X-Request-Id"] != "q" {
			t.Errorf("status %d, headers %q", r.HTTPStatus, r.Headers)
		}
		if most := 2 * len(text); len(r.Body) > most { // UTF-16 may take more bytes than UTF-8
			t.Errorf("a body of %d bytes, at most %d", len(r.Body), most)
		}
		for name, value := range r.Headers {
			if !utf8.ValidString(name + value) {
				t.Errorf("%q: %q", name, value)
			}
		}
	})
}

// TestParse_Copies tests the marks that programs and people put around a response.
func TestParse_Copies(t *testing.T) {
	t.Parallel()
	const body = `{"error_code":"CBC.0250"}`
	retryAfter := map[string]string{"Retry-After": "5"}
	parseAll(t, []copyCase{
		{"lower case", "http/1.1 429 too many requests\nretry-after: 5\n\n" + body, whole(429, retryAfter, body)},
		{"curl -v", "* Trying\n> GET / HTTP/1.1\n> \n< HTTP/1.1 429 Too Many\n< retry-after: 5\n< \n{ [25 bytes data]\n* Connection #0 left intact\n" + body, whole(429, retryAfter, body)},
		{"wget -S", "  HTTP/1.1 429 Too Many\n  Retry-After: 5\n\n" + body, whole(429, retryAfter, body)},
		{"HTTPie", "GET /v2 HTTP/1.1\nHost: h\n\nHTTP/1.1 429 Too Many\nRetry-After: 5\n\n" + body, whole(429, retryAfter, body)},
		{"mail", "> HTTP/2 429\n> retry-after: 5\n>\n> " + body, whole(429, retryAfter, body)},
		{"mail about a mail", ">> HTTP/2 429\n>> retry-after: 5\n>>\n>> " + body, whole(429, retryAfter, body)},
		{"mail about a body", "> " + body, envelope.Response{Body: []byte(body)}},
		{"block of code", "so:\n```http\nHTTP/2 429\nretry-after: 5\n\n" + body + "\n```\n", whole(429, retryAfter, body+"\n")},
		{"box", "╷\n│ Error: {\"a\":\n│ 1}\n╵\n", envelope.Response{Body: []byte("\nError: {\"a\":\n1}\n\n")}},
		{"colours", "\x1b[1;31mError\x1b[0m: no", envelope.Response{Body: []byte("Error: no")}},
		{"the body before its headers", "CBC.0250 {}\nHTTP/2 429\nretry-after: 5\n", whole(429, retryAfter, "CBC.0250 {}\n")},
		{"words before the status line", "the proxy said HTTP/1.1 429\n", envelope.Response{Body: []byte("the proxy said HTTP/1.1 429\n")}},
		{"JSON that mentions a status line", "{\"a\":\"\\nHTTP/1.1 429\"}", envelope.Response{Body: []byte("{\"a\":\"\\nHTTP/1.1 429\"}")}},
		{"chunks", "HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n19\r\n" + body + "\r\n0\r\n\r\n", whole(400, nil, body)},
		{"chunks of a terminal", "19\n" + body + "\n0\n\n", envelope.Response{Body: []byte(body)}},
		{"no chunks", "19\n" + body, envelope.Response{Body: []byte("19\n" + body)}},
		{"UTF-16", "\xff\xfeH\x00T\x00T\x00P\x00/\x002\x00 \x004\x000\x000\x00\n\x00\n\x00x\x00", envelope.Response{HTTPStatus: 400, Headers: nil, Body: []byte("x"), IsUTF8: true}},
		{"UTF-16 taken for UTF-8", "\ufffd\ufffdH\x00T\x00T\x00P\x00/\x002\x00 \x004\x000\x000\x00\n\x00\n\x00x\x00", envelope.Response{HTTPStatus: 400, Headers: nil, Body: []byte("x"), IsUTF8: true}},
	})
}

// TestParse_HAR tests which response of a HAR file counts.
func TestParse_HAR(t *testing.T) {
	t.Parallel()
	entry := func(status int, text string) string {
		return fmt.Sprintf(`{"request":{},"response":{"status":%d,"headers":[{"name":"Retry-After","value":"5"},{"name":"content-encoding","value":"gzip"}],"content":{"text":%q}}}`, status, text)
	}
	read := func(status int, body string) envelope.Response {
		return envelope.Response{HTTPStatus: status, Headers: map[string]string{"Retry-After": "5"}, Body: []byte(body), IsUTF8: true, Rewritten: true}
	}
	file := func(entries ...string) string { return `{"log":{"entries":[` + strings.Join(entries, ",") + `]}}` }
	for _, c := range []struct {
		name, text string
		want       envelope.Response
	}{
		{"one entry", entry(429, "a"), read(429, "a")},
		{"file", file(entry(429, "a")), read(429, "a")},
		{"last failure", file(entry(400, "a"), entry(429, "b"), entry(200, "c")), read(429, "b")},
		{"no failure", file(entry(200, "a"), entry(204, "b")), read(204, "b")},
		{"no response", `{"response":{"status":0,"content":{"text":"a"}}}`, envelope.Response{Body: []byte(`{"response":{"status":0,"content":{"text":"a"}}}`)}},
	} {
		if diff := cmp.Diff(c.want, transcript.Parse(envelope.Response{Body: []byte(c.text)}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestParse_Told tests that what the caller tells counts before the copy.
func TestParse_Told(t *testing.T) {
	t.Parallel()
	r := transcript.Parse(envelope.Response{HTTPStatus: 400, Headers: map[string]string{"x-request-id": "told"}, Body: []byte("HTTP/2 502\nX-Request-Id: copied\nRetry-After: 5\n\nx")})
	want := envelope.Response{HTTPStatus: 400, Headers: map[string]string{"x-request-id": "told", "Retry-After": "5"}, Body: []byte("x")}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestParse_ToldLength tests that a told Content-Length is that of the body with its marks, in its charset.
func TestParse_ToldLength(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"chunks": "19\r\n{\"error_code\":\"CBC.0250\"}\r\n0\r\n\r\n",
		"UTF-16": "\xff\xfe" + strings.Join(strings.Split(`{"error_code":"CBC.0250"}`, ""), "\x00") + "\x00",
		"plain":  `{"error_code":"CBC.0250"}`,
	} {
		for missing, want := range map[int]envelope.Form{0: envelope.JSON, 1: envelope.Malformed} {
			r := envelope.Response{HTTPStatus: 429, Headers: map[string]string{"content-length": strconv.Itoa(len(body) + missing)}, Body: []byte(body)}
			if e := envelope.Parse(transcript.Parse(r)); e.Form != want || e.Code != "CBC.0250" {
				t.Errorf("%s with %d bytes missing: %v with code %q, want %v", name, missing, e.Form, e.Code, want)
			}
		}
	}
}
