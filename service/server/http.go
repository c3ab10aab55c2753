package server

import (
	"cmp"
	"context"
	stdlog "log"
	"net"
	"net/http"
	"strings"

	"github.com/felixge/httpsnoop"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/rs/cors"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// newHTTP has the limits of the HTTP port. It speaks HTTP/1.1 only, so a connection holds one request at a time.
func (s *Server) newHTTP(rest *gateway) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	c := s.config
	return &http.Server{
		Handler: s.observed(c.withCORS(s.withHeaders(s.authenticated(rest)))), ConnContext: withPeer,
		MaxHeaderBytes: c.MaxHeader, TLSConfig: c.TLS, Protocols: protocols, ErrorLog: stdlog.New(httpLog{s.calls}, "", 0),
		ReadHeaderTimeout: c.HandshakeTimeout, ReadTimeout: c.PeerTimeout, IdleTimeout: c.IdleTimeout,
		WriteTimeout: 2 * c.PeerTimeout, // it counts from the same moment as ReadTimeout, and the answer comes after
	}
}

// withPeer tells calls over REST their peer, as gRPC does.
func withPeer(ctx context.Context, conn net.Conn) context.Context {
	return peer.NewContext(ctx, &peer.Peer{Addr: conn.RemoteAddr()})
}

// A request is what handlers note about a request.
type request struct {
	route   string // method and pattern; empty where none fits
	refused bool
	body    received
}

type requestKey struct{}

func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return new(request)
}

// observed traces and counts requests by their route. otelhttp's metrics would need a second exporter.
func (s *Server) observed(h http.Handler) http.Handler {
	observed := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		noted := new(request)
		inner := r.WithContext(context.WithValue(r.Context(), requestKey{}, noted))
		seen := httpsnoop.CaptureMetrics(h, w, inner)
		r.Pattern = cmp.Or(inner.Pattern, noted.route)
		if _, route, _ := strings.Cut(r.Pattern, " "); !noted.refused {
			s.calls.metrics.request(r.Method, cmp.Or(route, r.Pattern), seen.Code, seen.Duration)
		}
	}))
	if s.config.Trace == nil {
		return observed
	}
	return s.config.Trace.REST(observed)
}

// noteRoute is the gateway's middleware that notes its route.
func noteRoute(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		pattern, _ := runtime.HTTPPattern(r.Context())
		requestOf(r.Context()).route = r.Method + " " + pattern.String()
		next(w, r, path)
	}
}

// withCORS lets pages of the configured origins call REST from a browser, and read all headers of an answer.
func (c Config) withCORS(h http.Handler) http.Handler {
	if len(c.CORSOrigins) == 0 {
		return h
	}
	return cors.New(cors.Options{
		AllowedOrigins: c.CORSOrigins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Accept", "Accept-Language", "Authorization", "Content-Type", "If-None-Match", "Traceparent", "Tracestate", "X-Language"},
		ExposedHeaders: []string{"Content-Language", "ETag", "Grpc-Message", "Grpc-Status", "Grpc-Status-Details-Bin", "Retry-After", "WWW-Authenticate"},
		MaxAge:         corsMaxAge,
	}).Handler(h)
}

// withHeaders sets the headers that OWASP's REST security cheat sheet asks for. While the server drains, it asks clients
// to close their connection: over HTTP/1.1 the server cannot close it without the risk to lose a request.
func (s *Server) withHeaders(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'") // pages set their own
		if s.config.TLS != nil {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if s.draining.Load() {
			header.Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}

// authenticated passes requests of known clients to the gateway.
func (s *Server) authenticated(rest *gateway) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := s.calls.authenticateREST(r)
		if err != nil {
			rest.fail(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
			return
		}
		rest.ServeHTTP(w, r)
	})
}
