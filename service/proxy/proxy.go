// Package proxy is a reverse proxy in front of the CBC that explains its errors. A program in any language calls the proxy
// in place of the CBC, and needs no other change.
//
// The proxy forwards requests as they are, except for Accept-Encoding and the letter case of header names. By default it
// leaves bodies as they are too, and adds headers to a response that is an error: cbcerr-code, cbcerr-reason, cbcerr-retry,
// cbcerr-outcome and cbcerr-status-bin, the google.rpc.Status in base64. With Config.Raise it rewrites errors so that the
// SDKs of Huawei Cloud raise them.
//
// It judges a success only if it has read the whole body, and passes on other successes as they arrive. It judges an HTTP
// error by what it could read, and rewrites it only if that is the whole body. A rewrite loses nothing that upstream sent.
//
//	s, err := proxy.Listen(config, catalog, log)
//	err = s.Serve(ctx) // until ctx ends and the requests in flight have finished
package proxy

import (
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net/http"
	"net/http/httputil"
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
		BufferPool: &bufferPool{}, ErrorLog: stdlog.New(io.Discard, "", 0), // observedBody logs the same with method and path
	}
	return p, nil
}

// serve proxies a request. It offers upstream no other protocol, so that programs which try HTTP/2 in the clear stay with
// HTTP/1.1.
func (p *proxy) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		p.answer(w, r, errTunnel, fmt.Errorf("CONNECT %.256q", r.Host))
		return
	}
	r.Header.Del("Upgrade")
	p.reverse.ServeHTTP(w, r)
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
