package server_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
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

// isClosed tells whether the other side closes a connection within the time.
func isClosed(t *testing.T, conn net.Conn, within time.Duration) bool {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	_, err := conn.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

// Who opens many connections and says nothing keeps out nobody who does, however many they are; the oldest go first.
func TestSilentConnectionsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxConns, c.HandshakeTimeout = 40, time.Hour })
	for _, address := range []string{r.GRPCAddr(), r.HTTPAddr()} {
		silent := connect(t, address, 200)
		if !isClosed(t, silent[0], patience) {
			t.Errorf("%s: the oldest of 200 silent connections is still open, where 10 may be", address)
		}
		if isClosed(t, silent[len(silent)-1], 50*time.Millisecond) {
			t.Errorf("%s: the youngest silent connection is closed already", address)
		}
	}
	for _, way := range r.ways() {
		if _, err := way.do(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s beside silent connections: %v", way.name, err)
		}
	}
}

func TestSilentConnectionsAreClosedAfterAWhile(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.HandshakeTimeout = 50 * time.Millisecond })
	for _, address := range []string{r.GRPCAddr(), r.HTTPAddr()} {
		if conn := connect(t, address, 1)[0]; !isClosed(t, conn, patience) {
			t.Errorf("%s: still open", address)
		}
	}
	r.wantMetric(t, `tiny_test_connections_refused_total{cause="silent",port="grpc"} 1`)
	r.wantMetric(t, `tiny_test_connections_refused_total{cause="silent",port="http"} 1`)
}

// A connection above the limit is closed as soon as it speaks; those below go on.
func TestMoreThanMaxConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxConns = 4 })
	r.metrics(t) // over the first connection, which is kept
	var served []net.Conn
	for range 3 {
		conn := connect(t, r.HTTPAddr(), 1)[0]
		wantServed(t, conn)
		served = append(served, conn)
	}
	for i := range 5 {
		conn := connect(t, r.HTTPAddr(), 1)[0]
		if _, err := io.WriteString(conn, "G"); err != nil {
			t.Fatal(err)
		}
		if !isClosed(t, conn, patience) {
			t.Errorf("connection %d is still open, where 4 may be", 5+i)
		}
	}
	r.wantMetric(t, `tiny_test_connections_refused_total{cause="limit",port="http"} 5`)
	for _, conn := range served {
		wantServed(t, conn)
	}
}

// wantServed sends a request and waits for its answer.
func wantServed(t *testing.T, conn net.Conn) {
	t.Helper()
	_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Errorf("an open connection is not served: %v", err)
		return
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Errorf("an open connection is not served whole: %v", err)
	}
}
