package envelope_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestParse_Waits holds that Retry-After is read in both forms, and the window of a message.
func TestParse_Waits(t *testing.T) {
	const date = "Sun, 01 Nov 2026 10:00:00 GMT"
	for _, c := range []struct {
		name          string
		headers       map[string]string
		message       string
		after, window time.Duration // -1 is none
	}{
		{"nothing", nil, "", -1, -1},
		{"seconds", map[string]string{"RETRY-AFTER": " 120 "}, "", 2 * time.Minute, -1},
		{"zero", map[string]string{"retry-after": "0"}, "", 0, -1},
		{"more digits than a number has", map[string]string{"Retry-After": strings.Repeat("9", 40)}, "", 24 * time.Hour, -1},
		{"negative", map[string]string{"Retry-After": "-1"}, "", -1, -1},
		{"fraction", map[string]string{"Retry-After": "1.5"}, "", -1, -1},
		{"date and Date", map[string]string{"Retry-After": "Sun, 01 Nov 2026 10:00:30 GMT", "date": date}, "", 30 * time.Second, -1},
		{"date before Date", map[string]string{"Retry-After": "Sun, 01 Nov 2026 09:00:00 GMT", "Date": date}, "", 0, -1},
		{"date without Date", map[string]string{"Retry-After": date}, "", -1, -1},
		{"first of two names in sorted order", map[string]string{"retry-after": "2", "Retry-After": "1"}, "", time.Second, -1},
		{"window in seconds", nil, "over ratelimit,limit:5,time:5 second", -1, 5 * time.Second},
		{"window in minutes", nil, "over ratelimit,limit:5,time:2 minutes.", -1, 2 * time.Minute},
		{"window without a limit", nil, "time:5 second", -1, -1},
		{"window of nonsense", nil, "limit:5,time:XX second", -1, -1},
		{"window in an unknown unit", nil, "limit:5,time:1 fortnight", -1, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := envelope.Parse(envelope.Response{HTTPStatus: 429, Headers: c.headers, Body: []byte(c.message)})
			if got := orNone(e.RetryAfter); got != c.after {
				t.Errorf("Retry-After %v, want %v", got, c.after)
			}
			if got := orNone(e.Window); got != c.window {
				t.Errorf("window %v, want %v", got, c.window)
			}
		})
	}
}

func orNone(d *time.Duration) time.Duration {
	if d == nil {
		return -1
	}
	return *d
}

// TestParse_RequestID holds that the request ID of the header counts before that of the body.
func TestParse_RequestID(t *testing.T) {
	body := []byte(`{"request_id":"b"}`)
	for want, headers := range map[string]map[string]string{"h": {"x-request-id": "h"}, "b": {"X-Request-Id": ""}} {
		if got := envelope.Parse(envelope.Response{HTTPStatus: 400, Headers: headers, Body: body}).RequestID; got != want {
			t.Errorf("%v: %q, want %q", headers, got, want)
		}
	}
}

// TestParse_LongHeaders holds that no text is longer than 64 KiB, and no delay longer than a day.
func TestParse_LongHeaders(t *testing.T) {
	headers := map[string]string{"X-Request-Id": strings.Repeat("x", 100<<10)}
	e := envelope.Parse(envelope.Response{HTTPStatus: 429, Headers: headers, Body: []byte("limit:5,time:40 day")})
	if len(e.RequestID) != 64<<10 || orNone(e.Window) != 24*time.Hour {
		t.Errorf("a request id of %d bytes, a window of %v", len(e.RequestID), orNone(e.Window))
	}
}

// TestParseTranscript holds that the output of curl -i is parsed, whatever was lost when it was copied.
func TestParseTranscript(t *testing.T) {
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
			if diff := cmp.Diff(c.want, envelope.ParseTranscript([]byte(c.text)), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func whole(status int, headers map[string]string, body string) envelope.Response {
	return envelope.Response{HTTPStatus: status, Headers: headers, Body: []byte(body)}
}

// FuzzParseTranscript holds that the body is an end of the text, and the status 0 or valid.
func FuzzParseTranscript(f *testing.F) {
	f.Add("HTTP/1.1 100 Continue\r\n\r\nHTTP/2 400 \r\na: b\r\n\r\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		r := envelope.ParseTranscript([]byte(text))
		if !strings.HasSuffix(text, string(r.Body)) || r.HTTPStatus != 0 && (r.HTTPStatus < 100 || r.HTTPStatus > 599) {
			t.Errorf("%+v", r)
		}
	})
}

// TestParse_ContentLength holds that a body shorter than its Content-Length counts as truncated.
func TestParse_ContentLength(t *testing.T) {
	const body = `{"error_code":"CBC.3144"}`
	for _, c := range []struct {
		name, length string
		want         envelope.Form
	}{
		{"as long", strconv.Itoa(len(body)), envelope.JSON},
		{"shorter", "1", envelope.JSON},
		{"longer", strconv.Itoa(len(body) + 1), envelope.Malformed},
		{"beyond all numbers", "99999999999999999999", envelope.Malformed},
		{"negative", "-1", envelope.JSON},
		{"no number", "many", envelope.JSON},
	} {
		r := envelope.Response{HTTPStatus: 400, Headers: map[string]string{"Content-Length": c.length}, Body: []byte(body)}
		if e := envelope.Parse(r); e.Form != c.want || e.Code != "CBC.3144" {
			t.Errorf("%s: %v with code %q, want %v", c.name, e.Form, e.Code, c.want)
		}
		if _, ok := r.Pair(); ok && c.want == envelope.Malformed {
			t.Errorf("%s: the fast path read it", c.name)
		}
	}
}
