package main

import (
	"context"
	"crypto/tls"
	"net/http"
	"time"

	"github.com/cbcerr/cbcerr/service/testca"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// A target is a daemon with all that a client needs to be served.
type target struct {
	*daemon
	tls       *tls.Config       // nil in the clear
	token     string            // of bearers; empty where nobody asks
	authority *testca.Authority // of clients, if they need certificates
	signer    *signer           // of the keys that the daemon knows, if it knows any
}

// scheme is that of REST.
func (t *target) base() string {
	if t.tls == nil {
		return "http://" + t.rest
	}
	return "https://" + t.rest
}

// bearer shows the token with every request.
type bearer struct {
	http.RoundTripper
	token string
}

// RoundTrip implements http.RoundTripper.
func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	if b.token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.RoundTripper.RoundTrip(r)
}

// withToken shows the token with every call.
func withToken(token string) grpc.DialOption {
	return grpc.WithUnaryInterceptor(func(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
		if token != "" {
			ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
		}
		return invoke(ctx, method, request, reply, conn, options...)
	})
}

// calm are clients that do nothing special while others do: over gRPC and REST, on connections that last, and on new ones unless nobody can
// have those; some 200 calls a second.
func (t *target) calm(full bool) (*crew, func(), error) {
	conn, err := dialOne(new(attempts), t.grpc, t.tls, withToken(t.token))
	if err != nil {
		return nil, nil, err
	}
	c := &crew{questions: questions, every: 25 * time.Millisecond, tally: new(tally)}
	c.callers = []caller{overGRPC(conn), overGRPC(conn), t.calmREST(httpClient(t.tls)), t.calmREST(httpClient(t.tls))}
	if !full {
		c.callers = append(c.callers, t.calmREST(neverKept(t.tls)))
	}
	return c, func() { conn.Close() }, nil
}

// calmREST calls with a client of its own: two that share one could need a third connection.
func (t *target) calmREST(client *http.Client) caller {
	client.Transport = bearer{client.Transport, t.token}
	return overREST(withoutRepeats(client), t.base())
}

// A harm is what others did to a daemon and to its calm clients.
type harm struct {
	calm                *tally
	meanwhile, usual    int     // calls that they made while it happened, and that they make in that time where nothing does
	before, most, after float64 // MiB
	alive               bool
	figures             bool // could be read afterwards, without which the next two say nothing
	panics, inFlight    float64
}

// suffer has calm clients call while something happens to the daemon, and looks at its memory until they stop.
func (t *target) suffer(f *fire, full bool, happens func()) (*harm, error) {
	c, release, err := t.calm(full)
	if err != nil {
		return nil, err
	}
	defer release()
	h := &harm{calm: c.tally}
	_ = during(func() error {
		time.Sleep(pick(f.options, 200*time.Millisecond, time.Second))
		h.before = t.resident()
		stop, start, calls := watchMemory(t.daemon), time.Now(), c.tally.sent()
		happens()
		h.meanwhile, h.usual = c.tally.sent()-calls, c.usual(time.Since(start))
		time.Sleep(pick(f.options, 300*time.Millisecond, 3*time.Second))
		h.after, h.alive = t.resident(), !t.exited()
		h.most = max(stop(), h.after)
		return nil
	}, c)
	h.look(t.daemon)
	return h, nil
}

// look reads the daemon's own figures, once no call is in flight any more or that has been waited for long enough.
func (h *harm) look(d *daemon) {
	for start := time.Now(); !d.exited() && time.Since(start) < answerWithin; time.Sleep(50 * time.Millisecond) {
		m, err := d.metrics()
		if err != nil || m.sum("cbcerr_build_info") != 1 {
			continue
		}
		h.figures, h.panics, h.inFlight = true, m.sum("cbcerr_panics_total"), m.sum("cbcerr_calls_in_flight")
		if h.inFlight == 0 {
			return
		}
	}
}
