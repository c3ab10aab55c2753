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

// interceptors wrap every call, over gRPC and REST. They limit, count and log calls, turn panics into errors, and give
// every error a reason. They never log bodies.
type interceptors struct {
	errors        errorFactory
	log           *callLog
	metrics       *metrics
	authenticator Authenticator       // nil authenticates no calls
	rates         *rateLimiters       // nil sets no limit
	inFlight      chan struct{}       // an element for each call in flight; golang.org/x/sync/semaphore exposes no count
	large         *semaphore.Weighted // bytes of large requests in flight
	maxMessage    int
	drainTimeout  time.Duration
	stopping      chan struct{} // closed when streams must end
}

func newInterceptors(c Config, domain string, log *slog.Logger, m *metrics) *interceptors {
	if c.Authenticate == nil && c.ClientRate > 0 {
		c.Authenticate = auth.ByConnection
	}
	return &interceptors{
		errors: errorFactory{domain}, log: newCallLog(c, domain, log), metrics: m, authenticator: c.Authenticate, rates: newRateLimiters(c),
		inFlight: make(chan struct{}, c.MaxCalls), large: semaphore.NewWeighted(int64(c.MaxMessage)), maxMessage: c.MaxMessage,
		drainTimeout: c.DrainTimeout, stopping: make(chan struct{}),
	}
}

// unary returns the interceptors of unary calls.
func (i *interceptors) unary() []grpc.UnaryServerInterceptor {
	recoverPanic := recovery.UnaryServerInterceptor(recovery.WithRecoveryHandlerContext(i.handlePanic))
	return []grpc.UnaryServerInterceptor{i.interceptUnary, i.metrics.calls.UnaryServerInterceptor(), recoverPanic}
}

// streams returns the interceptors of streams. Recovery comes last: interceptStream starts a goroutine for the rest.
func (i *interceptors) streams() []grpc.StreamServerInterceptor {
	recoverPanic := recovery.StreamServerInterceptor(recovery.WithRecoveryHandlerContext(i.handlePanic))
	return []grpc.StreamServerInterceptor{i.metrics.calls.StreamServerInterceptor(), i.interceptStream, recoverPanic}
}

// isInfrastructure reports whether the method is one of gRPC's own, which have no limit: a rejected health check would take
// the server out of service.
func isInfrastructure(method string) bool { return strings.HasPrefix(method, "/grpc.") }

// isHealth reports whether the method is a health check, which needs no authentication.
func isHealth(method string) bool { return strings.HasPrefix(method, "/grpc.health.") }

// interceptUnary limits calls, gives errors a reason, and logs failed and slow calls. A rejected call does not reach the
// metrics interceptor: it would be a sample without a duration.
func (i *interceptors) interceptUnary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	if !isInfrastructure(info.FullMethod) {
		err := i.checkRate(clientOf(ctx))
		if err == nil {
			err = i.acquire()
		}
		if err != nil {
			return nil, i.reject(ctx, info.FullMethod, err)
		}
		defer i.release()
	}
	start := time.Now()
	reply, err := handle(ctx, request)
	err = i.errors.withReason(err)
	i.log.logCall(ctx, info.FullMethod, time.Since(start), err)
	return reply, err
}

// acquire counts a call as in flight, or rejects it above the limit.
func (i *interceptors) acquire() error {
	select {
	case i.inFlight <- struct{}{}:
		return nil
	default:
		i.metrics.shed("concurrency")
		return i.errors.overloaded(retryDelay(), fmt.Sprintf("more than %d calls in flight", cap(i.inFlight)))
	}
}

// release ends a call in flight.
func (i *interceptors) release() { <-i.inFlight }

// retryDelay returns a random delay, so that clients rejected at the same time do not retry at the same time.
func retryDelay() time.Duration { return 100*time.Millisecond + rand.N(200*time.Millisecond) }

