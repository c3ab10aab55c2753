package envelope_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/envelope"
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
