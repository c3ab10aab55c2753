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
