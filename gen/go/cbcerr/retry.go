package cbcerr

import (
	"context"
	"io"
	"time"

	"google.golang.org/grpc/status"
)

// ShouldRetry reports whether the advice permits a retry of the call to upstream, after a delay: upstream rejected it
// before executing it, or failed internally and a second call cannot take effect twice. It reports false for advice that
// is newer than this package. Other errors that Unwrap returns do not count; see the function ShouldRetry.
func (e *Error) ShouldRetry(idempotent bool) bool {
	switch e.Retry {
	case RetryBackoff:
		return true
	case RetryBackoffIfIdempotent:
		return idempotent || e.Outcome == OutcomeNotApplied
	}
	return false
}

// ShouldRetry reports whether the translated error that err is or wraps permits a retry of the call to upstream, and how
// long to wait. If no wait is recommended, it is 0: back off exponentially. It reports false for other errors.
//
// An error of errors.Join, or one that is formatted with several %w, can wrap several errors. Then all of them must permit
// a retry, and the wait is the longest. A gRPC status of another system, a network error, io.EOF, io.ErrUnexpectedEOF and an
// error of a context permit none, because the effect of their call is unknown. Other errors do not count.
func ShouldRetry(err error, idempotent bool) (wait time.Duration, ok bool) {
	a := retryAdvice{idempotent: idempotent}
	a.add(err)
	if a.refused || a.translated == 0 {
		return 0, false
	}
	return a.wait, true
}

// A retryAdvice is the advice of all errors that an error wraps.
type retryAdvice struct {
	idempotent bool
	translated int // number of translated errors
	refused    bool
	wait       time.Duration
}

// add adds the advice of an error and of the errors that it wraps.
func (a *retryAdvice) add(err error) {
	before := a.translated
	if failed, ok := err.(interface{ GRPCStatus() *status.Status }); ok {
		a.addStatus(failed.GRPCStatus())
	}
	switch e := err.(type) { //nolint:errorlint // it unwraps by itself
	case interface{ Unwrap() error }:
		a.add(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, wrapped := range e.Unwrap() {
			a.add(wrapped)
		}
	}
	a.refused = a.refused || a.translated == before && isUnfinishedCall(err)
}

// addStatus adds the advice of a status.
func (a *retryAdvice) addStatus(s *status.Status) {
	e, ok := FromStatus(s.Proto())
	if !ok {
		a.refused = true
		return
	}
	a.translated++
	a.refused = a.refused || !e.ShouldRetry(a.idempotent)
	if e.RetryDelay != nil {
		a.wait = max(a.wait, *e.RetryDelay)
	}
}

// isUnfinishedCall reports whether an error is a network error, one of a context, or that of a body that breaks off. An
// http.Client wraps an error of its transport, which can be a translated one, in a network error.
func isUnfinishedCall(err error) bool {
	switch err { //nolint:errorlint // add unwraps
	case context.Canceled, io.EOF, io.ErrUnexpectedEOF:
		return true
	}
	_, network := err.(interface{ Timeout() bool })
	return network
}
