package testserver

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"testing"
)

// Ports are below those that the kernel gives to clients: no client takes a server's port while the server restarts.
const firstPort, lastPort = 10_000, 32_000

// taken is the number of ports that this process has taken.
var taken atomic.Int32

// Address returns an address on the loopback that nothing listens on, another one for each call.
func Address(t testing.TB) string {
	t.Helper()
	first := firstPort + os.Getpid()%200*100 // processes that run at the same time begin at different ports
	for port := first + int(taken.Add(1)); port < lastPort; port = first + int(taken.Add(1)) {
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}
