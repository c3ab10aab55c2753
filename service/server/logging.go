package server

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/time/rate"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// A callLog logs a sample of the calls that failed or were slow, with OpenTelemetry's attribute names. The logging
// interceptor of go-grpc-middleware has names of its own, does not sample, and takes a translated error for a failure.
type callLog struct {
	*slog.Logger
	domain     string
	slow       time.Duration
	lines      *rate.Limiter
	skipped    atomic.Int64 // lines since the last one
	skippedAll atomic.Int64
}

func newCallLog(c Config, domain string, log *slog.Logger) *callLog {
	return &callLog{Logger: log, domain: domain, slow: c.SlowCall, lines: rate.NewLimiter(rate.Limit(c.LogRate), c.LogRate)}
}

// call logs a call that failed or was slow. The duration of a stream is its client's business, and 0 here.
func (l *callLog) call(ctx context.Context, method string, took time.Duration, err error) {
	if !strings.HasPrefix(method, "/grpc.") {
		l.write(ctx, took, err, attr(semconv.RPCMethodKey, methodName(method)), slog.Int64("duration_ms", took.Milliseconds()))
	}
}

// request logs an HTTP request that reached no method.
func (l *callLog) request(r *http.Request, httpStatus int, err error) {
	l.write(r.Context(), 0, err, attr(semconv.HTTPRequestMethodKey, quoted(r.Method)), attr(semconv.URLPathKey, quoted(r.URL.Path)),
		slog.Int(string(semconv.HTTPResponseStatusCodeKey), httpStatus))
}

// write logs a line unless all is well, or there were too many lines within the second. An error of another domain is
// what the call was to find out, and a client may change its mind.
func (l *callLog) write(ctx context.Context, took time.Duration, err error, about ...slog.Attr) {
	failed := infoOf(err).GetDomain() == l.domain && status.Code(err) != codes.Canceled
	if !failed && took < l.slow || !l.mayLog() {
		return
	}
	about = append(about, attr(semconv.RPCResponseStatusCodeKey, code.Code(status.Code(err)).String()), attr(semconv.ErrorTypeKey, reasonOf(err)))
	l.LogAttrs(ctx, slog.LevelWarn, "call", append(append(about, caller(ctx)...), l.suppressed())...)
}

// caller are the attributes of a call's client and trace.
func caller(ctx context.Context) (list []slog.Attr) {
	if from, ok := peer.FromContext(ctx); ok && from.Addr != nil {
		list = append(list, addressOf(from.Addr.String()))
	}
	if client := clientOf(ctx); client != "" {
		list = append(list, attr(semconv.EnduserIDKey, client))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		list = append(list, slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return list
}

func addressOf(peer string) slog.Attr {
	if host, _, err := net.SplitHostPort(peer); err == nil {
		peer = host
	}
	return attr(semconv.ClientAddressKey, peer)
}

func attr(key attribute.Key, value string) slog.Attr { return slog.String(string(key), value) }

// methodName is a method as OpenTelemetry names it: package.Service/Method.
func methodName(method string) string { return quoted(strings.TrimPrefix(method, "/")) }

// mayLog reports whether there is room for one more line, and counts those for which there is none.
func (l *callLog) mayLog() bool {
	if l.lines.Allow() {
		return true
	}
	l.skipped.Add(1)
	l.skippedAll.Add(1)
	return false
}

func (l *callLog) suppressed() slog.Attr { return slog.Int64("suppressed", l.skipped.Swap(0)) }

// handshakeFailed counts and logs a failed TLS handshake: most often a certificate has expired. A peer that goes without
// a handshake is a load balancer's health check, and no failure.
func (o *calls) handshakeFailed(port, peer, fault string) {
	if fault == io.EOF.Error() || strings.HasSuffix(fault, syscall.ECONNRESET.Error()) {
		return
	}
	o.metrics.handshakes.WithLabelValues(port).Inc()
	if o.log.mayLog() {
		o.log.LogAttrs(context.Background(), slog.LevelWarn, "TLS handshake failed",
			addressOf(peer), slog.String("port", port), slog.String("error", quoted(fault)), o.log.suppressed())
	}
}

// An httpLog takes the lines that net/http logs, most of which a peer provokes.
type httpLog struct{ *calls }

// Write implements io.Writer.
func (h httpLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if failed, ok := strings.CutPrefix(text, "http: TLS handshake error from "); ok {
		peer, fault, _ := strings.Cut(failed, ": ")
		h.handshakeFailed("http", peer, fault)
	} else if strings.HasPrefix(text, "http: panic serving") {
		h.metrics.panics.Inc()
		h.log.Error("panic", string(semconv.ExceptionMessageKey), text)
	} else if h.log.mayLog() {
		h.log.Warn("http", "error", quoted(text), h.log.suppressed())
	}
	return len(line), nil
}
