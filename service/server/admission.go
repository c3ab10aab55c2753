package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// A load is the calls that the server works on, which are never more than the most.
type load struct {
	most    int64
	working atomic.Int64
}

// enter takes a place among the calls that are worked on, if there is one; leave gives it back.
//
// Go lets a call run to its end before it looks for others that wait, so a queue could grow that nobody has counted. Therefore a call
// that has its place steps back behind all others that are ready: they take theirs, or are turned away, before the work begins.
func (l *load) enter() bool {
	if l.working.Add(1) > l.most {
		l.leave()
		return false
	}
	runtime.Gosched()
	return true
}

func (l *load) leave() { l.working.Add(-1) }

// busy tells whether there is no place for one more.
func (l *load) busy() bool { return l.working.Load() >= l.most }

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
