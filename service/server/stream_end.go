package server

import (
	"time"

	"google.golang.org/grpc/codes"
)

// calm is how long a stream has nothing to work on before it is ended at a stop.
const calm = 300 * time.Millisecond

// finish lets a stream finish what it works on when the server stops: it ends as soon as nothing comes any more, and
// after half the time that calls have, before the next message. A stream of gRPC's own, such as a watch of the health,
// ends at once: it would last for as long as somebody watches.
func (m *messages) finish(finished <-chan error) error {
	enough := time.After(m.observer.drainTimeout / 2)
	for !m.idle() {
		select {
		case err := <-finished:
			return err
		case <-enough:
			m.end()
		case <-time.After(calm / 10):
		}
	}
	return m.observer.stopped()
}

// idle tells whether the stream can be ended without losing anything that it works on.
func (m *messages) idle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	nothing := !m.waiting.IsZero() && time.Since(m.waiting) >= calm
	return infrastructure(m.method) || nothing
}

func (m *messages) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ending = true
}

// stopped is the error of what a stopping server does not take on.
func (o *observer) stopped() error {
	return o.of(codes.Unavailable, "UNAVAILABLE", "the server is stopping")
}