// reject logs a rejected call, and sends the delay of its error as retry pushback (gRFC A6).
func (i *interceptors) reject(ctx context.Context, method string, err error) error {
	i.log.logCall(ctx, method, 0, err)
	for _, detail := range status.Convert(err).Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			delay := retry.GetRetryDelay().AsDuration().Milliseconds()
			_ = grpc.SetTrailer(ctx, metadata.Pairs("grpc-retry-pushback-ms", strconv.FormatInt(delay, 10)))
		}
	}
	return err
}

// handlePanic logs a panic and returns the error of its call.
func (i *interceptors) handlePanic(ctx context.Context, p any) error {
	i.metrics.panics.Inc()
	method, _ := grpc.Method(ctx)
	i.log.LogAttrs(ctx, slog.LevelError, "panic", append(callerAttrs(ctx), attr(semconv.RPCMethodKey, methodName(method)),
		slog.Any(string(semconv.ExceptionMessageKey), p), attr(semconv.ExceptionStacktraceKey, string(debug.Stack())))...)
	return i.errors.newError(codes.Internal, "INTERNAL", "internal error")
}

// interceptStream limits and logs a stream, and ends it between two messages on shutdown.
func (i *interceptors) interceptStream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	ctx, method := stream.Context(), info.FullMethod
	client := clientOf(ctx)
	if err := i.checkRate(client); err != nil {
		return i.reject(ctx, method, err)
	}
	s := &serverStream{ServerStream: stream, interceptors: i, method: method, client: client, lastAuth: time.Now(), received: received{ctx: ctx}}
	finished := make(chan error, 1)
	go func() {
		err := i.errors.withReason(handle(service, s))
		s.release()
		i.log.logCall(ctx, method, 0, err)
		finished <- err
	}()
	return i.endOnShutdown(s, finished)
}

// A serverStream counts each message as a call in flight until its reply. A malformed message fails alone. The service must
// reply to a message before it receives the next.
type serverStream struct {
	grpc.ServerStream
	interceptors *interceptors
	method       string
	client       string
	lastAuth     time.Time
	received     received

	waitingSince atomic.Int64 // Unix time in nanoseconds at which RecvMsg began to wait; 0 outside RecvMsg
	ending       atomic.Bool
	inFlight     atomic.Bool
}

// RecvMsg implements grpc.ServerStream. An error with a reason concerns only this message, except UNAVAILABLE and
// UNAUTHENTICATED, which end the stream.
func (s *serverStream) RecvMsg(message any) error {
	s.release()
	if s.ending.Load() {
		return s.interceptors.errStopping()
	}
	s.waitingSince.Store(time.Now().UnixNano())
	err := s.received.receive(s.ServerStream.RecvMsg, message)
	s.waitingSince.Store(0)
	if err != nil {
		s.interceptors.log.logCall(s.Context(), s.method, 0, err)
		return err
	}
	if isHealth(s.method) {
		return nil
	}
	if err := s.checkClient(); err != nil || isInfrastructure(s.method) {
		return err
	}
	err = s.interceptors.acquire()
	s.inFlight.Store(err == nil)
	return err
}

// SendMsg implements grpc.ServerStream. It ends the call in flight first: a client that reads no replies must not hold it.
func (s *serverStream) SendMsg(message any) error {
	s.release()
	reply, err := s.interceptors.limitUnsent(s.Context(), message)
	if err != nil {
		return err
	}
	return s.ServerStream.SendMsg(reply)
}

// checkClient rejects a client whose authentication has expired or whose rate is too high.
func (s *serverStream) checkClient() (err error) {
	if time.Since(s.lastAuth) > maxAuthAge {
		s.lastAuth = time.Now()
		if s.client, err = s.interceptors.authenticateGRPC(s.Context(), s.method); err != nil {
			return err
		}
	}
	return s.interceptors.checkRate(s.client)
}

func (s *serverStream) release() {
	s.received.free()
	if s.inFlight.CompareAndSwap(true, false) {
		s.interceptors.release()
	}
}
