package client_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
)

const wrongSite = `{"error_code":"CBC.0150","error_msg":"Access denied. The customer does not belong to the website you are now at."}`

// countingBody counts the bytes that are read, and notes that it is closed.
type countingBody struct {
	io.Reader
	read   int
	closed bool
}

func (b *countingBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.read += n
	return n, err
}

func (b *countingBody) Close() error {
	b.closed = true
	return nil
}

// A body that is longer than the limit is delivered whole, read only to the limit, and no error below 400.
func TestCheck_LongBodies(t *testing.T) {
	success := `{"resources":["` + strings.Repeat("x", 5<<20) + `"],"error_code":"CBC.0100"}`
	failure := `{"error_code":"CBC.0250","error_msg":"` + strings.Repeat("x", 5<<20) + `"}`
	tests := []struct {
		name, body string
		status     int
		failed     bool
	}{
		{"success", success, 200, false}, {"cut at 399", failure, 399, false}, {"cut at 400", failure, 400, true}, {"cut at 500", success, 500, true},
	}
	for _, tc := range tests {
		body := &countingBody{Reader: strings.NewReader(tc.body)}
		response := &http.Response{StatusCode: tc.status, Body: body}
		err := english(t).Check(response)
		if (err != nil) != tc.failed {
			t.Errorf("%s: %v", tc.name, err)
		}
		if body.read > 1<<20+1 || body.closed {
			t.Errorf("%s: %d bytes were read; closed: %t", tc.name, body.read, body.closed)
		}
		if got, err := io.ReadAll(response.Body); err != nil || string(got) != tc.body {
			t.Errorf("%s: other %d bytes, %v", tc.name, len(got), err)
		}
		if err := response.Body.Close(); err != nil || !body.closed {
			t.Errorf("%s: not closed, %v", tc.name, err)
		}
		if other := english(t).CheckBody(tc.status, nil, []byte(tc.body)); (other != nil) != tc.failed {
			t.Errorf("%s: CheckBody returns %v", tc.name, other)
		}
	}
}

// A complete document in front of the limit gives a code, but no advice to repeat the call: what follows is not known.
func TestCheck_CutBodyIsNotCertain(t *testing.T) {
	document := `{"error_code":"CBC.0250","error_msg":"Connection request control triggered."}`
	for body, want := range map[string]bool{document: true, document + strings.Repeat(" ", 1<<20): false} {
		err := english(t).CheckBody(429, nil, []byte(body))
		if !errors.Is(err, cbcerr.ReasonRequestThrottled) {
			t.Errorf("%d bytes: %v", len(body), err)
		}
		if _, retry := cbcerr.ShouldRetry(err, false); retry != want {
			t.Errorf("%d bytes: retry %t, want %t", len(body), retry, want)
		}
	}
}

// A body that breaks off is judged from 400 on. Whoever reads it next has the error, even if the body would go on.
func TestCheck_BrokenBody(t *testing.T) {
	for status, failed := range map[int]bool{200: false, 429: true} {
		body := iotest.TimeoutReader(strings.NewReader(`{"error_code":"CBC.0250"`))
		response := &http.Response{StatusCode: status, Body: io.NopCloser(body)}
		if err := english(t).Check(response); (err != nil) != failed {
			t.Errorf("HTTP %d: %v", status, err)
		} else if _, retry := cbcerr.ShouldRetry(err, true); retry {
			t.Errorf("HTTP %d: a broken body permits a retry", status)
		}
		if got, err := io.ReadAll(response.Body); !errors.Is(err, iotest.ErrTimeout) || string(got) != `{"error_code":"CBC.0250"` {
			t.Errorf("HTTP %d: %q, %v", status, got, err)
		}
	}
}

// Data, streams and other protocols are not read below 400. From 400 on every type is judged.
func TestCheck_ContentTypes(t *testing.T) {
	tests := []struct {
		status int
		kind   string
		read   bool
	}{
		{200, "application/octet-stream", false}, {206, "Application/Octet-Stream", false}, {200, "text/event-stream; charset=utf-8", false},
		{101, "", false}, {206, "application/json", false}, {304, "", false}, {200, "application/json", true}, {200, "", true},
		{200, "text/csv", false}, {200, "image/png", false}, {399, "text/csv", false}, {200, "text/html", true}, {200, "application/problem+json", true},
		{500, "application/octet-stream", true}, {400, "text/csv", true}, {400, "text/event-stream", true}, {302, "text/html", true},
	}
	for _, tc := range tests {
		body := &countingBody{Reader: strings.NewReader(wrongSite)}
		response := &http.Response{StatusCode: tc.status, Header: http.Header{"Content-Type": {tc.kind}}, Body: body}
		if err := english(t).Check(response); (err != nil) != tc.read || (body.read > 0) != tc.read {
			t.Errorf("%d %s: %d bytes read, %v", tc.status, tc.kind, body.read, err)
		}
	}
}

