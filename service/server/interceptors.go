package server

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"golang.org/x/sync/semaphore"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// calls are the interceptors around every call, over gRPC and REST. They limit, count and log calls, turn panics into
// errors, and give every error a reason. They never see bodies.
type calls struct {
	errors       errorMaker
	log          *callLog
	metrics      *metrics
	authenticate Authenticator       // nil serves everybody
	rates        *rates              // nil sets no limit
	inFlight     chan struct{}       // a value for each call in flight; golang.org/x/sync/semaphore does not tell how many there are
	large        *semaphore.Weighted // bytes of large requests in work
	unsent       atomic.Int64        // bytes of large answers over gRPC that clients have not read
	maxMessage   int
	drainTimeout time.Duration
	stopping     chan struct{} // closed when streams must end
}

func newCalls(c Config, domain string, log *slog.Logger, m *metrics) *calls {
	if c.Authenticate == nil && c.ClientRate > 0 {
		c.Authenticate = auth.ByConnection
	}
	return &calls{
		errors: errorMaker{domain}, log: newCallLog(c, domain, log), metrics: m, authenticate: c.Authenticate, rates: newRates(c),
		inFlight: make(chan struct{}, c.MaxCalls), large: semaphore.NewWeighted(int64(c.MaxMessage)), maxMessage: c.MaxMessage,
		drainTimeout: c.DrainTimeout, stopping: make(chan struct{}),
	}
}

// unary are the interceptors of unary calls. The rate of calls over REST is limited by HTTP request.
func (o *calls) unary() []grpc.UnaryServerInterceptor {
	recovered := recovery.UnaryServerInterceptor(recovery.WithRecoveryHandlerContext(o.panicked))
	return []grpc.UnaryServerInterceptor{o.call, o.metrics.calls.UnaryServerInterceptor(), recovered}
}

// streams are the interceptors of streams. Recovery comes last: lasting calls the rest in a goroutine of its own.
func (o *calls) streams() []grpc.StreamServerInterceptor {
	recovered := recovery.StreamServerInterceptor(recovery.WithRecoveryHandlerContext(o.panicked))
	return []grpc.StreamServerInterceptor{o.metrics.calls.StreamServerInterceptor(), o.lasting, recovered}
}

// isInfrastructure reports whether the method is one of gRPC's own. No limit refuses those: a refused health check would
// take the server out of service.
func isInfrastructure(method string) bool { return strings.HasPrefix(method, "/grpc.") }

// isHealth reports whether the method needs no authentication.
func isHealth(method string) bool { return strings.HasPrefix(method, "/grpc.health.") }

// call limits calls, gives errors a reason, and logs calls that failed or were slow. A refused call is not counted: it would
// be a sample of no duration.
func (o *calls) call(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	if !isInfrastructure(info.FullMethod) {
		err := o.checkRate(clientOf(ctx))
		if err == nil {
			err = o.enter()
		}
		if err != nil {
			return nil, o.refused(ctx, info.FullMethod, err)
		}
		defer o.leave()
	}
	start := time.Now()
	reply, err := handle(ctx, request)
	if err == nil {
		err = o.checkUnsent(reply)
	}
	err = o.errors.own(err)
	o.log.call(ctx, info.FullMethod, time.Since(start), err)
	return reply, err
}

// enter counts a call as in flight, if the limit allows; leave ends that.
func (o *calls) enter() error {
	select {
	case o.inFlight <- struct{}{}:
		return nil
	default:
		o.metrics.shed("concurrency")
		return o.errors.busy(backoff(), fmt.Sprintf("more than %d calls in flight", cap(o.inFlight)))
	}
}

func (o *calls) leave() { <-o.inFlight }

// backoff is different for each client, so that those refused together do not come back together.
func backoff() time.Duration { return 100*time.Millisecond + rand.N(200*time.Millisecond) }

// refused logs a refused call, and tells retry policies the delay of its error (gRFC A6).
func (o *calls) refused(ctx context.Context, method string, err error) error {
	o.log.call(ctx, method, 0, err)
	for _, detail := range status.Convert(err).Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			wait := retry.GetRetryDelay().AsDuration().Milliseconds()
			_ = grpc.SetTrailer(ctx, metadata.Pairs("grpc-retry-pushback-ms", strconv.FormatInt(wait, 10)))
		}
	}
	return err
}

// panicked makes an error of a panic, and logs each.
func (o *calls) panicked(ctx context.Context, fault any) error {
	o.metrics.panics.Inc()
	method, _ := grpc.Method(ctx)
	o.log.LogAttrs(ctx, slog.LevelError, "panic", append(caller(ctx), attr(semconv.RPCMethodKey, methodName(method)),
		slog.Any(string(semconv.ExceptionMessageKey), fault), attr(semconv.ExceptionStacktraceKey, string(debug.Stack())))...)
	return o.errors.of(codes.Internal, "INTERNAL", "internal error")
}

// lasting limits and logs a stream, and ends it between two messages when the server stops.
func (o *calls) lasting(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	ctx, method := stream.Context(), info.FullMethod
	client := clientOf(ctx)
	if err := o.checkRate(client); err != nil {
		return o.refused(ctx, method, err)
	}
	m := &messages{ServerStream: stream, calls: o, method: method, client: client, authenticated: time.Now(), received: received{ctx: ctx}}
	finished := make(chan error, 1)
	go func() {
		err := o.errors.own(handle(service, m))
		m.release()
		o.log.call(ctx, method, 0, err)
		finished <- err
	}()
	return o.untilStop(m, finished)
}

// messages is a stream each of whose messages is in flight while it is worked on. A message that cannot be read fails
// alone. Its service answers a message before it receives the next.
type messages struct {
	grpc.ServerStream
	calls         *calls
	method        string
	client        string
	authenticated time.Time // last
	received      received

	waiting  atomic.Int64 // nanoseconds since 1970 when it began to wait for a message; 0 while one is in work
	ending   atomic.Bool
	inFlight atomic.Bool
}

// RecvMsg implements grpc.ServerStream. An error with a reason is about this message alone, except UNAVAILABLE and
// UNAUTHENTICATED, which end the stream.
func (m *messages) RecvMsg(message any) error {
	m.release()
	if m.ending.Load() {
		return m.calls.stopped()
	}
	m.waiting.Store(time.Now().UnixNano())
	err := m.received.receive(m.ServerStream.RecvMsg, message)
	m.waiting.Store(0)
	if err != nil {
		m.calls.log.call(m.Context(), m.method, 0, err)
		return err
	}
	if isHealth(m.method) {
		return nil
	}
	if err := m.checkClient(); err != nil || isInfrastructure(m.method) {
		return err
	}
	err = m.calls.enter()
	m.inFlight.Store(err == nil)
	return err
}

// SendMsg implements grpc.ServerStream. A client that does not read its answers does not keep a call in flight.
func (m *messages) SendMsg(message any) error {
	m.release()
	if err := m.calls.checkUnsent(message); err != nil {
		return err
	}
	return m.ServerStream.SendMsg(message)
}

// checkClient refuses a client that calls too often, and one whose token has ended.
func (m *messages) checkClient() (err error) {
	if time.Since(m.authenticated) > authAge {
		m.authenticated = time.Now()
		if m.client, err = m.calls.identifyGRPC(m.Context(), m.method); err != nil {
			return err
		}
	}
	return m.calls.checkRate(m.client)
}

func (m *messages) release() {
	m.received.free()
	if m.inFlight.CompareAndSwap(true, false) {
		m.calls.leave()
	}
}
