package server

import (
	"context"
	"errors"
	"fmt"
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
		s.grpc.GracefulStop()
		close(finished)
	}()
	s.seeOff(ctx)
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

// calmREST is how long a connection of HTTP/1.1 has to be quiet before it is closed. It knows no way to say that a request was
// not taken: who asks in the moment in which his connection is closed loses his request.
const calmREST = 500 * time.Millisecond

// seeOff takes no new connections over HTTP and answers those that are there for a while. Each answer closes its connection by then.
func (s *Server) seeOff(ctx context.Context) {
	s.guard.http.shut()
	for quiet := time.After(calmREST); s.guard.http.connections() > 0; {
		select {
		case <-quiet:
			return
		case <-ctx.Done():
			return
		case <-time.After(calmREST / 100):
		}
	}
}
