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
	amount
}

// An amount is what is counted of a connection, or a change of that, in bytes.
type amount struct {
	held int // of calls and of answers
	came int // that were received and are no message yet
	room int // that calls may have received, at most, of what is no message yet
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

// count counts a change and tells by how much there is more. Bytes that came are counted before anybody knows what they are of, so where
// a call ends there may be some that will never be a message: then it is no more than the others can have.
func (o *origin) count(change amount) (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone.Load() {
		return 0
	}
	came := o.came
	o.held += change.held
	o.room += change.room
	o.came = max(0, o.came+change.came)
	if change.room < 0 {
		o.came = min(o.came, o.room)
	}
	return change.held + o.came - came
}

// leave ends the counting.
func (o *origin) leave() (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gone.Store(true)
	more = -o.held - o.came
	o.amount = amount{}
	return more
}

// now is what is counted.
func (o *origin) now() amount {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.amount
}
