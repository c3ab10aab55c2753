package proxy_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// TestProxy_OwnErrors tests the responses of the proxy itself.
func TestProxy_OwnErrors(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	ended := make(chan struct{})
	upstream := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			panic(http.ErrAbortHandler)
		}
		<-ended
	})
	defer close(ended)
	for _, k := range []struct {
		name, url, path, reason, retry, outcome string
		status                                  int
	}{
		{"refused", "http://" + closed.Addr().String(), "/", "UPSTREAM_UNREACHABLE", "BACKOFF", "NOT_APPLIED", 502},
		{"broken", upstream.URL, "/broken", "UPSTREAM_CONNECTION_BROKEN", "VERIFY_FIRST", "UNKNOWN", 502},
		{"silent", upstream.URL, "/silent", "UPSTREAM_TIMEOUT", "VERIFY_FIRST", "UNKNOWN", 504},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := config(k.url)
			c.UpstreamTimeout = 50 * time.Millisecond
			r := do(t, start(t, c).Addr(), http.MethodPost, k.path, nil)
			var body map[string]string
			if err := json.Unmarshal(r.body, &body); err != nil || r.status != k.status {
				t.Fatalf("HTTP %d %s: %v, want %d", r.status, r.body, err, k.status)
			}
			want := map[string]string{"error_code": k.reason, "error_reason": k.reason, "error_retry": k.retry, "error_outcome": k.outcome, "error_domain": "cbcerr"}
			if body["error_msg"] == "" {
				t.Error("no message")
			}
			delete(body, "error_msg")
			if diff := cmp.Diff(want, body); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			info := infoOf(t, r.header)
			if info.GetDomain() != "cbcerr" || info.GetReason() != k.reason || r.header.Get("cbcerr-reason") != k.reason ||
				r.header.Get("cbcerr-retry") != k.retry || r.header.Get("cbcerr-outcome") != k.outcome {
				t.Errorf("%v, %v", info, r.header)
			}
		})
	}
}

// TestProxy_NoSecondAttempt tests that a request which may have had an effect is sent once, also with a key for idempotency.
func TestProxy_NoSecondAttempt(t *testing.T) {
	for _, key := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		var attempts atomic.Int32
		p := start(t, config(newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				attempts.Add(1)
				if r.Header.Get(key) != "1" {
					t.Errorf("%s: upstream received %v", key, r.Header)
				}
				panic(http.ErrAbortHandler)
			}
		}).URL))
		get(t, p.Addr(), "/") // http.Transport repeats requests on connections that it used before
		r := do(t, p.Addr(), http.MethodPost, "/", nil, key, "1")
		if n := attempts.Load(); n != 1 || r.status != http.StatusBadGateway || r.header.Get("cbcerr-retry") != "VERIFY_FIRST" {
			t.Errorf("%s: %d attempts, HTTP %d, %v", key, n, r.status, r.header)
		}
	}
}

// infoOf returns the ErrorInfo of a reply.
func infoOf(t *testing.T, h http.Header) *errdetails.ErrorInfo {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(h.Get("cbcerr-status-bin"))
	s, info := new(statuspb.Status), new(errdetails.ErrorInfo)
	if err != nil || proto.Unmarshal(b, s) != nil || len(s.GetDetails()) == 0 || s.Details[0].UnmarshalTo(info) != nil {
		t.Fatalf("no ErrorInfo in %q: %v", h.Get("cbcerr-status-bin"), err)
	}
	return info
}

// TestProxy_SilentClient tests that a client which stops sending its request is cut off, and a slow one is not.
func TestProxy_SilentClient(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	c := config(upstream.URL)
	c.PeerTimeout, c.HandshakeTimeout = 300*time.Millisecond, 300*time.Millisecond
	p := start(t, c)
	for _, request := range []string{"POST / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"} {
		begin := time.Now()
		exchange(t, p.Addr(), request)
		if d := time.Since(begin); d > 20*time.Second {
			t.Errorf("%q: cut off after %v", request, d)
		}
	}
	body, writer := io.Pipe()
	go func() {
		for range 8 { // longer than the timeout altogether
			time.Sleep(c.PeerTimeout / 4)
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
			time.Sleep(200 * time.Millisecond)
			_, _ = io.WriteString(w, "x")
			_ = http.NewResponseController(w).Flush()
		}
	})
	c := config(upstream.URL)
	c.PeerTimeout, c.HandshakeTimeout, c.UpstreamTimeout = 50*time.Millisecond, 50*time.Millisecond, time.Minute
	if r := do(t, start(t, c).Addr(), http.MethodPost, "/", http.NoBody); string(r.body) != "xxx" || r.err != nil {
		t.Errorf("%q, %v", r.body, r.err)
	}
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
	c.PeerTimeout = 200 * time.Millisecond
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
