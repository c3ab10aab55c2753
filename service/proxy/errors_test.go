package proxy_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// TestProxy_OwnErrors tests the responses of the proxy itself. The log tells the cause.
func TestProxy_OwnErrors(t *testing.T) {
	ended := make(chan struct{})
	upstream := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			panic(http.ErrAbortHandler)
		}
		<-ended
	})
	defer close(ended)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	unreachable := map[string]string{"reason": "UPSTREAM_UNREACHABLE", "retry": "BACKOFF", "outcome": "NOT_APPLIED"}
	broken := map[string]string{"reason": "UPSTREAM_CONNECTION_BROKEN", "retry": "VERIFY_FIRST", "outcome": "UNKNOWN"}
	late := map[string]string{"reason": "UPSTREAM_TIMEOUT", "retry": "VERIFY_FIRST", "outcome": "UNKNOWN"}
	for _, k := range []struct {
		name, url, path, cause string
		status                 int // of a POST
		want                   map[string]string
	}{
		{"refused", "http://" + refusingAddr(t), "/", "dial tcp", 502, unreachable},
		{"late handshake", "https://" + silentAddr(t), "/", "TLS handshake timeout", 502, unreachable},
		{"handshake of plaintext", "https://" + upstream.Listener.Addr().String(), "/", "not look like a TLS handshake", 502, unreachable},
		{"unknown authority", secure.URL, "/", "failed to verify certificate", 502, unreachable},
		{"broken", upstream.URL, "/broken", "EOF", 502, broken},
		{"silent", upstream.URL, "/silent", "timeout awaiting response headers", 502, late},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := config(k.url)
			if k.name == "late handshake" {
				c.ConnectTimeout = 500 * time.Millisecond
			}
			if k.name == "silent" {
				c.UpstreamTimeout = 50 * time.Millisecond
			}
			var text lockedBuffer
			r := do(t, startWithLog(t, c, slog.New(slog.NewTextHandler(&text, nil))).Addr(), http.MethodPost, k.path, nil)
			contains(t, []byte(text.String()), k.cause)
			checkOwnError(t, r, k.status, k.want)
		})
	}
}

// checkOwnError compares status, body, headers and ErrorInfo of a reply with the fields of an error of the proxy itself.
func checkOwnError(t *testing.T, r reply, status int, want map[string]string) {
	t.Helper()
	var body map[string]string
	if err := json.Unmarshal(r.body, &body); err != nil || r.status != status || body["error_msg"] == "" {
		t.Fatalf("HTTP %d %s: %v, want %d and a message", r.status, r.body, err, status)
	}
	delete(body, "error_msg")
	fields := map[string]string{"error_code": want["reason"], "error_domain": "cbcerr"}
	for name, value := range want {
		fields["error_"+name] = value
		if got := r.header.Get("cbcerr-" + name); got != value {
			t.Errorf("cbcerr-%s: %q, want %q", name, got, value)
		}
	}
	if diff := cmp.Diff(fields, body); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if info := infoOf(t, r.header); info.GetDomain() != "cbcerr" || info.GetReason() != want["reason"] {
		t.Errorf("ErrorInfo: %v", info)
	}
}

// refusingAddr returns an address that refuses connections: the client's end of a connection. Nobody else can listen there
// while the test runs.
func refusingAddr(t *testing.T) string {
	t.Helper()
	conn, err := net.Dial("tcp", silentAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn.LocalAddr().String()
}

// silentAddr returns an address that takes connections, and never reads from them or writes to them.
func silentAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
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

// TestProxy_RefusedSecondAttempt tests a query that http.Transport repeats, as its connection ended, and that is refused then.
func TestProxy_RefusedSecondAttempt(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		requests := bufio.NewReader(conn)
		_, _ = http.ReadRequest(requests)
		_ = l.Close() // before the client can send a second request
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
		_, _ = http.ReadRequest(requests)
	}()
	p := start(t, config("http://"+l.Addr().String()))
	if r := get(t, p.Addr(), "/"); r.status != http.StatusOK {
		t.Fatalf("HTTP %d", r.status)
	}
	checkOwnError(t, get(t, p.Addr(), "/"), 502, map[string]string{"reason": "UPSTREAM_UNREACHABLE", "retry": "BACKOFF", "outcome": "NOT_APPLIED"})
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
