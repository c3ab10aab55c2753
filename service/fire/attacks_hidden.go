package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// hiddenConns is how many connections there are. What is begun on all of them is as much as a pod may have.
const hiddenConns = 4

// A hiding begins large messages, and has each piece of them followed, on the same connection, by a complete one that is small on the wire
// and large unpacked: a daemon that takes the size of the second for bytes that came would forget the first.
type hiding struct {
	*target
	uploads              int // on a connection
	piece                int // bytes
	large, small         []byte
	one                  sync.Mutex // small one at once: several could be noticed for themselves
	begun, hidden, ended atomic.Int64
}

// hiddenWhole hides each beginning as a whole.
func hiddenWhole(ctx context.Context, t *target) (string, error) {
	h := &hiding{target: t, uploads: 24, large: framed(make([]byte, 4<<20), false), piece: 5 << 20}
	return h.run(ctx, 15<<20)
}

// hiddenParts hides fewer and larger ones little by little, so that no connection ever seems to have much.
func hiddenParts(ctx context.Context, t *target) (string, error) {
	h := &hiding{target: t, uploads: 6, large: framed(make([]byte, 16<<20-100), false), piece: 64 << 10}
	return h.run(ctx, 80<<10)
}

// run hides behind messages of so many bytes.
func (h *hiding) run(ctx context.Context, unpacked int) (got string, err error) {
	if h.small, err = packed(unpacked); err != nil {
		return "", err
	}
	var all sync.WaitGroup
	for range hiddenConns {
		all.Go(func() {
			for ctx.Err() == nil {
				h.connection(ctx)
			}
		})
	}
	all.Wait()
	got = fmt.Sprintf("%d beginnings, hidden by %d calls; %d turned away or closed", h.begun.Load(), h.hidden.Load(), h.ended.Load())
	return got, errors.Join(some(h.hidden.Load(), "beginning was hidden"), h.noticed())
}

// connection does so on a new connection, and keeps that until the context ends, or the daemon has had enough.
func (h *hiding) connection(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	transport := overOne()
	defer transport.CloseIdleConnections()
	for range h.uploads {
		if h.upload(ctx, transport) != nil && ctx.Err() == nil {
			h.ended.Add(1)
			time.Sleep(10 * time.Millisecond)
			return
		}
	}
	<-ctx.Done()
}

// upload sends the large message but for its last byte, and leaves the call open until the context ends; an error is that the daemon has ended it.
func (h *hiding) upload(ctx context.Context, transport http.RoundTripper) error {
	body, pipe := io.Pipe()
	go func() {
		_, _, err := h.callOver(ctx, transport, http.Header{}, body)
		body.CloseWithError(fmt.Errorf("the call has ended: %w", err))
	}()
	h.begun.Add(1)
	for part := h.large[:len(h.large)-1]; len(part) > 0; part = part[min(len(part), h.piece):] {
		if _, err := pipe.Write(part[:min(len(part), h.piece)]); err != nil {
			return err
		}
		if err := h.follow(ctx, transport); err != nil {
			return err
		}
	}
	return nil
}

// follow has a piece followed by what hides it.
func (h *hiding) follow(ctx context.Context, transport http.RoundTripper) error {
	h.one.Lock()
	defer h.one.Unlock()
	_, _, err := h.callOver(ctx, transport, http.Header{"Grpc-Encoding": {"gzip"}}, bytes.NewReader(h.small))
	if err == nil {
		h.hidden.Add(1)
	}
	return err
}

// noticed is an error if the daemon has closed no connection for what that holds, and turned no call of it away.
func (t *target) noticed() error {
	m, err := t.metrics()
	if err == nil && m.sum("cbcerr_connections_refused_total", `cause="held"`)+m.sum("cbcerr_calls_shed_total", `cause="held"`) == 0 {
		err = errors.New("nobody noticed what was held")
	}
	return err
}
