package server_test

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
)

func TestListen_Port0PicksFreePort(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, address := range []string{s.GRPCAddr(), s.HTTPAddr()} {
		host, port, err := net.SplitHostPort(address)
		if err != nil || host != "127.0.0.1" || port == "0" {
			t.Errorf("%s, %v, want a port of 127.0.0.1", address, err)
		}
	}
	if s.GRPCAddr() == s.HTTPAddr() {
		t.Errorf("%s twice", s.GRPCAddr())
	}
}

// The error names the port and the address.
func TestListen_PortInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name string
		set  func(*server.Config)
	}{
		{"--grpc-addr", func(c *server.Config) { c.GRPCAddr = taken.Addr().String() }},
		{"--http-addr", func(c *server.Config) { c.HTTPAddr = taken.Addr().String() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := config()
			c.set(&config)
			_, err := server.Listen(config, testDomain, slog.New(slog.NewTextHandler(io.Discard, nil)), newTestService())
			if !errors.Is(err, syscall.EADDRINUSE) {
				t.Fatalf("%v, want address in use", err)
			}
			if !strings.HasPrefix(err.Error(), c.name+": ") || !strings.Contains(err.Error(), taken.Addr().String()) {
				t.Errorf("%v, want it to name %s and %s", err, c.name, taken.Addr())
			}
		})
	}
}

// The client reconnects while it calls, and no call fails.
func TestServe_MaxConnectionAge(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxConnectionAge = 20 * time.Millisecond })
	seen := map[string]bool{}
	for deadline := time.Now().Add(testTimeout); len(seen) < 5; {
		var from peer.Peer
		err := h.conn.Invoke(t.Context(), doMethod, &annotations.HttpRule{Selector: "echo"}, new(annotations.HttpRule), grpc.Peer(&from))
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("%v, %d connections", err, len(seen))
		}
		seen[from.LocalAddr.String()] = true
	}
}
