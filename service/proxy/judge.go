package proxy

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/decode"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// The results of a response, as in the metrics.
const (
	resultSuccess   = "success"
	resultFailure   = "failure"
	resultPartial   = "partial_failure"
	resultNotJudged = "not_judged"
)

// A judgement is what a response means.
type judgement struct {
	result  string
	failure *cbcerr.Error // nil without an error
	hasID   bool          // a response with HTTP 2xx holds the ID of what was made beside the error
	body    receivedBody
}

// modifyResponse judges a response of upstream, and marks or rewrites an error. It returns an error if HTTP knows no such
// response.
func (p *proxy) modifyResponse(r *http.Response) error {
	if r.StatusCode < http.StatusOK {
		return fmt.Errorf("HTTP status %03d is not that of a response", r.StatusCode)
	}
	removeHeaders(r.Header)
	removeHeaders(r.Trailer) // those that are announced
	r.Body = &observedBody{r.Body, func(err error) { p.endBody(r, err) }}
	j := p.judge(r)
	p.metrics.responses.WithLabelValues(j.result).Inc()
	if j.failure == nil {
		return nil
	}
	setHeaders(r, j.failure)
	raise := p.mustRaise(r, j)
	p.report(r, j.failure, raise)
	if raise {
		rewrite(r, j.failure, j.body.plain)
	}
	return nil
}

// mustRaise reports whether an error is rewritten. Upstream's own HTTP errors are too, since SDKs do not find every code. A
// success in part, and an ID beside an error, stay where typed SDKs find them: a lost order costs money. A redirect stays too:
// clients can follow it.
func (p *proxy) mustRaise(r *http.Response, j judgement) bool {
	if !p.config.Raise || !j.body.complete || r.Request.Method == http.MethodHead || isRedirect(r) {
		return false
	}
	return r.StatusCode >= http.StatusBadRequest || p.config.RaisePartial || j.result == resultFailure && !j.hasID
}

// isRedirect reports whether clients may follow a response.
func isRedirect(r *http.Response) bool {
	return r.StatusCode/100 == 3 && r.Header.Get("Location") != ""
}

// judge returns what a response means. The response's body can be read again.
func (p *proxy) judge(r *http.Response) judgement {
	below400, limit := r.StatusCode < http.StatusBadRequest, p.config.MaxBodyBytes
	if !envelope.IsJudged(r.StatusCode, r.Header.Get("Content-Type")) || below400 && r.ContentLength > int64(limit) {
		return judgement{result: resultNotJudged}
	}
	body := readBody(r, limit)
	if below400 && !body.complete {
		return judgement{result: resultNotJudged}
	}
	response := body.response(r)
	translation := p.translator.Translate(translate.Response{Response: response}, p.locale(r.Request.Header))
	failure, ok := cbcerr.FromStatus(translation.GetStatus())
	if !ok {
		return judgement{result: resultSuccess}
	}
	j := judgement{resultFailure, failure, false, body}
	if failure.Outcome == cbcerr.OutcomePartiallyApplied || failure.Reason == cbcerr.ReasonPartialFailure { // an outcome can be in doubt
		j.result = resultPartial
	}
	if p.config.Raise && below400 {
		j.hasID = envelope.Parse(response).Data && hasID(decode.Text(body.plain, r.Header.Get("Content-Type")))
	}
	return j
}

// locale returns the language of a client, else the configured one.
func (p *proxy) locale(request http.Header) string {
	last := slices.Concat(request["X-Language"], []string{p.config.Locale})
	return p.catalog.Negotiate(catalog.Preferences{AcceptLanguage: request["Accept-Language"], XLanguage: last})
}

// A receivedBody is what was read of a body.
type receivedBody struct {
	raw      []byte // as received
	plain    []byte // without its content coding; nil if that failed
	complete bool   // all of it was read, and plain is valid
}

// readBody reads a body up to a limit. The response's body delivers it again, with the rest.
func readBody(r *http.Response, limit int) (b receivedBody) {
	raw, again, err := decode.Peek(r.Body, limit+1)
	b.raw, r.Body = raw, again
	if err == nil && len(raw) <= limit {
		b.plain, b.complete = inflate(raw, r.Header.Get("Content-Encoding"), limit)
	}
	return b
}

// inflate undoes gzip and deflate, and reports whether the result is whole and within the limit. Unlike decode.Inflate it takes the
// header at its word: the sidecar receives the bytes of the wire. Under another coding a plain text is plain, as there.
func inflate(raw []byte, coding string, limit int) (plain []byte, complete bool) {
	reader, err := inflater(raw, strings.ToLower(strings.TrimSpace(coding)))
	if err != nil {
		return nil, false
	}
	if reader == nil || len(raw) == 0 {
		return raw, true
	}
	plain, err = io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	return plain, err == nil && len(plain) <= limit
}

// inflater returns a reader that undoes a content coding, nil if there is none.
func inflater(raw []byte, coding string) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
	case "deflate":
		return decode.Deflate(raw), nil
	case "", "identity":
		if !bytes.HasPrefix(raw, []byte("\x1f\x8b")) {
			return nil, nil
		}
	default:
		if plain, _ := decode.Inflate(raw, coding, len(raw)); !bytes.Equal(plain, raw) {
			return nil, fmt.Errorf("unknown content coding %q", coding)
		}
		return nil, nil
	}
	if len(raw) == 0 {
		return nil, nil
	}
	return gzip.NewReader(bytes.NewReader(raw))
}

// response returns what the translator reads.
func (b receivedBody) response(r *http.Response) envelope.Response {
	e := envelope.Response{HTTPStatus: r.StatusCode, Headers: map[string]string{}, Body: b.raw}
	for name := range r.Header {
		if envelope.ReadsHeader(name) && (!b.complete || name != "Content-Encoding" && name != "Content-Length") {
			e.Headers[name] = r.Header.Get(name)
		}
	}
	if b.complete {
		e.Body = b.plain
	}
	return e
}

// report logs and counts a failure.
func (p *proxy) report(r *http.Response, e *cbcerr.Error, raised bool) {
	p.metrics.failures.WithLabelValues(string(e.Reason), strconv.FormatBool(raised)).Inc()
	p.log.Info("failure", "method", r.Request.Method, "path", r.Request.URL.EscapedPath(), "http_status", r.StatusCode, "code", e.Code,
		"reason", string(e.Reason), "retry", string(e.Retry), "outcome", string(e.Outcome), "raised", raised, "request_id", r.Header.Get("X-Request-Id"))
}
