package rpc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
)

// withETag adds a strong ETag to successful GET responses and answers matching conditional requests with 304
// (RFC 9110, 13.1.2). The tag is a digest of the body, so equal replicas return equal tags.
func withETag(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		if r.Method != http.MethodGet {
			next(w, r, params)
			return
		}
		buffered := &bufferedResponse{ResponseWriter: w, status: http.StatusOK}
		next(buffered, r, params)
		if buffered.status != http.StatusOK {
			w.WriteHeader(buffered.status)
			_, _ = w.Write(buffered.body.Bytes()) // best effort: the client may be gone
			return
		}
		sum := sha256.Sum256(buffered.body.Bytes())
		w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
		w.Header().Set("Cache-Control", cacheControl(r))
		w.Header().Del("Transfer-Encoding") // the gateway sets both for clients that accept trailers
		w.Header().Del("Trailer")
		r.Header.Set("If-None-Match", strings.Join(r.Header.Values("If-None-Match"), ",")) // ServeContent reads one field
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(buffered.body.Bytes()))
	}
}

// cacheControl returns the Cache-Control of a response. Clients see a new catalogue within five minutes. Shared caches
// must not store responses to authorized requests (RFC 9111, 3.5).
func cacheControl(r *http.Request) string {
	if r.Header.Get("Authorization") != "" {
		return "private, max-age=300"
	}
	return "public, max-age=300"
}

// A bufferedResponse buffers a status and a body until the response is complete.
type bufferedResponse struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (b *bufferedResponse) WriteHeader(status int) { b.status = status }

// Write implements http.ResponseWriter.
func (b *bufferedResponse) Write(p []byte) (int, error) { return b.body.Write(p) }
