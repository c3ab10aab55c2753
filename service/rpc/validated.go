package rpc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
)

// freshness is how long what can be read may be kept without asking again: a new catalogue is seen within five minutes. What was asked for
// with a token no cache may hand on to those who have none (RFC 9111, 3.5).
func freshness(r *http.Request) string {
	if r.Header.Get("Authorization") != "" {
		return "private, max-age=300"
	}
	return "public, max-age=300"
}

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
			_, _ = w.Write(answer.body.Bytes()) // if the peer is gone, nobody is left to tell
			return
		}
		sum := sha256.Sum256(answer.body.Bytes())
		w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
		w.Header().Set("Cache-Control", freshness(r))
		if known(r.Header.Values("If-None-Match"), w.Header().Get("ETag")) {
			w.Header().Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Del("Transfer-Encoding") // of a client that takes trailers, of which there are none: it is one or the other
		w.Header().Del("Trailer")
		w.Header().Set("Content-Length", strconv.Itoa(answer.body.Len())) // to HEAD too
		_, _ = w.Write(answer.body.Bytes())
	}
}

// known tells whether a tag is among those that a client has, by the weak comparison. That no tag of ours has a comma makes
// it simple.
func known(has []string, tag string) bool {
	for other := range strings.SplitSeq(strings.Join(has, ","), ",") {
		if other = strings.TrimPrefix(strings.TrimSpace(other), "W/"); other == tag || other == "*" {
			return true
		}
	}
	return false
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
