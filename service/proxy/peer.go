package proxy

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// A peer limits how long a client may be silent. A deadline applies to one read or write, since both directions can stream.
type peer struct {
	*http.ResponseController
	timeout time.Duration
}

// extendWrite gives the next write its time. It never fails with net/http's server.
func (p *peer) extendWrite() { _ = p.SetWriteDeadline(time.Now().Add(p.timeout)) }

// A requestBody is a body that a client sends.
type requestBody struct {
	io.ReadCloser
	peer *peer
}

// Read implements io.Reader. After the end of the body, net/http waits for the connection to close: without a deadline.
func (b *requestBody) Read(p []byte) (int, error) {
	_ = b.peer.SetReadDeadline(time.Now().Add(b.peer.timeout)) // never fails with net/http's server
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.peer.SetReadDeadline(time.Time{})
	}
	return n, err
}

// A responseWriter is a response that a client receives.
type responseWriter struct {
	http.ResponseWriter
	peer     *peer
	draining *atomic.Bool
}

// WriteHeader implements http.ResponseWriter. It keeps net/http from guessing a content type that upstream did not send.
func (w *responseWriter) WriteHeader(status int) {
	if h := w.Header(); len(h["Content-Type"]) == 0 {
		h["Content-Type"] = nil
	}
	w.peer.extendWrite()
	if w.draining.Load() {
		w.Header().Set("Connection", "close")
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *responseWriter) Write(p []byte) (int, error) {
	w.peer.extendWrite()
	return w.ResponseWriter.Write(p)
}

// Unwrap returns the writer that http.ResponseController uses to flush and to hijack.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
