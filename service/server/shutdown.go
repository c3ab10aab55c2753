package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
)

// drain stops without losing a call: it reports "not serving", waits until load balancers know, accepts no further
// connections, and lets the calls in flight finish.
func (s *Server) drain() error {
	s.draining.Store(true)
	s.health.Shutdown()
	time.Sleep(s.config.DrainDelay)
	close(s.calls.stopping)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.DrainTimeout)
	defer cancel()
	finished := make(chan struct{})
	go func() {
		s.grpc.GracefulStop()
		close(finished)
	}()
	s.settleHTTP()
	err := s.http.Shutdown(ctx)
	select {
	case <-finished:
	case <-ctx.Done():
		err = errors.Join(err, s.calls.unfinished())
		go s.grpc.Stop() // it waits for handshakes, which the process need not
	}
	if err != nil {
		s.http.Close()
		return fmt.Errorf("calls that still ran after %v were cut off: %w", s.config.DrainTimeout, err)
	}
	return nil
}

// settleHTTP closes the HTTP port, and waits a moment for its connections to close: net/http drops a request that it reads
// after Shutdown has begun.
func (s *Server) settleHTTP() {
	s.listeners.http.Close()
	for end := time.Now().Add(settleTime); s.listeners.http.open.Load() > 0 && time.Now().Before(end); {
		time.Sleep(settleTime / 100)
	}
}

// unfinished returns an error if calls are in flight. A stream whose client does not read its answers is not.
func (o *calls) unfinished() error {
	if len(o.inFlight) == 0 {
		return nil
	}
	return context.DeadlineExceeded
}

// stopped returns the error of a stream that the server ends.
func (o *calls) stopped() error {
	return o.errors.of(codes.Unavailable, "UNAVAILABLE", "the server is stopping")
}

// untilStop returns when the stream has finished, or when it may end because the server stops: GracefulStop would wait
// for its client. It ends once it is quiet, and after half of the drain timeout before the next message. One of gRPC's
// own streams, such as a health watch, ends at once.
func (o *calls) untilStop(m *messages, finished <-chan error) error {
	select {
	case err := <-finished:
		return err
	case <-o.stopping:
	}
	enough := time.After(o.drainTimeout / 2)
	for !isInfrastructure(m.method) && !m.quiet() {
		select {
		case err := <-finished:
			return err
		case <-enough:
			m.ending.Store(true)
		case <-time.After(quietTime / 10):
		}
	}
	return o.stopped()
}

// quiet reports whether the stream has waited for a message long enough to end.
func (m *messages) quiet() bool {
	since := m.waiting.Load()
	return since != 0 && time.Since(time.Unix(0, since)) >= quietTime
}
