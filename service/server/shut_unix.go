//go:build unix

package server

import (
	"errors"
	"net"
	"os"
	"slices"
	"syscall"
)

// lastConnections takes all connections that the kernel has made for a listener, and has it make no more. To close the listener
// at once would break them.
func lastConnections(l net.Listener) (conns []net.Conn) {
	socket, ok := l.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil
	}
	_ = raw.Control(func(fd uintptr) { // it fails where the listener is closed: then there are none
		dropAll(int(fd))
		for {
			accepted, _, err := syscall.Accept(int(fd))
			if errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.ECONNABORTED) {
				continue // there may be others behind it
			}
			if err != nil {
				break
			}
			conns = append(conns, connOf(accepted))
		}
		_ = syscall.Shutdown(int(fd), syscall.SHUT_RD) // right now; where a system does not know it, Close does it a little later
	})
	return slices.DeleteFunc(conns, func(c net.Conn) bool { return c == nil })
}

// connOf is an accepted connection, nil where it is broken already.
func connOf(fd int) net.Conn {
	file := os.NewFile(uintptr(fd), "")
	defer file.Close() // the connection is another descriptor
	conn, err := net.FileConn(file)
	if err != nil {
		return nil
	}
	return conn
}
