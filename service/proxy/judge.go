package proxy

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// The results of a response, as in the metrics.
const (
	resultSuccess = "success"
	resultFailure = "failure"
	resultPartial = "partial_failure"
	resultUnread  = "unread" // passed on without judgement
)

// modifyResponse judges a response of upstream, and marks or rewrites an error.
func (p *proxy) modifyResponse(r *http.Response) error {
	for _, name := range headerNames {
		r.Header.Del(name) // clients trust them
	}
	failure, body, result := p.judge(r)
	p.metrics.responses.WithLabelValues(result).Inc()
	if failure == nil {
		return nil
	}
	setHeaders(r.Header, failure)
	raised := body.whole && p.raises(r.StatusCode, result)
	p.report(r, failure, raised)
	if raised {
		rewrite(r, failure, body.plain)
	}
	return nil
}

// raises reports whether an error is rewritten. Upstream's own HTTP errors are too, since SDKs do not find every code.
func (p *proxy) raises(httpStatus int, result string) bool {
	return p.config.Raise && (result == resultFailure || p.config.RaisePartial || httpStatus >= http.StatusBadRequest)
}

// judge returns the error of a response, nil if it has none or stays unread. The response's body can be read again.
func (p *proxy) judge(r *http.Response) (failure *cbcerr.Error, body responseBody, result string) {
	if !judgeable(r, p.config.MaxBody) {
		return nil, body, resultUnread
	}
	if body = readBody(r, p.config.MaxBody); !body.whole && r.StatusCode < http.StatusBadRequest {
		return nil, body, resultUnread
	}
	translation := p.translator.Translate(translate.Response{Response: body.response(r)}, p.locale(r.Request.Header))
	failure, ok := cbcerr.FromStatus(translation.GetStatus())
	switch {
	case !ok:
		return nil, body, resultSuccess
	case failure.Outcome == cbcerr.OutcomePartiallyApplied, failure.Reason == cbcerr.ReasonPartialFailure: // an outcome can be in doubt
		return failure, body, resultPartial
	}
	return failure, body, resultFailure
}

// locale returns the language of a client, else the configured one.
func (p *proxy) locale(request http.Header) string {
	last := slices.Concat(request["X-Language"], []string{p.config.Locale})
	return p.catalog.Negotiate(catalog.Preferences{AcceptLanguage: request["Accept-Language"], XLanguage: last})
}

// judgeable reports whether a response can be judged. Success in a form that the CBC does not use for errors, such as a file
// or a part of one, is passed on as it arrives, and so is everything that streams.
func judgeable(r *http.Response, limit int) bool {
	if r.Request.Method == http.MethodHead || isStream(r.Header) {
		return false
	}
	switch {
	case r.StatusCode >= http.StatusBadRequest:
		return true
	case r.StatusCode < http.StatusOK, r.StatusCode >= http.StatusMultipleChoices:
		return false
	case r.StatusCode == http.StatusNoContent, r.StatusCode == http.StatusResetContent, r.StatusCode == http.StatusPartialContent:
		return false
	}
	return r.ContentLength <= int64(limit) && isText(r.Header)
}

// mediaType returns the media type of a response, empty without one.
func mediaType(h http.Header) string {
	name := h.Get("Content-Type")
	if t, _, err := mime.ParseMediaType(name); err == nil {
		return t
	}
	name, _, _ = strings.Cut(name, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// isStream reports whether a response has a type that must not be held back.
func isStream(h http.Header) bool {
	t := mediaType(h)
	return t == "application/octet-stream" || t == "text/event-stream"
}

// isText reports whether a response has a type in which the CBC or a gateway answers errors.
func isText(h http.Header) bool {
	switch t := mediaType(h); t {
	case "", "application/json", "text/json", "text/plain", "text/html":
		return true
	default:
		return strings.HasSuffix(t, "+json")
	}
}

// A responseBody is what was read of a body.
type responseBody struct {
	raw   []byte // as received
	plain []byte // without gzip; nil if that failed
	whole bool   // all of it was read, and plain is valid
}

// readBody reads a body up to a limit. The response's body delivers it again, with the rest.
func readBody(r *http.Response, limit int) (b responseBody) {
	rest := r.Body
	raw, err := io.ReadAll(io.LimitReader(rest, int64(limit)+1))
	b.raw = raw
	if err != nil { // upstream broke off
		r.Body = &replayedBody{io.MultiReader(bytes.NewReader(raw), failedReader{err}), rest}
		return b
	}
	r.Body = &replayedBody{io.MultiReader(bytes.NewReader(raw), rest), rest}
	if len(raw) <= limit {
		b.plain, b.whole = gunzip(raw, r.Header.Get("Content-Encoding"), limit)
	}
	return b
}

// gunzip undoes gzip, and reports whether the result is whole and within the limit. Unlike decode.Inflate it takes the header at
// its word: the sidecar receives the bytes of the wire.
func gunzip(raw []byte, coding string, limit int) (plain []byte, whole bool) {
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "gzip", "x-gzip":
	case "", "identity":
		if !bytes.HasPrefix(raw, []byte("\x1f\x8b")) {
			return raw, true
		}
	default:
		return nil, false
	}
	if len(raw) == 0 {
		return raw, true
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, false
	}
	plain, err = io.ReadAll(io.LimitReader(z, int64(limit)+1))
	return plain, err == nil && len(plain) <= limit
}

// response returns what the translator reads.
func (b responseBody) response(r *http.Response) envelope.Response {
	e := envelope.Response{HTTPStatus: r.StatusCode, Headers: map[string]string{}, Body: b.raw}
	for name := range r.Header {
		if envelope.ReadsHeader(name) && (!b.whole || name != "Content-Encoding" && name != "Content-Length") {
			e.Headers[name] = r.Header.Get(name)
		}
	}
	if b.whole {
		e.Body = b.plain
	}
	return e
}

// A replayedBody is a body that begins with what was read of it before.
type replayedBody struct {
	io.Reader
	io.Closer
}

// A failedReader returns an error.
type failedReader struct{ err error }

// Read implements io.Reader.
func (f failedReader) Read([]byte) (int, error) { return 0, f.err }

// report logs and counts a failure.
func (p *proxy) report(r *http.Response, e *cbcerr.Error, raised bool) {
	p.metrics.failures.WithLabelValues(string(e.Reason), strconv.FormatBool(raised)).Inc()
	p.log.Info("failure", "method", r.Request.Method, "path", r.Request.URL.EscapedPath(), "http_status", r.StatusCode, "code", e.Code,
		"reason", string(e.Reason), "retry", string(e.Retry), "outcome", string(e.Outcome), "raised", raised, "request_id", r.Header.Get("X-Request-Id"))
}
