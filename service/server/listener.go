package server

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
)

// A listener tracks the connections that it accepts: how many are open, and what the ledger holds for each. At a stop it still accepts
// those that the kernel has made. It does not limit their number: netutil.LimitListener does.
type listener struct {
	net.Listener
	ledger     *ledger
	refuse     func(cause string) // counts connections that the ledger closes
	countBytes bool               // that come; of gRPC, framed counts them

	open     atomic.Int64 // connections
	unserved atomic.Int64 // connections that nobody has begun to read
	stopping atomic.Bool
	quiet    atomic.Bool   // Accept has seen that the kernel makes no more
	last     chan net.Conn // connections that the kernel had made at the stop
	closed   chan struct{}
	once     sync.Once
}

func (s *Server) newListener(l net.Listener, port string) *listener {
	return &listener{
		Listener: l, ledger: s.observer.held,
		refuse: func(cause string) { s.observer.metrics.refused.WithLabelValues(port, cause).Inc() },
		last:   make(chan net.Conn), closed: make(chan struct{}),
	}
}

// Accept implements net.Listener. Between shut and Close it returns the last connections.
func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err == nil {
		return l.track(accepted), nil
	}
	if !l.stopping.Load() {
		return nil, err
	}
	l.quiet.Store(true)
	select {
	case accepted := <-l.last:
		return accepted, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	err := l.Listener.Close()
	if errors.Is(err, net.ErrClosed) {
		return nil // by shut
	}
	return err
}

// shut has the kernel make no more connections, and Accept return those that it has made: their peers may have sent a request.
func (l *listener) shut() {
	l.stopping.Store(true)
	last := lastConnections(l.Listener)
	for i, accepted := range last {
		last[i] = l.track(accepted)
	}
	l.Listener.Close()
	go l.handOver(last)
}

func (l *listener) handOver(last []net.Conn) {
	for _, accepted := range last {
		select {
		case l.last <- accepted:
		case <-l.closed:
			accepted.Close()
		}
	}
}

func (l *listener) track(accepted net.Conn) net.Conn {
	l.open.Add(1)
	l.unserved.Add(1)
	return &trackedConn{Conn: accepted, listener: l, origin: &origin{Addr: accepted.RemoteAddr(), conn: accepted, refuse: l.refuse}}
}

// A trackedConn is a connection that a listener tracks.
type trackedConn struct {
	net.Conn
	listener       *listener
	origin         *origin
	served, closed atomic.Bool
}

// RemoteAddr implements net.Conn. What serves the connection gets to know it only by this address.
func (c *trackedConn) RemoteAddr() net.Addr { return c.origin }

// Read implements net.Conn.
func (c *trackedConn) Read(p []byte) (int, error) {
	c.serve()
	n, err := c.Conn.Read(p)
	if c.listener.countBytes {
		c.listener.ledger.count(c.origin, amount{came: n})
	}
	return n, err
}

func (c *trackedConn) serve() {
	if c.served.CompareAndSwap(false, true) {
		c.listener.unserved.Add(-1)
	}
}

// Close implements net.Conn.
func (c *trackedConn) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.serve()
		c.listener.open.Add(-1)
		c.listener.ledger.leave(c.origin)
	}
	return c.Conn.Close()
}
