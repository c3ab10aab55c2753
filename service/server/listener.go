package server

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/net/netutil"
)

// A listener limits and counts open connections. netutil.LimitListener does not expose the count.
type listener struct {
	net.Listener
	open atomic.Int64
}

// newListener wraps l. A limit of 0 means no limit.
func newListener(l net.Listener, limit int) *listener {
	if limit > 0 {
		l = netutil.LimitListener(l, limit)
	}
	return &listener{Listener: l}
}

// address returns the listener's address, empty for nil.
func (l *listener) address() string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	return &countedConn{accepted, &connAddr{Addr: accepted.RemoteAddr()}, sync.OnceFunc(func() { l.open.Add(-1) })}, nil
}

// Close implements net.Listener. Closing twice is no error: the drain closes the listener before http.Server does.
func (l *listener) Close() error {
	if err := l.Listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// A countedConn calls closed when it is closed.
type countedConn struct {
	net.Conn
	addr   *connAddr
	closed func()
}

// A connAddr is the address of a client. It carries the state of the connection to its calls, for which grpc-go has only
// a stats.Handler, which is called several times for each call.
type connAddr struct {
	net.Addr
	unsent atomic.Int64 // bytes of large replies that gRPC has not sent yet
}

// RemoteAddr implements net.Conn.
func (c *countedConn) RemoteAddr() net.Addr { return c.addr }

// Close implements net.Conn.
func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}
