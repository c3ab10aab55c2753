package proxy_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
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

// TestProxy_RequestErrors tests requests that the proxy refuses by itself, and bodies that it cannot read.
func TestProxy_RequestErrors(t *testing.T) {
	upstream := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			t.Errorf("upstream received %s %s", r.Method, r.URL)
		}
	})
	p := start(t, config(upstream.URL))
	for request, want := range map[string][2]string{
		"CONNECT bss.myhuaweicloud.com:443 HTTP/1.1\r\nHost: bss.myhuaweicloud.com:443\r\nConnection: close\r\n\r\n":          {"HTTP/1.1 501 ", "CONNECT_NOT_SUPPORTED CHANGE_REQUEST NOT_APPLIED"},
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\nxyz\r\n0\r\n\r\n": {"HTTP/1.1 400 ", "REQUEST_BODY_INVALID VERIFY_FIRST UNKNOWN"},
	} {
		response := exchange(t, p.Addr(), request)
		r, err := http.ReadResponse(bufio.NewReader(strings.NewReader(response)), nil)
		if err != nil {
			t.Errorf("%q: %v", request, err)
			continue
		}
		r.Body.Close()
		got := r.Header.Get("cbcerr-reason") + " " + r.Header.Get("cbcerr-retry") + " " + r.Header.Get("cbcerr-outcome")
		if !strings.HasPrefix(response, want[0]) || got != want[1] {
			t.Errorf("%q: %q, want %q", request, response, want)
		}
		contains(t, []byte(response), `"error_domain":"cbcerr"`)
	}
}

// TestProxy_InvalidStatus tests responses of upstream that HTTP does not know.
func TestProxy_InvalidStatus(t *testing.T) {
	for _, response := range []string{
		"HTTP/1.1 099 Low\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
		"HTTP/1.1 1000 High\r\nContent-Length: 2\r\n\r\n{}", "no HTTP at all\r\n\r\n",
	} {
		r := get(t, start(t, config(startRaw(t, response))).Addr(), "/")
		if r.status != http.StatusBadGateway || r.header.Get("cbcerr-reason") != "UPSTREAM_CONNECTION_BROKEN" || r.header.Get("cbcerr-outcome") != "UNKNOWN" {
			t.Errorf("%q: HTTP %d, %v", response, r.status, r.header)
		}
	}
}

// TestProxy_InterimResponse tests that the headers which clients trust do not come from an interim response of upstream.
func TestProxy_InterimResponse(t *testing.T) {
	const interim = "HTTP/1.1 103 Early Hints\r\nCbcerr-Reason: FORGED\r\nLink: </x>\r\n\r\n"
	p := start(t, config(startRaw(t, interim+"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")))
	response := exchange(t, p.Addr(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if strings.Contains(response, "FORGED") || !strings.HasPrefix(response, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n") {
		t.Errorf("%q", response)
	}
}

// startRaw starts an upstream that answers each connection with the same bytes, and returns its URL.
func startRaw(t *testing.T, response string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, response)
			_ = conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}
