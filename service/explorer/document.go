package explorer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// A document is static content with its content type and a strong ETag.
type document struct {
	contentType, etag string
	content           []byte
}

func newDocument(contentType string, content []byte) document {
	sum := sha256.Sum256(content)
	return document{contentType, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, content}
}

// contentTypes maps the extensions of the files. Unlike package mime, it does not depend on the host.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml",
}

// contentSecurityPolicy restricts the page to files and requests of its own origin.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'self'; form-action 'none'; frame-ancestors 'none'"

// setHeaders sets the headers of all responses. Browsers revalidate each file, so that all files of a page have one version.
func setHeaders(h http.Header, contentType string) {
	h.Set("Content-Type", contentType)
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-cache")
}

// ServeHTTP implements http.Handler.
func (d document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header(), d.contentType)
	w.Header().Set("ETag", d.etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.content))
}

// notFound serves the document with the status 404.
func (d document) notFound(w http.ResponseWriter, _ *http.Request) {
	setHeaders(w.Header(), d.contentType)
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write(d.content) // best effort: the client may be gone
}
