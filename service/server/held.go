package server

import (
	"context"
	"net"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/tap"
)

// What peers make the server keep is counted by connection: calls that are open, requests, and answers that gRPC keeps until they are
// taken, for as long as a peer likes and when the call has long given back its place. A connection that has its share gets nothing more
// until it is done with some of it; if all have more than there is room for, the one with the most is closed.
const (
	callBytes   = 16 << 10 // of an open call, besides its metadata: its stack and what gRPC notes
	answerBytes = 1 << 10  // of an answer, besides its own
	shares      = 4        // of all there is room for, one is what a connection may have
)

// An origin is the address of a peer that knows its connection, and what is held for it.
type origin struct {
	net.Addr
	conn   net.Conn
	refuse func(cause string) // counts that it is closed

	known atomic.Bool // to the ledger
	gone  atomic.Bool // is closed, and nothing is counted any more
	mu    sync.Mutex
	bytes int
}

func originOf(ctx context.Context) *origin {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return nil
	}
	o, _ := from.Addr.(*origin)
	return o
}

// peerOf is the address of who calls, for the log.
func peerOf(ctx context.Context) string {
	if from, ok := peer.FromContext(ctx); ok && from.Addr != nil {
		return from.Addr.String()
	}
	return ""
}

// A ledger counts what is held.
type ledger struct {
	most  int // bytes of all
	total atomic.Int64

	mu    sync.Mutex
	known map[*origin]bool // those that are open and had something held
}

func newLedger(most int) *ledger { return &ledger{most: most, known: map[*origin]bool{}} }

// share is what one connection may have.
func (l *ledger) share() int { return l.most / shares }

// add counts bytes for a connection.
func (l *ledger) add(of *origin, bytes int) {
	if of.known.CompareAndSwap(false, true) {
		l.enter(of)
	}
	if of.add(bytes) && l.total.Add(int64(bytes)) > int64(l.most) {
		l.relieve()
	}
}

func (o *origin) add(bytes int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone.Load() {
		return false
	}
	o.bytes += bytes
	return true
}

// full tells whether a connection has its share.
func (l *ledger) full(of *origin) bool {
	of.mu.Lock()
	defer of.mu.Unlock()
	return of.bytes >= l.share()
}

func (l *ledger) enter(of *origin) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !of.gone.Load() {
		l.known[of] = true
	}
}

// drop takes off what was counted.
func (l *ledger) drop(of *origin, bytes int) {
	of.mu.Lock()
	defer of.mu.Unlock()
	if !of.gone.Load() {
		of.bytes -= bytes
		l.total.Add(-int64(bytes))
	}
}

// leave forgets a connection that is closed.
func (l *ledger) leave(of *origin) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(of)
}

func (l *ledger) forget(of *origin) {
	of.mu.Lock()
	defer of.mu.Unlock()
	of.gone.Store(true)
	l.total.Add(-int64(of.bytes))
	of.bytes = 0
	delete(l.known, of)
}

// relieve closes the connection with the most, unless somebody has just done so.
func (l *ledger) relieve() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if worst := l.worst(); worst != nil && l.total.Load() > int64(l.most) {
		l.forget(worst)
		worst.refuse("held")
		worst.conn.Close() // the rest is done by who serves it
	}
}

func (l *ledger) worst() (worst *origin) {
	most := 0
	for of := range l.known {
		of.mu.Lock()
		if of.bytes > most {
			worst, most = of, of.bytes
		}
		of.mu.Unlock()
	}
	return worst
}

// A part is so many bytes that are counted for a connection.
type part struct {
	ledger *ledger
	of     *origin
	bytes  int
}

func (p part) drop() { p.ledger.drop(p.of, p.bytes) }

// A holding is what is held for one call. The zero value counts nothing.
type holding struct {
	ledger *ledger
	of     *origin // nil where the connection is none of ours
	bytes  int
}

// hold begins to count for a call.
func (o *observer) hold(ctx context.Context) holding {
	return holding{ledger: o.held, of: originOf(ctx)}
}

// add counts more.
func (h *holding) add(bytes int) {
	if h.of != nil && bytes > 0 {
		h.ledger.add(h.of, bytes)
		h.bytes += bytes
	}
}

// full tells whether there is no room for more.
func (h *holding) full() bool { return h.of != nil && h.ledger.full(h.of) }

// free takes it all off.
func (h *holding) free() {
	if h.bytes > 0 {
		h.ledger.drop(h.of, h.bytes)
	}
	h.bytes = 0
}

// headers are counted where they are more than usual. It is what gRPC calls a tap: the one place that sees them uncopied.
func headers(ctx context.Context, info *tap.Info) (context.Context, error) {
	if size := sizeOf(info.Header); size > fewHeaders {
		ctx = context.WithValue(ctx, headersKey{}, size)
	}
	return ctx, nil
}

type headersKey struct{}

const (
	perHeader  = 32      // bytes of a name or a value, besides its own
	fewHeaders = 2 << 10 // bytes that callBytes has room for
)

func sizeOf(md metadata.MD) (bytes int) {
	for name, values := range md {
		bytes += len(name) + perHeader
		for _, value := range values {
			bytes += len(value) + perHeader
		}
	}
	return bytes
}

// costOf is what an open call takes.
func costOf(ctx context.Context) int {
	size, _ := ctx.Value(headersKey{}).(int)
	return callBytes + size
}
