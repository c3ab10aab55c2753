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
	came int // of what was received and is no message yet; below 0 for a moment when a call ends
	read int // of messages of calls that are over, but whose end the peer has not been sent
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

// count counts a change and tells by how much there is more.
func (o *origin) count(change amount) (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone.Load() {
		return 0
	}
	o.held += change.held
	o.came += change.came
	o.read += change.read
	return change.held + change.came
}

// pass counts what came on a connection of gRPC, and what went. Of that some had been read, and is not counted any more; which, is known
// only of all calls that are over together, so for a moment there may be too much.
func (o *origin) pass(p passage) (more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone.Load() {
		return 0
	}
	read := min(o.read, p.went)
	o.read -= read
	more = p.came + p.calls*streamBytes - (p.went - read)
	o.came += more
	return more
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
