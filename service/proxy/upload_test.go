package proxy_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestProxy_Expect tests that a client which waits for 100 Continue gets it from upstream.
func TestProxy_Expect(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	p := start(t, config(upstream.URL))
	response := exchange(t, p.Addr(), "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
	if !strings.HasPrefix(response, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n") || !strings.HasSuffix(response, "{}") {
		t.Errorf("%q", response)
	}
}

// TestProxy_Upload tests that a request streams: upstream reads its begin before its end is sent.
func TestProxy_Upload(t *testing.T) {
	var first atomic.Bool
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		buffer := make([]byte, 5)
		_, err := io.ReadFull(r.Body, buffer)
		first.Store(err == nil && string(buffer) == "begin")
		_, _ = io.Copy(w, r.Body)
	})
	p := start(t, config(upstream.URL))
	body, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, "begin")
		for end := time.Now().Add(10 * time.Second); !first.Load() && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		_, _ = io.WriteString(writer, "end")
		writer.Close()
	}()
	if r := do(t, p.Addr(), http.MethodPost, "/", body); string(r.body) != "end" || !first.Load() {
		t.Errorf("%q, read while sending: %v", r.body, first.Load())
	}
}
