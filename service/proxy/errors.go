package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// reasonBrokenOff is the reason of a response whose body breaks off. The client has received its beginning.
const reasonBrokenOff = "UPSTREAM_RESPONSE_BROKEN"

// domain is the ErrorInfo domain of the proxy's own errors.
const domain = "cbcerr"

// An ownError is an error of the proxy itself. The client receives it in place of a response of upstream.
type ownError struct {
	reason         string
	httpStatus     int
	code           codes.Code
	retry, outcome string
	message        string
}

// The errors of the proxy itself. If upstream may have received the request, its effect is unknown.
var (
	errUnreachable = ownError{"UPSTREAM_UNREACHABLE", http.StatusBadGateway, codes.Unavailable, "BACKOFF", "NOT_APPLIED", "cannot connect to upstream"}
	errBroken      = ownError{"UPSTREAM_CONNECTION_BROKEN", http.StatusBadGateway, codes.Unknown, "VERIFY_FIRST", "UNKNOWN",
		"upstream ended the connection, or sent no valid response of HTTP"}
	errTimeout     = ownError{"UPSTREAM_TIMEOUT", http.StatusGatewayTimeout, codes.DeadlineExceeded, "VERIFY_FIRST", "UNKNOWN", "upstream sent no response in time"}
	errRequestBody = ownError{"REQUEST_BODY_INVALID", http.StatusBadRequest, codes.InvalidArgument, "VERIFY_FIRST", "UNKNOWN",
		"the body of the request is malformed; upstream may have received its beginning"}
	errTunnel = ownError{"CONNECT_NOT_SUPPORTED", http.StatusNotImplemented, codes.Unimplemented, "CHANGE_REQUEST", "NOT_APPLIED",
		"the sidecar opens no tunnels: make it the endpoint of the program, not its HTTP proxy"}

	ownErrors = [...]ownError{errUnreachable, errBroken, errTimeout, errRequestBody, errTunnel}
)

// ownErrorOf returns the error that a failed request means.
func ownErrorOf(err error) ownError {
	var body *requestBodyError
	var unsent *unsentError
	var timeout net.Error
	switch {
	case errors.As(err, &body):
		return errRequestBody
	case errors.As(err, &unsent):
		return errUnreachable
	case errors.As(err, &timeout) && timeout.Timeout():
		return errTimeout
	}
	return errBroken
}

// handleError answers a request that has no response of upstream.
func (p *proxy) handleError(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(r.Context().Err(), context.Canceled) { // the client has gone
		p.log.Debug("client aborted", "method", r.Method, "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	p.answer(w, r, ownErrorOf(err), err)
}

// An observedBody is the body of a response that reports its end.
type observedBody struct {
	io.ReadCloser
	ended func(error)
}

// Read implements io.Reader.
func (b *observedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.ended(err)
	}
	return n, err
}

// endBody removes trailers with the names of the headers of an error. It logs and counts a response that breaks off: what it would
// have told, such as the ID of an order, is lost. A canceled context means that the client has gone.
func (p *proxy) endBody(r *http.Response, cause error) {
	removeHeaders(r.Trailer)
	if errors.Is(cause, io.EOF) || errors.Is(cause, context.Canceled) {
		return
	}
	p.metrics.upstreamErrors.WithLabelValues(reasonBrokenOff).Inc()
	p.log.Warn("response broken off", "method", r.Request.Method, "path", r.Request.URL.EscapedPath(), "http_status", r.StatusCode,
		"reason", reasonBrokenOff, "error", cause)
}

// answer answers with an error of the proxy itself, logs and counts it.
func (p *proxy) answer(w http.ResponseWriter, r *http.Request, e ownError, cause error) {
	p.metrics.upstreamErrors.WithLabelValues(e.reason).Inc()
	p.log.Warn("no response", "method", r.Method, "path", r.URL.Path, "reason", e.reason, "error", cause)
	e.write(w, r.Method)
}

// statusFor returns the HTTP status for a request of a method. The SDK for Node.js sends any request to its next endpoint on
// 504, so that only queries get it. No SDK repeats a request on 502.
func (e ownError) statusFor(method string) int {
	if e.httpStatus == http.StatusGatewayTimeout && !isQuery(method) {
		return http.StatusBadGateway
	}
	return e.httpStatus
}

// write answers with the error, in the fields and headers of a raised one.
func (e ownError) write(w http.ResponseWriter, method string) {
	h := w.Header()
	h.Set(reasonHeader, e.reason)
	h.Set(retryHeader, e.retry)
	h.Set(outcomeHeader, e.outcome)
	info := &errdetails.ErrorInfo{Reason: e.reason, Domain: domain, Metadata: map[string]string{"retry": e.retry, "outcome": e.outcome}}
	if s, err := status.New(e.code, e.message).WithDetails(info); err == nil {
		h.Set(statusHeader, encodeStatus(s.Proto()))
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(e.statusFor(method))
	_ = json.NewEncoder(w).Encode(map[string]string{ // best effort: the client may be gone
		"error_code": e.reason, "error_msg": e.message, "error_reason": e.reason,
		"error_retry": e.retry, "error_outcome": e.outcome, "error_domain": domain,
	})
}
