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

// calm are clients that do nothing special while others do: on connections that last and on new ones, over gRPC and REST, some 200
// calls a second.
func (t *target) calm() (*crew, func(), error) {
	conn, err := dialOne(new(attempts), t.grpc, t.tls, withToken(t.token))
	if err != nil {
		return nil, nil, err
	}
	kept := httpClient(t.tls)
	kept.Transport = bearer{kept.Transport, t.token}
	fresh := neverKept(t.tls)
	fresh.Transport = bearer{fresh.Transport, t.token}
	return &crew{
		callers: []caller{
			overGRPC(conn), overGRPC(conn), overREST(withoutRepeats(kept), t.base()), overREST(withoutRepeats(kept), t.base()),
			overREST(withoutRepeats(fresh), t.base()),
		},
		questions: questions, every: 25 * time.Millisecond, tally: new(tally),
	}, func() { conn.Close() }, nil
}

// A harm is what others did to a daemon and to its calm clients.
type harm struct {
	calm                *tally
	before, most, after float64 // MiB
	alive               bool
	panics, inFlight    float64
}

// suffer has calm clients call while something happens to the daemon, and looks at its memory.
func (t *target) suffer(f *fire, happens func() error) (*harm, error) {
	c, release, err := t.calm()
	if err != nil {
		return nil, err
	}
	defer release()
	h := &harm{calm: c.tally}
	err = during(func() error {
		time.Sleep(pick(f.options, 200*time.Millisecond, time.Second))
		h.before = t.resident()
		stop := watchMemory(t.daemon)
		err := happens()
		h.most = stop()
		time.Sleep(pick(f.options, 300*time.Millisecond, 3*time.Second))
		h.after, h.alive = t.resident(), !t.exited()
		return err
	}, c)
	if m, err := t.metrics(); err == nil {
		h.panics, h.inFlight = m.sum("cbcerr_panics_total"), m.sum("cbcerr_calls_in_flight")
	}
	return h, err
}
