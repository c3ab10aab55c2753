package server

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
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

// A callLog logs a sample of the failed and slow calls, with OpenTelemetry's attribute names. The logging interceptor of
// go-grpc-middleware has other names, does not sample, and logs a translated error as a failure.
type callLog struct {
	*slog.Logger
	domain          string
	slow            time.Duration
	limiter         *rate.Limiter
	suppressed      atomic.Int64 // lines since the last one logged
	suppressedTotal atomic.Int64
}

func newCallLog(c Config, domain string, log *slog.Logger) *callLog {
	return &callLog{Logger: log, domain: domain, slow: c.SlowCall, limiter: rate.NewLimiter(rate.Limit(c.LogRate), c.LogRate)}
}

// logCall logs a failed or slow call. Rejected calls and streams have no duration: clients decide how long a stream lasts.
func (l *callLog) logCall(ctx context.Context, method string, duration time.Duration, err error) {
	if isInfrastructure(method) {
		return
	}
	attrs := []slog.Attr{attr(semconv.RPCMethodKey, methodName(method))}
	if duration > 0 {
		attrs = append(attrs, slog.Float64("duration_ms", milliseconds(duration)))
	}
	l.logSample(ctx, duration, err, attrs...)
}

// milliseconds returns a duration in milliseconds with three significant digits.
func milliseconds(d time.Duration) float64 {
	ms, _ := strconv.ParseFloat(strconv.FormatFloat(d.Seconds()*1e3, 'g', 3, 64), 64) // a formatted number is valid
	return ms
}

// logRequest logs an HTTP request that reached no method.
func (l *callLog) logRequest(r *http.Request, httpStatus int, err error) {
	l.logSample(r.Context(), 0, err, attr(semconv.HTTPRequestMethodKey, sanitize(r.Method)), attr(semconv.URLPathKey, sanitize(r.URL.Path)),
		slog.Int(string(semconv.HTTPResponseStatusCodeKey), httpStatus))
}

// logSample logs a failed or slow call, unless the rate limit suppresses the line. An error of another domain is the
// result of the call, and a cancellation is the client's choice: neither is a failure.
func (l *callLog) logSample(ctx context.Context, duration time.Duration, err error, attrs ...slog.Attr) {
	failed := errorInfoOf(err).GetDomain() == l.domain && status.Code(err) != codes.Canceled
	if !failed && duration < l.slow || !l.allow() {
		return
	}
	attrs = append(attrs, attr(semconv.RPCResponseStatusCodeKey, code.Code(status.Code(err)).String()), attr(semconv.ErrorTypeKey, reasonOf(err)))
	if fields := invalidFields(err); failed && fields != "" {
		attrs = append(attrs, slog.String("field", fields))
	}
	l.LogAttrs(ctx, slog.LevelWarn, "call", append(append(attrs, callerAttrs(ctx)...), l.suppressedAttr())...)
}

// callerAttrs returns the attributes of a call's client and trace.
func callerAttrs(ctx context.Context) (attrs []slog.Attr) {
	if from, ok := peer.FromContext(ctx); ok && from.Addr != nil {
		attrs = append(attrs, addressAttr(from.Addr.String()))
	}
	if client := clientOf(ctx); client != "" {
		attrs = append(attrs, attr(semconv.EnduserIDKey, client))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		attrs = append(attrs, slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return attrs
}

// addressAttr returns the attribute of a client's address, without its port.
func addressAttr(peer string) slog.Attr {
	if host, _, err := net.SplitHostPort(peer); err == nil {
		peer = host
	}
	return attr(semconv.ClientAddressKey, peer)
}

func attr(key attribute.Key, value string) slog.Attr { return slog.String(string(key), value) }

// methodName returns a method in OpenTelemetry's form, package.Service/Method.
func methodName(method string) string { return sanitize(strings.TrimPrefix(method, "/")) }

// allow reports whether the rate limit admits one more line, and counts suppressed lines.
func (l *callLog) allow() bool {
	if l.limiter.Allow() {
		return true
	}
	l.suppressed.Add(1)
	l.suppressedTotal.Add(1)
	return false
}

func (l *callLog) suppressedAttr() slog.Attr { return slog.Int64("suppressed", l.suppressed.Swap(0)) }

// handshakeFailed counts and logs a failed TLS handshake. A peer that closes the connection without a handshake, such as a
// load balancer's health check, is not a failure.
func (i *interceptors) handshakeFailed(port, peer, message string) {
	if message == io.EOF.Error() || strings.HasSuffix(message, syscall.ECONNRESET.Error()) {
		return
	}
	i.metrics.handshakes.WithLabelValues(port).Inc()
	if i.log.allow() {
		i.log.LogAttrs(context.Background(), slog.LevelWarn, "TLS handshake failed",
			addressAttr(peer), slog.String("port", port), slog.String("error", sanitize(message)), i.log.suppressedAttr())
	}
}

// An httpErrorLog is the ErrorLog of the HTTP port. Clients can trigger most of its lines, so they are sampled.
type httpErrorLog struct{ *interceptors }

// Write implements io.Writer.
func (h httpErrorLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if failed, ok := strings.CutPrefix(text, "http: TLS handshake error from "); ok {
		peer, message, _ := strings.Cut(failed, ": ")
		h.handshakeFailed("http", peer, message)
	} else if strings.HasPrefix(text, "http: panic serving") {
		h.metrics.panics.Inc()
		h.log.Error("panic", string(semconv.ExceptionMessageKey), text)
	} else if h.log.allow() {
		h.log.Warn("http", "error", sanitize(text), h.log.suppressedAttr())
	}
	return len(line), nil
}
