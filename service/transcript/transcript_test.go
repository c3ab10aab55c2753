package transcript_test

import (
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/transcript"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestParse holds that the output of curl -i is parsed, whatever was lost when it was copied.
func TestParse(t *testing.T) {
	t.Parallel()
	const body = `{"error_code":"CBC.0250"}`
	retryAfter := map[string]string{"Retry-After": "5"}
	for _, c := range []struct {
		name, text string
		want       envelope.Response
	}{
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
		{"no status", "HTTP/1.1 soon\n\n" + body, envelope.Response{Body: []byte("HTTP/1.1 soon\n\n" + body)}},
		{"status out of range", "HTTP/1.1 999\n\n", envelope.Response{Body: []byte("HTTP/1.1 999\n\n")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, transcript.Parse(envelope.Response{Body: []byte(c.text)}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func whole(status int, headers map[string]string, body string) envelope.Response {
	return envelope.Response{HTTPStatus: status, Headers: headers, Body: []byte(body)}
}

// FuzzParse holds that the body is an end of the text, and the status 0 or valid.
func FuzzParse(f *testing.F) {
	f.Add("HTTP/1.1 100 Continue\r\n\r\nHTTP/2 400 \r\na: b\r\n\r\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		r := transcript.Parse(envelope.Response{Body: []byte(text)})
		if !strings.HasSuffix(text, string(r.Body)) || r.HTTPStatus != 0 && (r.HTTPStatus < 100 || r.HTTPStatus > 599) {
			t.Errorf("%+v", r)
		}
	})
}
