package server_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"golang.org/x/net/http2"
	"google.golang.org/genproto/googleapis/api/annotations"
)

// connect opens connections that say nothing.
func connect(t *testing.T, address string, n int) []net.Conn {
	t.Helper()
	conns := make([]net.Conn, n)
	for i := range conns {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		t.Cleanup(func() { conn.Close() })
		conns[i] = conn
	}
	return conns
}

// A port is one of those whose connections are limited, and what a client says first there.
type port struct{ name, address, greeting string }

func (r *running) ports() []port {
	return []port{
		{"grpc", r.GRPCAddr(), http2.ClientPreface + "\x00\x00\x00\x04\x00\x00\x00\x00\x00"}, // settings, and none of them
		{"http", r.HTTPAddr(), "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"},
	}
}

// isAnswered reports whether the server says something on a connection within the time.
func isAnswered(t *testing.T, conn net.Conn, within time.Duration) bool {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	_, err := conn.Read(make([]byte, 1<<10))
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection is closed: %v", err)
	}
	return err == nil
}

func greet(t *testing.T, conns []net.Conn, greeting string) {
	t.Helper()
	for _, conn := range conns {
		if _, err := io.WriteString(conn, greeting); err != nil {
			t.Fatal(err)
		}
	}
}

// At the limit further clients wait, and each is served when another goes. The port for operators has no limit.
func TestServe_MaxConnections(t *testing.T) {
	t.Parallel()
	const most, more = 4, 3
	r := start(t, withAdmin, func(c *server.Config) { c.MaxConns, c.HandshakeTimeout = most, time.Hour })
	for _, p := range r.ports() {
		t.Run(p.name, func(t *testing.T) {
			first := connect(t, p.address, most)
			greet(t, first, p.greeting)
			for _, conn := range first {
				if !isAnswered(t, conn, patience) {
					t.Fatal("a connection below the limit is not served")
				}
			}
			waiting := connect(t, p.address, more)
			greet(t, waiting, p.greeting)
			for _, conn := range waiting {
				if isAnswered(t, conn, 100*time.Millisecond) {
					t.Error("a connection above the limit is served")
				}
			}
			r.wantMetric(t, `tiny_test_connections{port="`+p.name+`"} 4`)
			r.wantMetric(t, `tiny_test_max_connections{port="`+p.name+`"} 4`)
			r.wantReadyForOperators(t)
			for i, conn := range waiting {
				first[i].Close()
				if !isAnswered(t, conn, patience) {
					t.Errorf("connection %d above the limit is not served when another has gone", i)
				}
			}
		})
	}
}

func (r *running) wantReadyForOperators(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := r.askAdmin(t, path); a.http != http.StatusOK {
			t.Errorf("%s at the limit: %d, want 200", path, a.http)
		}
	}
}

// Connections that say nothing are closed after a while, and who waits for their places is served.
func TestServe_SilentConnections(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxConns, c.HandshakeTimeout = 4, time.Second })
	for _, p := range r.ports() {
		silent := connect(t, p.address, 5)
		for _, conn := range silent {
			if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: a silent connection is still open", p.name)
			}
		}
		connect(t, p.address, 5)
	}
	for _, way := range r.ways() {
		if _, err := way.do(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s behind silent connections: %v", way.name, err)
		}
	}
}

// A connection goes on being served for longer than its first request may take.
func TestServe_ConnectionOutlivesHandshakeTimeout(t *testing.T) {
	t.Parallel()
	const timeout = time.Second
	r := start(t, func(c *server.Config) { c.HandshakeTimeout = timeout })
	conn := connect(t, r.HTTPAddr(), 1)[0]
	replies := bufio.NewReader(conn)
	for range 2 {
		greet(t, []net.Conn{conn}, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
		reply, err := http.ReadResponse(replies, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reply.Body)
		if err != nil || strings.TrimSpace(string(text)) != "ok" {
			t.Errorf("%q, %v, want ok", text, err)
		}
		reply.Body.Close()
		time.Sleep(timeout * 3 / 2)
	}
}
