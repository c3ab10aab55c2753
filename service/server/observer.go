package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// An observer stands around every call, over gRPC and over REST: it turns calls away when there are too many, turns
// panics into errors, gives every error a reason, and logs a sample of what failed or was slow. It never sees bodies.
type observer struct {
	failure
	log        *slog.Logger
	slow       time.Duration
	maxCalls   int64
	calls      atomic.Int64
	lines      *rate.Limiter
	suppressed atomic.Int64
	stopping   chan struct{} // closed when gRPC's own streams must end
}

func newObserver(c Config, domain string, log *slog.Logger) *observer {
	return &observer{
		failure: failure{domain}, log: log, slow: c.SlowCall, maxCalls: int64(c.MaxCalls),
		lines: rate.NewLimiter(rate.Limit(c.LogRate), c.LogRate), stopping: make(chan struct{}),
	}
}

// unary is the interceptor of unary calls.
func (o *observer) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (reply any, err error) {
	err = o.around(info.FullMethod, func() (err error) {
		reply, err = handle(ctx, request)
		return err
	})
	return reply, err
}

// stream is the interceptor of streams.
func (o *observer) stream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	call := func() error { return handle(service, stream) }
	if infrastructure(info.FullMethod) {
		return o.untilStop(info.FullMethod, call)
	}
	return o.around(info.FullMethod, call)
}

// untilStop runs a stream that has no end of its own, such as a watch of the health, until the server stops; else it
// would hold the drain up for as long as somebody watches.
func (o *observer) untilStop(method string, call func() error) error {
	finished := make(chan error, 1)
	go func() { finished <- o.around(method, call) }()
	select {
	case err := <-finished:
		return err
	case <-o.stopping:
		return o.of(codes.Unavailable, "UNAVAILABLE", "the server is stopping")
	}
}

// unknown answers methods that no service has.
func (o *observer) unknown(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	return o.of(codes.Unimplemented, methodNotFound, "no method "+fmt.Sprintf("%.256s", method))
}

// around runs a call.
func (o *observer) around(method string, call func() error) (err error) {
	start := time.Now()
	panicked := false
	defer func() {
		if !panicked {
			o.record(method, time.Since(start), err)
		}
	}()
	if !infrastructure(method) {
		defer o.calls.Add(-1)
		if o.calls.Add(1) > o.maxCalls {
			return o.of(codes.ResourceExhausted, overloaded, fmt.Sprintf("more than %d calls at once", o.maxCalls))
		}
	}
	defer func() {
		if fault := recover(); fault != nil {
			panicked = true
			o.log.Error("panic", "method", method, "fault", fault, "stack", string(debug.Stack())) // each: none must be missed
			err = o.of(codes.Internal, "INTERNAL", "internal error")
		}
	}()
	return o.own(call())
}

// infrastructure are gRPC's own services, which take no place of a call: a health check that is turned away would take the
// server out of service.
func infrastructure(method string) bool { return strings.HasPrefix(method, "/grpc.") }

// record logs a call that failed or was slow, unless too many lines were logged within the second. A watch is long and
// ends as it likes: that is nothing to log.
func (o *observer) record(method string, took time.Duration, err error) {
	if err == nil && took < o.slow || infrastructure(method) {
		return
	}
	if !o.lines.Allow() {
		o.suppressed.Add(1)
		return
	}
	s := status.Convert(err)
	o.log.Warn("call", "method", fmt.Sprintf("%.256s", method), "code", s.Code().String(), "reason", reasonOf(s),
		"ms", took.Milliseconds(), "suppressed", o.suppressed.Swap(0))
}
