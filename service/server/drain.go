package server

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// drain stops without losing a call: it says that it is not serving, waits until balancers know, takes no new
// connections and lets what runs finish.
func (s *Server) drain() error {
	s.draining.Store(true)
	s.health.Shutdown()
	time.Sleep(s.config.DrainDelay)
	close(s.observer.stopping)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.DrainTimeout)
	defer cancel()
	finished := make(chan struct{})
	go func() {
		s.listeners.grpc.settle(ctx, &s.listeners.grpc.unserved)
		s.grpc.GracefulStop()
		close(finished)
	}()
	s.listeners.http.settle(ctx, &s.listeners.http.open)
	err := s.http.Shutdown(ctx)
	select {
	case <-finished:
	case <-ctx.Done():
		err = errors.Join(err, s.observer.unfinished())
		go s.grpc.Stop() // it waits for handshakes, which the process need not
	}
	if err != nil {
		s.http.Close()
		return fmt.Errorf("what still ran %v after the stop was cut off: %w", s.config.DrainTimeout, err)
	}
	return nil
}

// calmTime is how long a connection has to be quiet before it is closed. HTTP/1.1 knows no way to say that a request was not taken: who
// asks in the moment in which his connection is closed loses his request. So does, over gRPC too, who has just connected.
const calmTime = 500 * time.Millisecond

// settle takes no new connections, and waits a while until none is left of those that are counted. One that Accept is about to return is
// not counted yet.
func (l *listener) settle(ctx context.Context, left *atomic.Int64) {
	l.shut()
	for quiet := time.After(calmTime); left.Load() > 0 || !l.quiet.Load(); {
		select {
		case <-quiet:
			return
		case <-ctx.Done():
			return
		case <-time.After(calmTime / 100):
		}
	}
}
