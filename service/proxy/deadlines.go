package proxy

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// deadlines limit how long a client may be silent. A deadline applies to one read or write, since both directions can stream.
type deadlines struct {
	*http.ResponseController
	timeout time.Duration
}

// extendWrite gives the next write its time. It never fails with net/http's server.
func (d *deadlines) extendWrite() { _ = d.SetWriteDeadline(time.Now().Add(d.timeout)) }

// A requestBody is a body that a client sends.
type requestBody struct {
	io.ReadCloser
	deadlines *deadlines
}

// Read implements io.Reader. After the end of the body, net/http waits for the connection to close: without a deadline.
func (b *requestBody) Read(p []byte) (int, error) {
	_ = b.deadlines.SetReadDeadline(time.Now().Add(b.deadlines.timeout)) // never fails with net/http's server
	n, err := b.ReadCloser.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		_ = b.deadlines.SetReadDeadline(time.Time{})
	case err != nil:
		err = &requestBodyError{err}
	}
	return n, err
}

// A requestBodyError is the error of reading what a client sends.
type requestBodyError struct{ cause error }

// Error implements error.
func (e *requestBodyError) Error() string { return "reading the request: " + e.cause.Error() }

// Unwrap returns the cause.
func (e *requestBodyError) Unwrap() error { return e.cause }

// A responseWriter is a response that a client receives.
type responseWriter struct {
	http.ResponseWriter
	deadlines *deadlines
	draining  *atomic.Bool
	begun     bool // the final status is written
}

// WriteHeader implements http.ResponseWriter. It keeps net/http from guessing a content type that upstream did not send. An
// interim response has no headers of an error.
func (w *responseWriter) WriteHeader(status int) {
	if status < http.StatusOK {
		removeHeaders(w.Header())
	}
	if h := w.Header(); len(h["Content-Type"]) == 0 {
		h["Content-Type"] = nil
	}
	w.begun = w.begun || status >= http.StatusOK
	w.deadlines.extendWrite()
	if w.draining.Load() {
		w.Header().Set("Connection", "close")
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *responseWriter) Write(p []byte) (int, error) {
	w.deadlines.extendWrite()
	return w.ResponseWriter.Write(p)
}

// flushOnPanic sends what is written so far if the handler ends the connection: net/http would drop it.
func (w *responseWriter) flushOnPanic() {
	v := recover()
	if v == nil {
		return
	}
	if w.begun {
		w.deadlines.extendWrite()
		_ = w.deadlines.Flush() // best effort: the client may be gone
	}
	panic(v)
}

// Unwrap returns the writer that http.ResponseController uses to flush and to hijack.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
