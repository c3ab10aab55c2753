// Package proxy is a reverse proxy in front of the CBC that explains its errors. A program in any language calls the proxy
// in place of the CBC, and needs no other change.
//
// The proxy forwards requests as they are, except for Accept-Encoding and the letter case of header names. By default it
// leaves bodies as they are too, and adds headers to a response that is an error: cbcerr-code, cbcerr-reason, cbcerr-retry,
// cbcerr-outcome and cbcerr-status-bin, the google.rpc.Status in base64. With Config.Raise it rewrites errors so that the
// SDKs of Huawei Cloud raise them.
//
// It judges a success only if it has read the whole body, and passes on other successes unread. It judges an HTTP error by
// what it could read, and rewrites it only if that is the whole body.
//
//	s, err := proxy.Listen(config, catalog, log)
//	err = s.Serve(ctx) // until ctx ends and the requests in flight have finished
package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/translate"
)

// A proxy is the handler of the clients' port.
type proxy struct {
	config     Config
	log        *slog.Logger
	catalog    *catalog.Catalog
	translator *translate.Translator
	metrics    *metrics
	reverse    *httputil.ReverseProxy
}

// newProxy returns an error for an invalid upstream or locale.
func newProxy(config Config, c *catalog.Catalog, log *slog.Logger, m *metrics) (*proxy, error) {
	upstream, err := config.upstreamURL()
	if err != nil {
		return nil, err
	}
	if _, ok := c.ExactLocale([]string{config.Locale}); !ok {
		return nil, fmt.Errorf("--locale: %q is not one of %s", config.Locale, strings.Join(c.Locales(), ", "))
	}
	transport, err := config.transport()
	if err != nil {
		return nil, err
	}
	p := &proxy{config: config, log: log, catalog: c, translator: translate.New(c, translate.DefaultItems), metrics: m}
	p.reverse = &httputil.ReverseProxy{
		Rewrite: rewriteTo(upstream), Transport: transport, ModifyResponse: p.modifyResponse, ErrorHandler: p.handleError,
		BufferPool: &bufferPool{}, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return p, nil
}

// transport returns the client of upstream. It speaks HTTP/1.1, like the SDKs.
func (c Config) transport() (*http.Transport, error) {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	roots, err := c.roots()
	if err != nil {
		return nil, err
	}
	t := &http.Transport{
		Protocols: protocols, TLSClientConfig: &tls.Config{RootCAs: roots}, Proxy: http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: c.HandshakeTimeout}).DialContext,
		TLSHandshakeTimeout: c.HandshakeTimeout, ResponseHeaderTimeout: c.UpstreamTimeout, ExpectContinueTimeout: c.HandshakeTimeout,
		DisableCompression: true, MaxResponseHeaderBytes: int64(c.MaxHeader),
		MaxIdleConnsPerHost: c.MaxConnections, IdleConnTimeout: upstreamIdleTimeout,
	}
	if c.UpstreamAddr != "" {
		t.Proxy, t.DialContext = nil, dialTo(c.UpstreamAddr, t.DialContext)
	}
	return t, nil
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

// forwarded are the headers that ReverseProxy removes from requests, although a client may have signed them.
var forwarded = [...]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// rewriteTo returns the function that directs a request to upstream. The SDKs sign the Host header, the path, the query and
// some headers, so these stay as they are. Without Accept-Encoding, upstream does not compress the response.
func rewriteTo(upstream *url.URL) func(*httputil.ProxyRequest) {
	return func(r *httputil.ProxyRequest) {
		target := r.Out.URL
		target.Scheme, target.Host = upstream.Scheme, upstream.Host
		target.RawQuery, target.ForceQuery = r.In.URL.RawQuery, r.In.URL.ForceQuery // ReverseProxy drops what it cannot parse
		if path, _, _ := strings.Cut(r.In.RequestURI, "?"); strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") {
			target.Opaque = path // Path would be escaped in the way of package url
		}
		r.Out.Host = r.In.Host
		for _, name := range forwarded {
			if values, ok := r.In.Header[name]; ok {
				r.Out.Header[name] = values
			}
		}
		r.Out.Header.Del("Accept-Encoding")
		hideKeys(r.Out.Header)
	}
}

// hideKeys writes the names in lower case that make http.Transport send a request twice if its connection breaks: the CBC does
// not promise that the second one has no effect.
func hideKeys(h http.Header) {
	for _, name := range [...]string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values, ok := h[name]; ok {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}

// A bufferPool reuses the buffers of bodies.
type bufferPool struct{ pool sync.Pool }

// bufferSize is the size of the buffer that copies a body.
const bufferSize = 32 << 10

// Get implements httputil.BufferPool.
func (b *bufferPool) Get() []byte {
	if buffer, ok := b.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, bufferSize)
}

// Put implements httputil.BufferPool.
func (b *bufferPool) Put(buffer []byte) { b.pool.Put(&buffer) }
