package machine

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
)

// The ports that are given out are below those that the kernel gives to clients, one of which could else have a server's port in the
// moment in which that restarts.
const firstPort, lastPort = 10_000, 32_000

// next is the port that was given out last. A run begins beside where others do.
var next = func() *atomic.Int32 {
	port := new(atomic.Int32)
	port.Store(int32(firstPort + os.Getpid()%100*100))
	return port
}()

// Addresses are a number of addresses, host:port on the loopback, that nobody listens on and that this program gives to nobody else.
func Addresses(n int) (all []string, err error) {
	for len(all) < n {
		port := next.Add(1)
		if port > lastPort {
			return nil, errors.New("no free port")
		}
		if address := fmt.Sprintf("127.0.0.1:%d", port); !Taken(address) {
			all = append(all, address)
		}
	}
	return all, nil
}

// Taken tells whether somebody listens there, or did so lately.
func Taken(address string) bool {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return true
	}
	return l.Close() != nil
}
