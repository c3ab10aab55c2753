package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/tap"
)

// A load is the calls that the server has: those that arrive, and those that are worked on.
type load struct {
	most     int64
	arriving arrivals
	working  atomic.Int64

	waryUntil atomic.Int64 // in nanoseconds since 1970
}

// Some places more are for connections of which next to nothing arrives: they wait for none of those that send headers and no
// messages. What is worked on is never more than the most.
const (
	few     = 4
	reserve = 8 // one more for each so many
)

// crowded tells whether there is no place for one more call of a connection. Where there are many connections that send headers and
// no messages each has its share of the places, so that those keep no other out.
func (l *load) crowded(now time.Time, of *origin, connections int64) bool {
	switch {
	case l.inFlight(now) < l.most:
		return false
	case l.busy() || of == nil:
		return true
	case of.arriving.count(now) < few && l.inFlight(now) < l.most+l.most/reserve:
		return false
	case !l.wary(now):
		return true
	}
	return of.arriving.count(now) >= max(1, l.most/max(1, connections))
}

// wariness is how long the server remembers that calls were held back: they come in bursts.
const wariness = 10 * time.Second

// wary tells whether many calls have begun to arrive lately and never did.
func (l *load) wary(now time.Time) bool {
	if l.arriving.late(now) >= max(1, l.most/2) {
		l.waryUntil.Store(now.Add(wariness).UnixNano())
	}
	return now.UnixNano() < l.waryUntil.Load()
}

// busy tells whether there is no place for one more, whoever calls.
func (l *load) busy() bool { return l.working.Load() >= l.most }

func (l *load) inFlight(now time.Time) int64 { return l.working.Load() + l.arriving.count(now) }

// enter takes a place among the calls that are worked on, if there is one; leave gives it back.
func (l *load) enter() bool {
	if l.working.Add(1) <= l.most {
		return true
	}
	l.leave()
	return false
}

func (l *load) leave() { l.working.Add(-1) }

// An arrival is the context of a call over gRPC that knows when its headers came, on which connection, and whether there was a
// place for it then.
type arrival struct {
	context.Context
	at         uint64
	of         *origin // nil where it is not known
	turnedAway bool
}

// An origin is the address of a peer that knows what arrives on its connection.
type origin struct {
	net.Addr
	conn     net.Conn
	arriving arrivals
	gone     bool // is closed; unread has the lock
}

func originOf(ctx context.Context) *origin {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return nil
	}
	o, _ := from.Addr.(*origin)
	return o
}

type arrivalKey struct{}

// Value implements context.Context.
func (a *arrival) Value(key any) any {
	if key == (arrivalKey{}) {
		return a
	}
	return a.Context.Value(key)
}

// tap sees the headers of a call before anything else of it. It only takes note: an error from here would have no trailers, and
// gRPC would keep what belongs to the call until its deadline.
func (o *observer) tap(ctx context.Context, info *tap.Info) (context.Context, error) {
	if !o.methods[info.FullMethodName] {
		return ctx, nil
	}
	now, of := time.Now(), originOf(ctx)
	if o.load.crowded(now, of, o.connections()) {
		return &arrival{Context: ctx, turnedAway: true}, nil
	}
	if of != nil {
		of.arriving.add(now)
	}
	return &arrival{Context: ctx, of: of, at: o.load.arriving.add(now)}, nil
}

// arrived takes a place for a call over gRPC whose message is there; the call gives it back.
func (o *observer) arrived(ctx context.Context) error {
	a, tapped := ctx.Value(arrivalKey{}).(*arrival)
	if tapped && a.turnedAway {
		return o.full()
	}
	if tapped {
		o.load.arriving.read(a.at)
	}
	if tapped && a.of != nil {
		a.of.arriving.read(a.at)
	}
	if !o.load.enter() {
		return o.full()
	}
	return nil
}

// full is the error of a call that there is no place for.
func (o *observer) full() error {
	o.metrics.shed("concurrency")
	return o.busy(fmt.Sprintf("more than %d calls at once", o.load.most), pause())
}

// pause is how long clients that were turned away together should wait, each another while.
func pause() time.Duration {
	return 100*time.Millisecond + rand.N(200*time.Millisecond)
}

// pushBack tells clients with a retry policy when to come back (gRFC A6), as the error tells all others.
func pushBack(ctx context.Context, err error) error {
	if wait, ok := retryDelay(err); ok {
		_ = grpc.SetTrailer(ctx, metadata.Pairs("grpc-retry-pushback-ms", strconv.FormatInt(wait.Milliseconds(), 10)))
	}
	return err
}

// enterREST refuses a request over REST before its body is read if there is no place for it now; it takes its place when
// that has been read.
func (g *gateway) enterREST(w http.ResponseWriter, r *http.Request) bool {
	if !g.load.busy() {
		return true
	}
	g.refuse(w, r, g.full())
	return false
}
