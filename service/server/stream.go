package server

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

// stream is the interceptor of streams. How long a stream lasts is its client's business and nothing to log.
func (o *observer) stream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	if o.methods[info.FullMethod] {
		return handle(service, stream) // a unary method, which looks after itself
	}
	ctx := stream.Context()
	held := o.hold(ctx)
	client, err := o.admit(ctx, info.FullMethod, &held)
	if err == nil {
		err = o.gate.paced(client)
	}
	ctx = withClient(ctx, client)
	if err != nil {
		held.end()
		o.record(ctx, info.FullMethod, 0, o.slow, err)
		return pushBack(ctx, err)
	}
	m := &messages{
		ServerStream: stream, observer: o, method: info.FullMethod, client: client, known: time.Now(), whole: held, held: holding{ledger: o.held, of: held.of}, short: o.shortcuts[info.FullMethod],
		received: o.metrics.messages.WithLabelValues(o.nameOf(info.FullMethod)),
	}
	finished := make(chan error, 1)
	go func() {
		err := o.lasting(ctx, info.FullMethod, func() error { return handle(service, m) })
		m.rest() // after a panic too, and before the client knows
		m.held.free()
		m.whole.end()
		finished <- err
	}()
	select {
	case err := <-finished:
		return err
	case <-o.stopping:
		return m.finish(finished)
	}
}

// lasting runs a stream and records how it ended.
func (o *observer) lasting(ctx context.Context, method string, do func() error) error {
	err, panicked := o.safely(method, do)
	o.metrics.streams.WithLabelValues(o.nameOf(method), code.Code(status.Code(err)).String()).Inc()
	if !panicked {
		o.record(ctx, method, 0, forever, err)
	}
	return err
}

// nameOf is the name of a stream for metrics, which only those have that there are.
func (o *observer) nameOf(method string) string {
	if o.streams[method] {
		return shortName(method)
	}
	return "unknown"
}

const forever = time.Duration(1<<63 - 1)

// messages is a stream each of whose messages is a call of its own: it takes a place among the calls while it is worked
// on, and one that cannot be read gets an error with a reason and does not end the stream. An idle stream takes no place.
type messages struct {
	grpc.ServerStream
	observer *observer
	method   string
	client   string
	known    time.Time // since when the client is known to be that
	whole    holding   // of the stream
	held     holding   // of the last message
	short    shortcut  // nil where there is none
	received prometheus.Counter
	request  raw // the last one

	mu      sync.Mutex
	waiting time.Time // since when the stream has nothing to work on; zero while it has
	ending  bool
	working bool   // holds a place
	leave   func() // the place of a large message
}

// RecvMsg implements grpc.ServerStream. Messages that a shortcut answers are answered here. An error with a reason is about
// this message alone, but for UNAVAILABLE and UNAUTHENTICATED: then the stream is to end.
func (m *messages) RecvMsg(message any) error {
	if infrastructure(m.method) {
		return m.receiveAsIs(message)
	}
	for {
		if answered, err := m.receive(message); !answered {
			return err
		}
	}
}

// receiveAsIs receives a message of one of gRPC's own services.
func (m *messages) receiveAsIs(message any) error {
	request := new(raw)
	if err := m.ServerStream.RecvMsg(request); err != nil {
		return err
	}
	defer request.free()
	m.whole.message(&raw{wire: request.wire})
	leave, err := m.observer.ready(m.Context(), request, &holding{})
	if err != nil {
		return err
	}
	defer leave()
	if err := m.observer.read(request, message); err != nil || isHealth(m.method) {
		return err
	}
	return m.observer.gate.paced(m.client)
}

func (m *messages) receive(message any) (answered bool, err error) {
	m.rest()
	if m.wait() {
		return false, m.observer.stopped()
	}
	m.held.free()
	m.request = raw{}
	request := &m.request
	if err := m.ServerStream.RecvMsg(request); err != nil {
		return false, err
	}
	defer request.free()
	m.received.Inc()
	turnedAway := m.begin()
	if turnedAway == nil {
		turnedAway = m.work()
	}
	if turnedAway != nil {
		if !request.packed && request.size() <= largeBytes {
			_ = m.observer.read(request, message) // for its id, if it has one
		}
		return false, turnedAway
	}
	if reply, ok := request.shortly(m.Context(), m.short); ok {
		err := m.SendMsg(written{reply})
		return err == nil, err
	}
	if err := m.observer.read(request, message); err != nil {
		m.observer.record(withClient(m.Context(), m.client), m.method, 0, m.observer.slow, err)
		return false, err
	}
	return false, nil
}

// SendMsg implements grpc.ServerStream. The work is done when an answer is there; a client that does not read it takes
// no place.
func (m *messages) SendMsg(message any) error {
	m.rest()
	data, err := m.observer.codec.Marshal(message)
	if err != nil {
		return err
	}
	ctx := m.Context()
	return m.ServerStream.SendMsg(written{m.observer.keep(ctx, originOf(ctx), data)}) // however much: it waits for its peer
}

// begin counts the message that was received, of which gRPC has nothing any more, and has it wait for its place if it is large.
func (m *messages) begin() (err error) {
	m.mu.Lock()
	m.waiting = time.Time{}
	m.mu.Unlock()
	full := m.held.full()
	m.whole.message(&raw{wire: m.request.wire})
	m.held.count(amount{held: m.request.size()})
	if full {
		return m.observer.overfull()
	}
	m.leave, err = m.observer.ready(m.Context(), &m.request, &m.held)
	return err
}

// work takes a place for the message that was received.
func (m *messages) work() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.again(); err != nil {
		return err
	}
	if m.working = m.observer.load.enter(); !m.working {
		return m.observer.full()
	}
	return nil
}

// again turns a client away that calls too often, and one that is not known any more: then the stream ends.
func (m *messages) again() (err error) {
	if time.Since(m.known) > knownFor {
		m.known = time.Now()
		if m.client, err = m.observer.gate.identifyGRPC(m.Context(), m.method); err != nil {
			return err
		}
	}
	return m.observer.gate.paced(m.client)
}

// knownFor is how long a stream goes on with a token that has ended. To look at each message would cost more than the message.
const knownFor = time.Second

// rest gives the place back.
func (m *messages) rest() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.working {
		m.observer.load.leave()
	}
	if m.leave != nil {
		m.leave()
	}
	m.working, m.leave = false, nil
}

// wait notes that there is nothing to work on, unless the stream is to end.
func (m *messages) wait() (ending bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = time.Now()
	return m.ending
}
