package rpc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
)

// freshness is how long what can be read may be kept without asking again: a new catalogue is seen within five minutes.
const freshness = "public, max-age=300"

// validated gives what can be read a strong ETag and answers who has it already with 304 (RFC 9110, 13.1.2). The tag is a
// digest of the answer, which names the catalogue: another catalogue, or a build that writes it differently, has another.
func validated(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		if r.Method != http.MethodGet {
			next(w, r, path)
			return
		}
		answer := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
		next(answer, r, path)
		if answer.status != http.StatusOK {
			w.WriteHeader(answer.status)
			_, _ = w.Write(answer.body.Bytes())
			return
		}
		sum := sha256.Sum256(answer.body.Bytes())
		w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
		w.Header().Set("Cache-Control", freshness)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(answer.body.Bytes()))
	}
}

// A heldAnswer keeps an answer back until it is whole: at most a page of the catalogue.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter, as the following does.
func (a *heldAnswer) WriteHeader(status int) { a.status = status }

func (a *heldAnswer) Write(p []byte) (int, error) { return a.body.Write(p) }
