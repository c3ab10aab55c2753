package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
)

// drain stops the server without losing a call of an accepted connection. It reports NOT_SERVING, waits for load balancers
// to notice, stops accepting connections, and lets the calls in flight finish.
func (s *Server) drain() error {
	s.draining.Store(true)
	s.health.Shutdown()
	time.Sleep(s.config.DrainDelay)
	close(s.interceptors.stopping)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.DrainTimeout)
	defer cancel()
	finished := make(chan struct{})
	go func() {
		s.grpc.GracefulStop()
		close(finished)
	}()
	s.drainHTTP()
	err := s.http.Shutdown(ctx)
	select {
	case <-finished:
	case <-ctx.Done():
		if len(s.interceptors.inFlight) > 0 { // a stream whose client reads no replies has none in flight
			err = errors.Join(err, ctx.Err())
		}
		go s.grpc.Stop() // Stop would wait for pending handshakes
	}
	if err != nil {
		s.http.Close()
		return fmt.Errorf("calls that still ran after %v were cut off: %w", s.config.DrainTimeout, err)
	}
	return nil
}

// drainHTTP closes the HTTP port, and waits briefly until its connections are closed. net/http drops a request that it
// reads after Shutdown has begun.
func (s *Server) drainHTTP() {
	s.listeners.http.Close()
	for end := time.Now().Add(httpDrainTimeout); s.listeners.http.open.Load() > 0 && time.Now().Before(end); {
		time.Sleep(httpDrainTimeout / 100)
	}
}

// errStopping returns the error of a stream that the shutdown ends.
func (i *interceptors) errStopping() error {
	return i.errors.newError(codes.Unavailable, "UNAVAILABLE", "the server is stopping")
}

// endOnShutdown returns when the stream has finished, or when the shutdown may end it. GracefulStop alone would wait for
// the client. The shutdown ends a stream once it is idle, or after half the drain timeout before its next message. It ends
// gRPC's own streams, such as a health watch, at once.
func (i *interceptors) endOnShutdown(s *serverStream, finished <-chan error) error {
	select {
	case err := <-finished:
		return err
	case <-i.stopping:
	}
	deadline := time.After(i.drainTimeout / 2)
	for !isInfrastructure(s.method) && !s.idle() {
		select {
		case err := <-finished:
			return err
		case <-deadline:
			s.ending.Store(true)
		case <-time.After(quietPeriod / 10):
		}
	}
	return i.errStopping()
}

// idle reports whether the stream has waited for a message for the quiet period.
func (s *serverStream) idle() bool {
	since := s.waitingSince.Load()
	return since != 0 && time.Since(time.Unix(0, since)) >= quietPeriod
}
