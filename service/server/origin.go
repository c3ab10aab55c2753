package server

import (
	"context"
	"net"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/peer"
)

// An origin is the address of a peer that knows its connection, and what is held for it.
type origin struct {
	net.Addr
	conn   net.Conn
	refuse func(cause string) // counts that it is closed

	known  atomic.Bool  // to the ledger
	gone   atomic.Bool  // is closed, and nothing is counted any more
	unread atomic.Int64 // bytes of answers
	mu     sync.Mutex
	bytes  int // that are counted for calls
	open   int // calls
	came   int // bytes that were received since there was no call, about, and that are no message yet
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

// add counts bytes for a call and tells by how much there is more.
func (o *origin) add(bytes int) (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone.Load() {
		return 0
	}
	o.bytes += bytes
	return bytes
}

// receive counts bytes that came, or takes off what a message came in.
func (o *origin) receive(bytes int) (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone.Load() {
		return 0
	}
	more = max(bytes, -o.came)
	o.came += more
	return more
}

// begin counts a call. With -1 it is over; if none is open then nothing waits to be read.
func (o *origin) begin(calls int) (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open += calls
	if o.open > 0 || o.gone.Load() {
		return 0
	}
	more, o.came = -o.came, 0
	return more
}

// leave ends the counting.
func (o *origin) leave() (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gone.Store(true)
	more = -o.bytes - o.came
	o.bytes, o.came = 0, 0
	return more
}

// counted is how many bytes are counted for its calls.
func (o *origin) counted() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes
}

// has is how many bytes it has, with those that come.
func (o *origin) has() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes + o.came
}
