package explorer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"path"
	"time"
)

// A document is something that is served as it is, with a strong ETag.
type document struct {
	kind, tag string
	content   []byte
}

func newDocument(kind string, content []byte) document {
	sum := sha256.Sum256(content)
	return document{kind, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, content}
}

// types are those of the files; what the machine believes of extensions does not matter.
var types = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func typeOf(name string) string { return types[path.Ext(name)] }

// policy lets the page have its own files and ask its own server, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'self'; form-action 'none'; frame-ancestors 'none'"

// headers are those of every answer. A file is asked for again each time, so that a page is never of two versions.
func (d document) headers(h http.Header) {
	h.Set("Content-Type", d.kind)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-cache")
}

// ServeHTTP implements http.Handler.
func (d document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.headers(w.Header())
	w.Header().Set("ETag", d.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.content))
}

// notFound serves the document where there is nothing to show.
func (d document) notFound(w http.ResponseWriter, _ *http.Request) {
	d.headers(w.Header())
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write(d.content) // if the peer is gone, nobody is left to tell
}
