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
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/status"
)

// An observer stands around every call, over gRPC and over REST: it turns calls away when there are too many, turns
// panics into errors, gives every error a reason, and logs a sample of what failed or was slow. It never sees bodies.
type observer struct {
	failure
	log          *slog.Logger
	slow         time.Duration
	maxCalls     int64
	calls        atomic.Int64
	off          bool
	lines        *rate.Limiter
	suppressed   atomic.Int64
	stopping     chan struct{} // closed when streams must end
	drainTimeout time.Duration
	codec        lenient
	shortcuts    map[string]shortcut
}

func newObserver(c Config, domain string, log *slog.Logger) *observer {
	f := failure{domain}
	return &observer{
		failure: f, codec: lenient{encoding.GetCodecV2("proto"), c.MaxMessage, f.tooLarge(c.MaxMessage)}, log: log, slow: c.SlowCall, maxCalls: int64(c.MaxCalls), drainTimeout: c.DrainTimeout, off: c.Unobserved,
		lines: rate.NewLimiter(rate.Limit(c.LogRate), c.LogRate), stopping: make(chan struct{}),
	}
}

// unary is the interceptor of unary calls.
func (o *observer) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (reply any, err error) {
	if o.off {
		return handle(ctx, request)
	}
	err = o.around(info.FullMethod, o.slow, func() (err error) {
		if err = o.enter(info.FullMethod); err == nil {
			defer o.leave(info.FullMethod)
			reply, err = handle(ctx, request)
		}
		return err
	})
	return reply, err
}

// unknown answers methods that no service has.
func (o *observer) unknown(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	return o.of(codes.Unimplemented, methodNotFound, "no method "+fmt.Sprintf("%.256s", method))
}

// around runs a call: a panic becomes an error, every error has a reason, and what failed or was slow is logged.
func (o *observer) around(method string, slow time.Duration, call func() error) (err error) {
	start := time.Now()
	panicked := false
	defer func() {
		if !panicked {
			o.record(method, time.Since(start), slow, err)
		}
	}()
	defer func() {
		if fault := recover(); fault != nil {
			panicked = true
			o.log.Error("panic", "method", method, "fault", fault, "stack", string(debug.Stack())) // each: none must be missed
			err = o.of(codes.Internal, "INTERNAL", "internal error")
		}
	}()
	return o.own(call())
}

// enter takes a place among the calls that are worked on, if there is one; leave gives it back.
func (o *observer) enter(method string) error {
	if infrastructure(method) {
		return nil
	}
	if o.calls.Add(1) > o.maxCalls {
		o.calls.Add(-1)
		return o.of(codes.ResourceExhausted, overloaded, fmt.Sprintf("more than %d calls at once", o.maxCalls))
	}
	return nil
}

func (o *observer) leave(method string) {
	if !infrastructure(method) {
		o.calls.Add(-1)
	}
}

// infrastructure are gRPC's own services, which take no place of a call: a health check that is turned away would take the
// server out of service.
func infrastructure(method string) bool { return strings.HasPrefix(method, "/grpc.") }

// record logs a call that failed or was slow, unless too many lines were logged within the second. A watch is long and
// ends as it likes: that is nothing to log. Nor is an error of another domain, which is what the call was to find out, nor
// that a client changed its mind.
func (o *observer) record(method string, took, slow time.Duration, err error) {
	s := status.Convert(err)
	info := infoOf(s)
	fault := info.GetDomain() == o.domain && s.Code() != codes.Canceled
	if infrastructure(method) || took < slow && !fault {
		return
	}
	if !o.lines.Allow() {
		o.suppressed.Add(1)
		return
	}
	o.log.Warn("call", "method", fmt.Sprintf("%.256s", method), "code", s.Code().String(), "reason", info.GetReason(),
		"ms", took.Milliseconds(), "suppressed", o.suppressed.Swap(0))
}

// unfinished tells whether calls are being worked on. A stream whose client does not read its answers is not.
func (o *observer) unfinished() error {
	if o.calls.Load() == 0 {
		return nil
	}
	return context.DeadlineExceeded
}
