package proxy_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestProxy_SilentClient tests that a client which stops sending its request is cut off, and a slow one is not.
func TestProxy_SilentClient(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	c := config(upstream.URL)
	c.ClientTimeout, c.ReadHeaderTimeout = 1500*time.Millisecond, 300*time.Millisecond
	p := start(t, c)
	for _, request := range []string{"POST / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"} {
		exchange(t, p.Addr(), request)
	}
	body, writer := io.Pipe()
	go func() {
		for range 8 { // longer than the timeout altogether
			time.Sleep(c.ClientTimeout / 6)
			_, _ = io.WriteString(writer, "x")
		}
		writer.Close()
	}()
	if r := do(t, p.Addr(), http.MethodPost, "/", body); string(r.body) != "xxxxxxxx" {
		t.Errorf("HTTP %d %q, want all of a slow body", r.status, r.body)
	}
}

// TestProxy_SlowUpstream tests that a response may take longer than the client's timeouts.
func TestProxy_SlowUpstream(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for range 3 {
			time.Sleep(600 * time.Millisecond)
			_, _ = io.WriteString(w, "x")
			_ = http.NewResponseController(w).Flush()
		}
	})
	c := config(upstream.URL)
	c.ClientTimeout, c.ReadHeaderTimeout = 400*time.Millisecond, 400*time.Millisecond
	if r := do(t, start(t, c).Addr(), http.MethodPost, "/", http.NoBody); string(r.body) != "xxx" || r.err != nil {
		t.Errorf("%q, %v", r.body, r.err)
	}
}

// TestProxy_TimeoutStatus tests that only queries get the status on which the SDK for Node.js asks its next endpoint.
func TestProxy_TimeoutStatus(t *testing.T) {
	ended := make(chan struct{})
	defer close(ended)
	c := config(newUpstream(t, func(http.ResponseWriter, *http.Request) { <-ended }).URL)
	c.UpstreamTimeout = 50 * time.Millisecond
	p := start(t, c)
	for method, want := range map[string]int{"GET": 504, "HEAD": 504, "POST": 502, "PUT": 502, "PATCH": 502, "DELETE": 502} {
		if r := do(t, p.Addr(), method, "/", nil); r.status != want || r.header.Get("cbcerr-reason") != "UPSTREAM_TIMEOUT" {
			t.Errorf("%s: HTTP %d, %v; want %d", method, r.status, r.header, want)
		}
	}
}

// TestProxy_StalledUpstream tests that a body which upstream stops sending ends with an error, judged or not. A slow one and a
// silent stream of events do not.
func TestProxy_StalledUpstream(t *testing.T) {
	const timeout = 1500 * time.Millisecond
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		setContentType(w, r.URL.Query().Get("type"))
		for range 4 {
			_, _ = io.WriteString(w, "part")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(timeout / 3)
		}
		if r.URL.Query().Has("stall") {
			select {
			case <-r.Context().Done():
			case <-time.After(2 * timeout):
				_, _ = io.WriteString(w, "late")
			}
		}
	})
	c := config(upstream.URL)
	c.UpstreamReadTimeout = timeout
	p := start(t, c)
	var requests sync.WaitGroup
	for query, want := range map[string]string{
		"?type=application/json": "whole", "?type=text/csv": "whole", "?type=text/event-stream&stall": "late",
		"?type=application/json&stall": "cut", "?type=text/csv&stall": "cut",
	} {
		requests.Go(func() {
			r := get(t, p.Addr(), "/"+query)
			got := "whole"
			if r.err != nil {
				got = "cut"
			}
			if strings.HasSuffix(string(r.body), "late") {
				got = "late"
			}
			if got != want || !strings.HasPrefix(string(r.body), "partpartpartpart") {
				t.Errorf("%s: %s, %q (%v), want %s", query, got, r.body, r.err, want)
			}
		})
	}
	requests.Wait()
}

// TestProxy_UnreadResponse tests that a client which does not read is cut off.
func TestProxy_UnreadResponse(t *testing.T) {
	ended := make(chan struct{})
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		defer close(ended)
		w.Header().Set("Content-Type", "application/octet-stream")
		for block := make([]byte, 1<<20); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	c := config(upstream.URL)
	c.ClientTimeout = 200 * time.Millisecond
	conn, err := net.Dial("tcp", start(t, c).Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("upstream still writes")
	}
}
