package server

import (
	"cmp"
	"context"
	"fmt"
	stdlog "log"
	"net"
	"net/http"
	"strings"

	"github.com/felixge/httpsnoop"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/rs/cors"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// newHTTP returns the server of the HTTP port. It speaks HTTP/1.1 only, so a connection carries one request at a time.
func (s *Server) newHTTP(rest *gateway) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	c := s.config
	return &http.Server{
		Handler: s.instrument(s.withCORS(rest, s.withHeaders(s.withAuth(rest)))), ConnContext: withPeer,
		MaxHeaderBytes: c.MaxHeader, TLSConfig: c.TLS, Protocols: protocols, ErrorLog: stdlog.New(httpErrorLog{s.interceptors}, "", 0),
		ReadHeaderTimeout: c.HandshakeTimeout, ReadTimeout: c.ClientTimeout, IdleTimeout: c.IdleTimeout,
		WriteTimeout: 2 * c.ClientTimeout, // it starts with ReadTimeout, and the reply follows the request
	}
}

// withPeer adds the peer to the context, as gRPC does.
func withPeer(ctx context.Context, conn net.Conn) context.Context {
	return peer.NewContext(ctx, &peer.Peer{Addr: conn.RemoteAddr()})
}

// A requestInfo is what handlers record about a request.
type requestInfo struct {
	route     string // method and pattern; empty without a route
	routeOnly bool   // the request only looks for a route, and must not be handled
	rejected  bool   // by a limit or for lack of authentication
	large     largeSlot
}

type requestInfoKey struct{}

func withRequestInfo(r *http.Request, info *requestInfo) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), requestInfoKey{}, info))
}

func requestInfoOf(ctx context.Context) *requestInfo {
	if info, ok := ctx.Value(requestInfoKey{}).(*requestInfo); ok {
		return info
	}
	return new(requestInfo)
}

// recordRoute is the gateway's middleware that records the route.
func recordRoute(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		pattern, _ := runtime.HTTPPattern(r.Context())
		info := requestInfoOf(r.Context())
		info.route = r.Method + " " + pattern.String()
		if !info.routeOnly {
			next(w, r, path)
		}
	}
}

// instrument traces requests and counts them by route. otelhttp's own metrics would need a second exporter.
func (s *Server) instrument(h http.Handler) http.Handler {
	measured := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := new(requestInfo)
		inner := withRequestInfo(r, info)
		result := httpsnoop.CaptureMetrics(h, w, inner)
		r.Pattern = cmp.Or(inner.Pattern, info.route)
		if _, route, _ := strings.Cut(r.Pattern, " "); !info.rejected {
			s.interceptors.metrics.observeRequest(r.Method, cmp.Or(route, r.Pattern), result.Code, result.Duration)
		}
	}))
	if s.config.Trace == nil {
		return measured
	}
	return s.config.Trace.REST(measured)
}

// withCORS lets pages of the configured origins call REST from a browser, and read all headers of a reply.
func (s *Server) withCORS(rest *gateway, h http.Handler) http.Handler {
	allowed := cors.New(cors.Options{
		AllowedOrigins: s.config.CORSOrigins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Accept", "Accept-Language", "Authorization", "Content-Type", "If-None-Match", "Traceparent", "Tracestate", "X-Language"},
		ExposedHeaders: []string{"Content-Language", "ETag", "Grpc-Message", "Grpc-Status", "Grpc-Status-Details-Bin", "Retry-After", "WWW-Authenticate"},
		MaxAge:         corsMaxAge,
	})
	answer := h
	if len(s.config.CORSOrigins) > 0 { // without origins, package cors allows all
		answer = allowed.Handler(h)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r) && (len(s.config.CORSOrigins) == 0 || !allowed.OriginAllowed(r)) {
			rest.rejectOrigin(w, r)
			return
		}
		answer.ServeHTTP(w, r)
	})
}

// isPreflight reports whether a browser asks for permission to send a request of another origin's page.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// rejectOrigin answers the preflight of a page whose origin is not allowed. The browser shows the reply in its network log.
func (g *gateway) rejectOrigin(w http.ResponseWriter, r *http.Request) {
	message := fmt.Sprintf("pages of %q may not call this server; --cors-origins lists the origins that may", sanitize(r.Header.Get("Origin")))
	w.Header().Add("Vary", "Origin")
	g.fail(w, r, http.StatusForbidden, g.errors.withReason(status.Error(codes.PermissionDenied, message)))
}

// withHeaders sets the security headers that OWASP recommends for REST. While the server drains, it asks clients to close
// their connection: an HTTP/1.1 server that closes a connection itself may lose a request.
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

// withAuth passes authenticated requests to the gateway.
func (s *Server) withAuth(rest *gateway) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := s.interceptors.authenticateHTTP(r)
		if err != nil {
			rest.fail(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
			return
		}
		rest.ServeHTTP(w, r)
	})
}
