package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"sync/atomic"
	"time"
)

// transport returns the client of upstream. It speaks HTTP/1.1, like the SDKs.
func (c Config) transport() (http.RoundTripper, error) {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	roots, err := c.roots()
	if err != nil {
		return nil, err
	}
	t := &http.Transport{
		Protocols: protocols, TLSClientConfig: &tls.Config{RootCAs: roots}, Proxy: http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: c.ConnectTimeout}).DialContext,
		TLSHandshakeTimeout: c.ConnectTimeout, ResponseHeaderTimeout: c.UpstreamTimeout, ExpectContinueTimeout: c.ConnectTimeout,
		DisableCompression: true, MaxResponseHeaderBytes: int64(c.MaxHeaderBytes),
		MaxIdleConnsPerHost: c.MaxConnections, IdleConnTimeout: upstreamIdleTimeout,
	}
	if c.UpstreamAddr != "" {
		t.Proxy, t.DialContext = nil, dialTo(c.UpstreamAddr, t.DialContext)
	}
	return &bodyTimeout{connTracer{t}, c.UpstreamReadTimeout}, nil
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// dialTo returns a function that connects to one address, whatever address it is asked for.
func dialTo(address string, dial dialFunc) dialFunc {
	return func(ctx context.Context, network, _ string) (net.Conn, error) { return dial(ctx, network, address) }
}

// roots returns the authorities of upstream, nil for those of the system.
func (c Config) roots() (*x509.CertPool, error) {
	if c.UpstreamCA == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.UpstreamCA)
	if err != nil {
		return nil, fmt.Errorf("--upstream-ca: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--upstream-ca: %s: no certificate in PEM", c.UpstreamCA)
	}
	return roots, nil
}

// A connTracer is a transport that marks the errors of requests without a connection.
type connTracer struct{ http.RoundTripper }

// An unsentError is the error of a request that found no connection, or none with TLS. Nothing of it was sent.
type unsentError struct{ error }

// Unwrap returns the cause.
func (e *unsentError) Unwrap() error { return e.error }

// RoundTrip implements http.RoundTripper. The last attempt counts: http.Transport repeats a request if nothing of it was sent,
// or if its method is safe.
func (t connTracer) RoundTrip(r *http.Request) (*http.Response, error) {
	var connected atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { connected.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	response, err := t.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil && !connected.Load() {
		return nil, &unsentError{err}
	}
	return response, err
}

// A bodyTimeout is a transport with a timeout for each read of a body. A stream of events has none: it may be silent for long.
type bodyTimeout struct {
	http.RoundTripper
	timeout time.Duration
}

// RoundTrip implements http.RoundTripper.
func (t *bodyTimeout) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	response, err := t.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	body := &timedBody{ReadCloser: response.Body, cancel: cancel}
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind != "text/event-stream" || response.StatusCode >= http.StatusBadRequest {
		body.timeout = t.timeout
	}
	response.Body = body
	return response, nil
}

// errReadTimeout ends a body that upstream stopped sending.
var errReadTimeout = errors.New("upstream sent nothing more of the body in time")

// A timedBody is a body whose reads time out.
type timedBody struct {
	io.ReadCloser
	timeout time.Duration // 0 for none
	cancel  context.CancelFunc
}

// Read implements io.Reader.
func (b *timedBody) Read(p []byte) (int, error) {
	if b.timeout == 0 {
		return b.ReadCloser.Read(p)
	}
	timer := time.AfterFunc(b.timeout, b.cancel)
	n, err := b.ReadCloser.Read(p)
	if !timer.Stop() && err != nil && !errors.Is(err, io.EOF) {
		err = errReadTimeout
	}
	return n, err
}

// Close implements io.Closer.
func (b *timedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
