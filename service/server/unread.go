package server

import (
	"context"
	"fmt"
	"net"
	"sync"

	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/peer"
)

// gRPC keeps an answer until its peer takes it, for as long as the peer likes, when the call has long given back its place. Streams
// wait for their peers instead, small answers are little however many a connection may have, and REST has a time limit: so
// the large answers of calls over gRPC are what can fill the memory.
const (
	largeAnswer     = 32 << 10 // bytes; all that are smaller are 8 MiB of a connection
	mostUnread      = 16 << 20 // bytes of a connection's answers from which on it gets no large ones
	mostUnreadInAll = 64 << 20 // bytes of all answers from which on the connection with the most of them is closed
)

// An origin is the address of a peer that knows its connection.
type origin struct {
	net.Addr
	conn net.Conn
	gone bool // is closed; unread has the lock
}

func originOf(ctx context.Context) *origin {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return nil
	}
	o, _ := from.Addr.(*origin)
	return o
}

// unread counts the bytes of large answers that gRPC keeps.
type unread struct {
	mu    sync.Mutex
	total int
	of    map[*origin]int // that are open and have any
}

func newUnread() *unread { return &unread{of: map[*origin]int{}} }

// keep counts an answer on a connection, unless that has too many already.
func (u *unread) keep(of *origin, size int) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.of[of] >= mostUnread {
		return false
	}
	if of.gone {
		return true // nothing is kept for it
	}
	u.of[of] += size
	if u.total += size; u.total > mostUnreadInAll {
		worst := u.worst()
		u.forget(worst)
		worst.conn.Close() // the rest is done by who serves it
	}
	return true
}

// worst is the connection with the most unread bytes.
func (u *unread) worst() (worst *origin) {
	for of, bytes := range u.of {
		if worst == nil || bytes > u.of[worst] {
			worst = of
		}
	}
	return worst
}

// taken takes an answer off that was sent, or will never be.
func (u *unread) taken(of *origin, size int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if of.gone {
		return
	}
	u.total -= size
	if u.of[of] -= size; u.of[of] <= 0 {
		delete(u.of, of)
	}
}

// leave forgets a connection that is closed.
func (u *unread) leave(of *origin) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.forget(of)
}

func (u *unread) forget(of *origin) {
	of.gone = true
	u.total -= u.of[of]
	delete(u.of, of)
}

// weigh counts an answer for as long as gRPC keeps it if it is large, and refuses it if its peer does not read.
func (o *observer) weigh(ctx context.Context, reply any) (any, error) {
	data, err := o.codec.Marshal(reply)
	if err != nil {
		return nil, err
	}
	size, of := data.Len(), originOf(ctx)
	if size < largeAnswer || of == nil {
		return written{data}, nil
	}
	if !o.unread.keep(of, size) {
		data.Free()
		o.metrics.shed("unread")
		return nil, pushBack(ctx, o.busy(fmt.Sprintf("%d bytes of answers on this connection wait to be read", mostUnread), pause()))
	}
	watch(data, func() { o.unread.taken(of, size) })
	return written{data}, nil
}

// watch has an answer tell when gRPC does not need it any more: its largest part does.
func watch(data mem.BufferSlice, taken func()) {
	largest := 0
	for i, part := range data {
		if part.Len() > data[largest].Len() {
			largest = i
		}
	}
	part := data[largest]
	bytes := part.ReadOnlyData()
	if mem.IsBelowBufferPoolingThreshold(cap(bytes)) {
		taken() // gRPC never tells of parts as small as this
		return
	}
	data[largest] = mem.NewBuffer(&bytes, returned{part, taken})
}

// returned is where one buffer goes back to. It implements mem.BufferPool.
type returned struct {
	mem.Buffer
	taken func()
}

// Get implements mem.BufferPool. Nobody asks for it.
func (returned) Get(n int) *[]byte { return mem.DefaultBufferPool().Get(n) }

// Put implements mem.BufferPool.
func (r returned) Put(*[]byte) {
	r.Free()
	r.taken()
}
