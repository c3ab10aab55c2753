package server_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/test/testca"
)

// withTLS returns a configuration with a certificate, and a client configuration that trusts its authority.
func withTLS(t *testing.T) (func(*server.Config), *tls.Config) {
	t.Helper()
	authority, err1 := testca.New("authority")
	if err1 != nil {
		t.Fatal(err1)
	}
	issued, err1 := authority.Issue("server", 2, time.Hour)
	pair, err2 := tls.X509KeyPair(issued.Certificate, issued.Key)
	client, err3 := authority.Client(nil)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	client.ServerName, client.NextProtos = "127.0.0.1", []string{"h2", "http/1.1"}
	return func(c *server.Config) { c.TLS = &tls.Config{Certificates: []tls.Certificate{pair}} }, client
}

// Handshakes run concurrently.
func TestHandshake_PendingDoNotBlock(t *testing.T) {
	t.Parallel()
	secure, client := withTLS(t)
	h := start(t, secure, func(c *server.Config) { c.HandshakeTimeout = time.Hour })
	for _, p := range h.ports() {
		connect(t, p.address, 20)
		conn := connect(t, p.address, 1)[0]
		if err := conn.SetDeadline(time.Now().Add(testTimeout)); err != nil {
			t.Fatal(err)
		}
		if err := tls.Client(conn, client).HandshakeContext(t.Context()); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
	}
}

// A connection without a handshake is a health check, and no failure.
func TestHandshake_FailureIsCountedAndLogged(t *testing.T) {
	t.Parallel()
	secure, _ := withTLS(t)
	h := start(t, secure, withAdmin)
	for _, p := range h.ports() {
		for range 3 {
			conn, err := net.Dial("tcp", p.address)
			if err != nil {
				t.Fatal(err)
			}
			conn.Close()
		}
		conn := connect(t, p.address, 1)[0]
		if _, err := io.WriteString(conn, strings.Repeat("x", 100)); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, conn) // until the server closes it
		h.wantMetric(t, `server_test_connections{port="`+p.name+`"} 0`)
		h.wantMetric(t, `server_test_tls_handshake_failures_total{port="`+p.name+`"} 1`)
	}
	lines := h.log.lines(t, "TLS handshake failed")
	if len(lines) != 2 || lines[0]["port"] != "grpc" || lines[1]["port"] != "http" {
		t.Fatalf("%v, want a line for each port", lines)
	}
	for _, line := range lines {
		if line["client.address"] != "127.0.0.1" || !strings.Contains(line["error"].(string), "tls: first record does not look like a TLS handshake") {
			t.Errorf("%v, want the peer and the error", line)
		}
	}
}
