package server

import (
	"net/http"

	"github.com/rs/cors"
)

// The headers that make a browser careful with what it is sent (OWASP's REST security cheat sheet). Pages have a policy of their own.
var (
	noSniff  = []string{"nosniff"}
	noFrames = []string{"default-src 'none'; frame-ancestors 'none'"}
	onlyTLS  = []string{"max-age=31536000"}
)

// lastAnswer asks the peer for a new connection, which another server takes.
var lastAnswer = []string{"close"}

// secure sets them, and what a stopping server says. The lists are shared, and nobody changes them.
func (s *Server) secure(h http.Header) {
	h["X-Content-Type-Options"] = noSniff
	h["Content-Security-Policy"] = noFrames
	if s.config.TLS != nil {
		h["Strict-Transport-Security"] = onlyTLS
	}
	if s.draining.Load() {
		h["Connection"] = lastAnswer
	}
}

// shared lets pages of the configured origins call REST from a browser, and read all that an answer says of itself.
func (c Config) shared(h http.Handler) http.Handler {
	if len(c.CORSOrigins) == 0 {
		return h
	}
	return cors.New(cors.Options{
		AllowedOrigins: c.CORSOrigins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Accept", "Accept-Language", "Authorization", "Content-Type", "If-None-Match", "Traceparent", "Tracestate", "X-Language"},
		ExposedHeaders: []string{"Content-Language", "ETag", "Grpc-Message", "Grpc-Status", "Grpc-Status-Details-Bin", "Retry-After", "WWW-Authenticate"},
		MaxAge:         600, // seconds that a browser may keep the permission; none keeps it for long
	}).Handler(h)
}
