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

// connect opens connections and sends nothing.
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

// A port has a connection limit. firstBytes are those of a client of its protocol.
type port struct{ name, address, firstBytes string }

func (h *harness) ports() []port {
	return []port{
		{"grpc", h.GRPCAddr(), http2.ClientPreface + "\x00\x00\x00\x04\x00\x00\x00\x00\x00"}, // an empty SETTINGS frame
		{"http", h.HTTPAddr(), "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"},
	}
}

// isAnswered reports whether the server sends anything on a connection within the time.
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

func writeAll(t *testing.T, conns []net.Conn, firstBytes string) {
	t.Helper()
	for _, conn := range conns {
		if _, err := io.WriteString(conn, firstBytes); err != nil {
			t.Fatal(err)
		}
	}
}

// Above the limit, each client is served when another connection closes. The admin port has no limit.
func TestListener_MaxConnections(t *testing.T) {
	t.Parallel()
	const most, more = 4, 3
	h := start(t, withAdmin, func(c *server.Config) { c.MaxConnections, c.HandshakeTimeout = most, time.Hour })
	for _, p := range h.ports() {
		t.Run(p.name, func(t *testing.T) {
			first := connect(t, p.address, most)
			writeAll(t, first, p.firstBytes)
			for _, conn := range first {
				if !isAnswered(t, conn, testTimeout) {
					t.Fatal("a connection below the limit is not served")
				}
			}
			waiting := connect(t, p.address, more)
			writeAll(t, waiting, p.firstBytes)
			for _, conn := range waiting {
				if isAnswered(t, conn, 100*time.Millisecond) {
					t.Error("a connection above the limit is served")
				}
			}
			h.wantMetric(t, `server_test_connections{port="`+p.name+`"} 4`)
			h.wantMetric(t, `server_test_max_connections{port="`+p.name+`"} 4`)
			h.wantAdminReady(t)
			for i, conn := range waiting {
				first[i].Close()
				if !isAnswered(t, conn, testTimeout) {
					t.Errorf("connection %d above the limit is not served after another has closed", i)
				}
			}
		})
	}
}

func (h *harness) wantAdminReady(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/healthz", "/readyz"} {
		if reply := h.getAdmin(t, path); reply.status != http.StatusOK {
			t.Errorf("%s at the limit: %d, want 200", path, reply.status)
		}
	}
}

// The connections that replace them are served.
func TestListener_ClosesSilentConnections(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxConnections, c.HandshakeTimeout = 4, time.Second })
	for _, p := range h.ports() {
		silent := connect(t, p.address, 5)
		for _, conn := range silent {
			if err := conn.SetReadDeadline(time.Now().Add(testTimeout)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: a silent connection is still open", p.name)
			}
		}
		connect(t, p.address, 5)
	}
	for _, transport := range h.transports() {
		if _, err := transport.call(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s behind silent connections: %v", transport.name, err)
		}
	}
}

func TestListener_ActiveConnectionOutlivesHandshakeTimeout(t *testing.T) {
	t.Parallel()
	const timeout = time.Second
	h := start(t, func(c *server.Config) { c.HandshakeTimeout = timeout })
	conn := connect(t, h.HTTPAddr(), 1)[0]
	replies := bufio.NewReader(conn)
	for range 2 {
		writeAll(t, []net.Conn{conn}, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
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
