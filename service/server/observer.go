package server

import (
	"context"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/status"
)

// An observer stands around every call, over gRPC and over REST: it turns calls away when there are too many, turns
// panics into errors, gives every error a reason, and logs a sample of what failed or was slow. It never sees bodies.
type observer struct {
	failure
	log        *slog.Logger
	slow       time.Duration
	load       load
	gate       gate
	metrics    *metrics
	held       *ledger
	large      *few
	methods    map[string]bool // the unary ones
	streams    map[string]bool // all others
	off        bool
	lines      *rate.Limiter // about calls
	closings   *rate.Limiter // about connections, whose lines those about calls must not keep out
	suppressed atomic.Int64  // since the last line

	suppressedEver atomic.Int64
	stopping       chan struct{} // closed when streams must end
	drainTimeout   time.Duration
	codec          lenient
	shortcuts      map[string]shortcut
}

func newObserver(c Config, domain string, log *slog.Logger, r prometheus.Registerer) *observer {
	f, m := failure{domain}, newMetrics(r)
	o := &observer{
		failure: f, codec: lenient{encoding.GetCodecV2("proto"), f, newUnpacker(), c.MaxMessage}, log: log, slow: c.SlowCall, drainTimeout: c.DrainTimeout, off: c.Unobserved,
		load: load{most: int64(c.MaxCalls)}, gate: gate{f, c.Authenticate, newRates(c), m}, metrics: m, large: newFew(c), methods: map[string]bool{},
		lines: rate.NewLimiter(rate.Limit(c.LogRate), c.LogRate), closings: rate.NewLimiter(rate.Limit(c.LogRate), c.LogRate), stopping: make(chan struct{}),
	}
	o.held = newLedger(c.MaxHeld, o.closed)
	return o
}

// local is the interceptor of calls in process, which come over REST and have passed the gate.
func (o *observer) local(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (reply any, err error) {
	if o.off {
		return handle(ctx, request)
	}
	err = o.around(ctx, call{overREST, info.FullMethod}, func() (err error) {
		if !o.load.enter() {
			return o.full()
		}
		defer o.load.leave()
		reply, err = handle(ctx, request)
		return err
	})
	return reply, err
}

// unknown answers methods that no service has.
func (o *observer) unknown(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	return o.of(codes.Unimplemented, methodNotFound, "no method "+quoted(method))
}

// around runs a call and records it.
func (o *observer) around(ctx context.Context, c call, do func() error) (err error) {
	start := time.Now()
	err, panicked := o.safely(c.method, do)
	took := time.Since(start)
	o.metrics.observe(c, status.Code(err), took)
	if !panicked {
		o.record(ctx, c.method, took, o.slow, err)
	}
	return err
}

// safely makes a panic an error, and gives every error a reason.
func (o *observer) safely(method string, do func() error) (err error, panicked bool) {
	defer func() {
		if fault := recover(); fault != nil {
			panicked = true
			o.metrics.panics.Inc()
			o.log.Error("panic", "method", method, "fault", fault, "stack", string(debug.Stack())) // each: none must be missed
			err = o.of(codes.Internal, "INTERNAL", "internal error")
		}
	}()
	return o.own(do()), false
}

// infrastructure are gRPC's own services, which take no place of a call: a health check that is turned away would take the
// server out of service.
func infrastructure(method string) bool { return strings.HasPrefix(method, "/grpc.") }

// isHealth tells whether it is one of those that are for everybody.
func isHealth(method string) bool { return strings.HasPrefix(method, "/grpc.health.") }

// record logs a call that failed or was slow, unless too many lines were logged within the second. A watch is long and
// ends as it likes: that is nothing to log. Nor is an error of another domain, which is what the call was to find out, nor
// that a client changed its mind.
func (o *observer) record(ctx context.Context, method string, took, slow time.Duration, err error) {
	s := status.Convert(err)
	info := infoOf(s)
	fault := info.GetDomain() == o.domain && s.Code() != codes.Canceled
	if infrastructure(method) || took < slow && !fault {
		return
	}
	if !o.mayLog(o.lines) {
		return
	}
	o.log.Warn("call", "method", quoted(method), "code", code.Code(s.Code()).String(), "reason", info.GetReason(), "peer", peerOf(ctx),
		"client", clientOf(ctx), "ms", took.Milliseconds(), "suppressed", o.suppressed.Swap(0))
}

// mayLog tells whether there is room for one more line, and counts those for which there is not.
func (o *observer) mayLog(lines *rate.Limiter) bool {
	if lines.Allow() {
		return true
	}
	o.suppressed.Add(1)
	o.suppressedEver.Add(1)
	return false
}

// handshakeFailed counts and logs a handshake of TLS that failed: most often a certificate has ended, on either side. A peer that goes
// without one is a health check of a balancer, and no failure.
func (o *observer) handshakeFailed(port, peer, fault string) {
	if fault == io.EOF.Error() || strings.HasSuffix(fault, syscall.ECONNRESET.Error()) {
		return
	}
	o.metrics.refused.WithLabelValues(port, "handshake").Inc()
	if o.mayLog(o.closings) {
		o.log.Warn("handshake failed", "port", port, "peer", peer, "error", quoted(fault), "suppressed", o.suppressed.Swap(0))
	}
}

// closed logs a connection that was closed because it had the most held.
func (o *observer) closed(of *origin, bytes int) {
	if o.mayLog(o.closings) {
		o.log.Warn("connection closed", "peer", of.String(), "held", bytes, "suppressed", o.suppressed.Swap(0))
	}
}

// said is what net/http says of its peers, which anybody can make it say; but a panic must not be missed.
type said struct{ *observer }

// Write implements io.Writer.
func (s said) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if failed, ok := strings.CutPrefix(text, "http: TLS handshake error from "); ok {
		peer, fault, _ := strings.Cut(failed, ": ")
		s.handshakeFailed("http", peer, fault)
	} else if strings.HasPrefix(text, "http: panic serving") {
		s.metrics.panics.Inc()
		s.log.Error("panic", "fault", text)
	} else if s.mayLog(s.lines) {
		s.log.Warn("http", "said", quoted(text), "suppressed", s.suppressed.Swap(0))
	}
	return len(line), nil
}

// unfinished tells whether calls are being worked on. A stream whose client does not read its answers is not.
func (o *observer) unfinished() error {
	if o.load.working.Load() == 0 {
		return nil
	}
	return context.DeadlineExceeded
}
