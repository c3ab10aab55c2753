package server

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/tap"
)

// What peers make the server keep is counted by connection: calls that are open, requests, while they come and until they are
// answered, and answers that gRPC keeps until they are taken, for as long as a peer likes and when the call has long given back its
// place. A connection that has its share gets nothing more until it is done with some of it; if all have more than there is room for,
// the one with the most is closed.
const (
	callBytes   = 14 << 10 // of an open call, besides its headers: its stack and what gRPC notes
	streamBytes = 16 << 10 // of one that is over and whose end the peer has not been sent yet, with its headers
	answerBytes = 1 << 10  // of an answer, besides its own
	shares      = 4        // of all there is room for, one is what a connection may have
)

// A ledger counts what is held.
type ledger struct {
	most   int                         // bytes of all
	report func(of *origin, bytes int) // is told of connections that are closed
	total  atomic.Int64

	mu    sync.Mutex
	known map[*origin]bool // those that are open and had something held
}

func newLedger(most int, report func(*origin, int)) *ledger {
	return &ledger{most: most, report: report, known: map[*origin]bool{}}
}

// share is what one connection may have.
func (l *ledger) share() int { return l.most / shares }

// count counts a change of a connection.
func (l *ledger) count(of *origin, change amount) { l.change(of, of.count(change)) }

// pass counts what came on a connection of gRPC, and what went.
func (l *ledger) pass(of *origin, p passage) { l.change(of, of.pass(p)) }

// change has the total stay below the most.
func (l *ledger) change(of *origin, more int) {
	if more > 0 && of.known.CompareAndSwap(false, true) {
		l.enter(of)
	}
	if l.total.Add(int64(more)) > int64(l.most) && more > 0 {
		l.relieve()
	}
}

// full tells whether a connection has its share.
func (l *ledger) full(of *origin) bool { return of.now().held >= l.share() }

func (l *ledger) enter(of *origin) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !of.gone.Load() {
		l.known[of] = true
	}
}

// leave forgets a connection that is closed.
func (l *ledger) leave(of *origin) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(of)
}

func (l *ledger) forget(of *origin) {
	l.total.Add(int64(of.leave()))
	delete(l.known, of)
}

// relieve closes the connection with the most, unless somebody has just done so.
func (l *ledger) relieve() {
	l.close(func(int) bool { return l.total.Load() > int64(l.most) })
}

// close closes the connection with the most if what it has is enough, and tells how much that was.
func (l *ledger) close(enough func(int) bool) (had int) {
	of, had := l.take(enough)
	if of == nil {
		return 0
	}
	of.refuse("held")
	of.conn.Close() // the rest is done by who serves it
	l.report(of, had)
	return had
}

func (l *ledger) take(enough func(int) bool) (*origin, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	worst, has := l.worst()
	if worst == nil || !enough(has) {
		return nil, 0
	}
	l.forget(worst)
	return worst, has
}

// worst is the connection with the most.
func (l *ledger) worst() (worst *origin, most int) {
	for of := range l.known {
		if now := of.now(); now.held+now.came > most {
			worst, most = of, now.held+now.came
		}
	}
	return worst, most
}

// A part is an answer that is counted for a connection.
type part struct {
	ledger *ledger
	of     *origin
	bytes  int
}

func (p part) drop() {
	p.of.unread.Add(-int64(p.bytes))
	p.ledger.count(p.of, amount{held: -p.bytes})
}

// A holding is what is held for one call. The zero value counts nothing.
type holding struct {
	ledger *ledger
	of     *origin // nil where the connection is none of ours
	bytes  int
	read   int
}

// hold begins to count for a call, until that ends.
func (o *observer) hold(ctx context.Context) holding {
	h := holding{ledger: o.held, of: originOf(ctx)}
	h.count(amount{came: -streamBytes})
	return h
}

// end takes it all off when the call ends. What came for it goes when its peer has been sent the end.
func (h *holding) end() { h.count(amount{held: -h.bytes, came: streamBytes, read: h.read}) }

// free takes off what is held of it.
func (h *holding) free() { h.count(amount{held: -h.bytes}) }

// prefix is what gRPC has before each message.
const prefix = 5

// message counts a message that came whole.
func (h *holding) message(m *raw) {
	h.read += m.wire + prefix
	h.count(amount{held: m.size(), came: -m.wire - prefix})
}

// count counts a change.
func (h *holding) count(change amount) {
	if h.of != nil {
		h.bytes += change.held
		h.ledger.count(h.of, change)
	}
}

// full tells whether there is no room for more.
func (h *holding) full() bool { return h.of != nil && h.ledger.full(h.of) }

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
	fewHeaders = 2 << 10 // bytes that are counted at least
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

// headersOf is how many bytes of headers a call has at most.
func headersOf(ctx context.Context) int {
	size, _ := ctx.Value(headersKey{}).(int)
	return max(size, fewHeaders)
}

// counted has what comes over HTTP/1.1 counted until its request is answered: there is one at a time.
func (o *observer) counted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if of := originOf(r.Context()); of != nil {
			defer func() { o.held.count(of, amount{came: -of.now().came}) }()
		}
		h.ServeHTTP(w, r)
	})
}