// An unknown status does not make a long body a success.
func TestCheckBody_LongBodyOfUnknownStatus(t *testing.T) {
	body := `{"orders":["` + strings.Repeat("x", 2<<20) + `"]}`
	err := english(t).CheckBody(0, nil, []byte(body))
	if _, retry := cbcerr.ShouldRetry(err, true); !errors.Is(err, cbcerr.ReasonUnrecognizedResponse) || retry {
		t.Errorf("%v, retry %t", err, retry)
	}
}

// The length of a HEAD response is not that of its body.
func TestCheck_Head(t *testing.T) {
	for status, failed := range map[int]bool{200: false, 404: true} {
		response := newResponse(status, http.Header{"Content-Length": {"500"}}, nil)
		response.Request = &http.Request{Method: http.MethodHead}
		if err := english(t).Check(response); (err != nil) != failed {
			t.Errorf("HTTP %d: %v", status, err)
		}
		if got := response.Header.Get("Content-Length"); got != "500" {
			t.Errorf("HTTP %d: Content-Length %q", status, got)
		}
		_ = response.Body.Close()
	}
	truncated := newResponse(200, http.Header{"Content-Length": {"500"}}, nil)
	defer truncated.Body.Close()
	if err := english(t).Check(truncated); err == nil {
		t.Error("a GET without its body succeeds")
	}
}

// Programs can forget the error of http.Client, or New.
func TestCheck_Nil(t *testing.T) {
	var missing *client.Translator
	response := newResponse(200, nil, []byte(`{"order_id":"CS1"}`))
	defer response.Body.Close()
	for name, err := range map[string]error{
		"no response": english(t).Check(nil), "no Translator": missing.Check(response), "zero Translator": new(client.Translator).Check(response),
		"no Translator of bytes": missing.CheckBody(200, nil, nil), "zero Translator of bytes": new(client.Translator).CheckBody(200, nil, nil),
	} {
		_, failed := errors.AsType[*client.Failure](err)
		_, retry := cbcerr.ShouldRetry(err, true)
		if err == nil || failed || retry {
			t.Errorf("%s: %v, failure %t, retry %t", name, err, failed, retry)
		}
	}
	if missing.Locales() != nil {
		t.Error("no Translator has languages")
	}
}

func TestCheck_NoBody(t *testing.T) {
	if err := english(t).Check(&http.Response{StatusCode: http.StatusNoContent}); err != nil {
		t.Error(err)
	}
}

func TestCheckBody_NoFailureIsNil(t *testing.T) {
	if err := english(t).CheckBody(200, nil, []byte(`{"order_id":"CS1"}`)); err != nil {
		t.Errorf("%#v", err)
	}
}

// A failure does not change with the memory of its caller.
func TestCheckBody_ReusedBody(t *testing.T) {
	body := []byte(wrongSite)
	var f *client.Failure
	if !errors.As(english(t).CheckBody(403, nil, body), &f) {
		t.Fatal("no failure")
	}
	clear(body)
	if got := f.Localize("zh-CN"); got == nil || !errors.Is(got, cbcerr.ReasonWrongSite) || string(got.Body()) != wrongSite {
		t.Errorf("%v", got)
	}
}

// A header may have any letter case, and counts by its first value.
func TestCheckBody_Header(t *testing.T) {
	err := english(t).CheckBody(429, http.Header{"retry-after": {"7", "9"}, "X-Empty": nil}, []byte(`{"error_code":"CBC.0250"}`))
	if wait, ok := cbcerr.ShouldRetry(err, false); !ok || wait.Seconds() != 7 {
		t.Errorf("%v, %t", wait, ok)
	}
}

// A Translator serves concurrent calls.
func TestCheck_Concurrent(t *testing.T) {
	translator, cases := english(t), goldens(t)
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			for _, c := range cases {
				response := newResponse(c.Status, header(c), c.Body)
				err := translator.Check(response)
				if f, ok := errors.AsType[*client.Failure](err); ok {
					_ = f.Localize("zh-CN").Error()
				}
				if body, _ := io.ReadAll(response.Body); !bytes.Equal(body, c.Body) {
					t.Errorf("%s: another body", c.Name)
				}
				_ = response.Body.Close()
			}
		})
	}
	calls.Wait()
}
