package server

import (
	"container/list"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A guard is a listener that hands on connections when their peers have said something, which the peers of all that is served
// here do first. Those that say nothing cost a little memory each and are closed after a while, or as soon as there
// are too many of them, the oldest first: so nobody who does say something is kept out by them. What is handed on is
// limited in number.
type guard struct {
	net.Listener
	most, mostSilent int
	patience         time.Duration
	greet            func(net.Conn) (net.Conn, error) // nil where there is nothing to do before a connection is served
	unwelcome        func(net.Addr, error)            // is told why that failed
	count            func(cause string)               // of refusals
	held             *ledger                          // counts what comes
	whole            bool                             // of all that comes, or somebody else knows what it is of

	talking chan accepted
	closed  chan struct{}
	once    sync.Once

	mu     sync.Mutex
	open   int
	silent *list.List // of *heard, the oldest first

	shutting atomic.Bool
	waiting  atomic.Int64 // connections that nobody has begun to serve
}

type accepted struct {
	conn net.Conn
	err  error
}

// silentShare is the part of the connections that may be silent.
const silentShare = 4

// newGuard stands before a listener; start lets connections in.
func newGuard(l net.Listener, most int, patience time.Duration, count func(string)) *guard {
	return &guard{
		Listener: l, most: most, mostSilent: max(1, most/silentShare), patience: patience, count: count,
		talking: make(chan accepted), closed: make(chan struct{}), silent: list.New(),
	}
}

func (g *guard) start() { go g.listen() }

// Accept implements net.Listener.
func (g *guard) Accept() (net.Conn, error) {
	select {
	case a := <-g.talking:
		return a.conn, a.err
	case <-g.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. Silent connections are closed with it.
func (g *guard) Close() error {
	g.once.Do(func() { close(g.closed) })
	err := g.Listener.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil // by shut
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for e := g.silent.Front(); e != nil; e = e.Next() {
		e.Value.(*heard).Conn.Close() // the rest is done by who waits for it
	}
	return err
}

// listen accepts until the listener is closed. Other errors pass: there may be no file descriptors for now.
func (g *guard) listen() {
	for {
		conn, err := g.Listener.Accept()
		switch {
		case err != nil && (g.shutting.Load() || errors.Is(err, net.ErrClosed)):
			return
		case err != nil:
			g.handOn(accepted{err: err})
			time.Sleep(10 * time.Millisecond)
		default:
			g.take(conn)
		}
	}
}

// take waits for what a connection's peer says, unless there are too many already.
func (g *guard) take(conn net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open >= g.most+g.mostSilent {
		g.count("limit")
		conn.Close()
		return
	}
	if g.silent.Len() >= g.mostSilent {
		oldest := g.silent.Front().Value.(*heard)
		g.leave(oldest)
		oldest.Conn.Close()
	}
	g.open++
	g.waiting.Add(1)
	c := &heard{Conn: conn, guard: g, origin: &origin{Addr: conn.RemoteAddr(), conn: conn, refuse: g.count}}
	c.place = g.silent.PushBack(c)
	go g.hear(c)
}

// leave takes a connection out of the count, once.
func (g *guard) leave(c *heard) {
	if !c.left {
		c.left = true
		g.open--
	}
	g.silent.Remove(c.place)
}

// hear waits for the first byte.
func (g *guard) hear(c *heard) {
	err := c.SetReadDeadline(time.Now().Add(g.patience))
	if err == nil {
		_, err = c.Conn.Read(c.first[:])
	}
	if err == nil {
		err = c.SetReadDeadline(time.Time{})
	}
	g.mu.Lock()
	g.silent.Remove(c.place)
	full := g.open-g.silent.Len() > g.most
	g.mu.Unlock()
	switch {
	case err != nil:
		g.count("silent")
		c.Close()
	case full:
		g.count("limit")
		c.Close()
	default:
		g.begin(c)
	}
}

// begin hands a connection on, once both sides have greeted each other.
func (g *guard) begin(c *heard) {
	if g.greet == nil {
		g.handOn(accepted{conn: c})
		return
	}
	greeted, err := g.greet(c)
	if err != nil {
		g.unwelcome(c.RemoteAddr(), err)
		partInPeace(c)
		c.Close()
		return
	}
	g.handOn(accepted{conn: greeted})
}

func (g *guard) handOn(a accepted) {
	select {
	case g.talking <- a:
	case <-g.closed:
		if a.conn != nil {
			a.conn.Close()
		}
	}
}

// connections is how many are open.
func (g *guard) connections() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

// heard is a connection whose first byte has been read.
type heard struct {
	net.Conn
	guard *guard
	first [1]byte
	given bool
	place *list.Element // among the silent
	left  bool          // the counts

	begun  atomic.Bool // to be served, or closed
	origin *origin
}

// RemoteAddr implements net.Conn. What serves the connection gets to know it only by this address.
func (c *heard) RemoteAddr() net.Addr { return c.origin }

// Read implements net.Conn.
func (c *heard) Read(p []byte) (int, error) {
	if c.given || len(p) == 0 {
		n, err := c.Conn.Read(p)
		if c.guard.whole {
			c.guard.held.count(c.origin, amount{came: n})
		}
		return n, err
	}
	c.given = true
	c.begin()
	return copy(p, c.first[:]), nil
}

func (c *heard) begin() {
	if c.begun.CompareAndSwap(false, true) {
		c.guard.waiting.Add(-1)
	}
}

// CloseWrite ends our side where the connection knows sides; net/http does so for peers that still send when they are refused.
func (c *heard) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// Close implements net.Conn.
func (c *heard) Close() error {
	c.guard.mu.Lock()
	c.guard.leave(c)
	c.guard.mu.Unlock()
	c.begin()
	c.guard.held.leave(c.origin)
	return c.Conn.Close()
}
