package testserver

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"testing"
)

// The ports are below the kernel's ephemeral range, so that no client gets a server's port while the server restarts.
const firstPort, lastPort = 10_000, 32_000

// allocated is the number of ports that this process has tried.
var allocated atomic.Int32

// Address returns a free loopback address, a different one on each call.
func Address(t testing.TB) string {
	t.Helper()
	first := firstPort + os.Getpid()%200*100 // concurrent processes begin at different ports
	for port := first + int(allocated.Add(1)); port < lastPort; port = first + int(allocated.Add(1)) {
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}
