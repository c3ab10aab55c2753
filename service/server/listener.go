package server

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/net/netutil"
)

// A listener limits and counts open connections. netutil.LimitListener limits them but does not tell how many are open.
type listener struct {
	net.Listener
	open atomic.Int64
}

func newListener(l net.Listener, limit int) *listener {
	return &listener{Listener: netutil.LimitListener(l, limit)}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	return &conn{Conn: accepted, closed: sync.OnceFunc(func() { l.open.Add(-1) })}, nil
}

// Close implements net.Listener. A drain closes it before http.Server does, for which that is no error.
func (l *listener) Close() error {
	if err := l.Listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// A conn is a counted connection.
type conn struct {
	net.Conn
	closed func()
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.closed()
	return c.Conn.Close()
}
