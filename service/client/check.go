package client

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"

	"github.com/cbcerr/cbcerr/service/decode"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc/codes"
)

// bodyLimit is the maximum number of bytes of a body that are judged.
const bodyLimit = 1 << 20

// Check returns nil if upstream succeeded, else a *Failure. The response must be one of the CBC or of a gateway before it:
// its successes are empty or JSON, so a page with HTTP 200 is a failure.
//
// It reads at most 1 MiB of the body. The body can be read again in full. A longer body, or one that breaks off, is a
// success below HTTP 400; from 400 on it is judged by what was read. Below 400, Check reads JSON, XML, HTML, plain text
// and bodies without a content type. Other types are data and a success, such as a CSV file or a stream. So are parts of
// a document (206), another protocol (101) and Not modified (304). A redirect is a failure: the CBC did not execute the
// call.
//
// Check does not close the body. It decompresses what http.Transport did not. A body that it cannot decompress, or
// that has more than 1 MiB then, counts as longer than 1 MiB.
//
// The error of a nil response or Translator is no *Failure.
func (t *Translator) Check(r *http.Response) error {
	if !t.isReady() {
		return errNotReady
	}
	if r == nil {
		return errors.New("client: the response is nil")
	}
	if !envelope.IsJudged(r.StatusCode, r.Header.Get("Content-Type")) {
		return nil
	}
	body, whole := peek(r)
	header := r.Header
	if r.Request != nil && r.Request.Method == http.MethodHead { // the length is that of the body of a GET
		header = header.Clone()
		header.Del("Content-Length")
	}
	return t.judge(r.StatusCode, header, body, whole)
}

// CheckBody returns nil if upstream succeeded, else a *Failure. It is for programs that hold the parts of a response. The
// status may be 0 if it is not known, and the header may be nil. The limit of Check holds, but a longer body of unknown
// status is a failure.
func (t *Translator) CheckBody(status int, header http.Header, body []byte) error {
	if !t.isReady() {
		return errNotReady
	}
	return t.judge(status, header, body[:min(len(body), bodyLimit)], len(body) <= bodyLimit)
}

// peek reads the part of a body that is judged, and puts it back. It reports whether that is the whole body.
func peek(r *http.Response) (body []byte, whole bool) {
	if r.Body == nil {
		return nil, true
	}
	body, again, err := decode.Peek(r.Body, bodyLimit+1)
	r.Body = again
	return body[:min(len(body), bodyLimit)], err == nil && len(body) <= bodyLimit
}

// judge returns the failure of a response, or nil. If HTTP reports no success, the length tells translate that a body is not
// whole.
func (t *Translator) judge(status int, header http.Header, body []byte, whole bool) error {
	headers := relevantHeaders(header)
	if 0 < status && status < 400 && (!whole || !decode.Readable(body, headers["Content-Encoding"], bodyLimit)) {
		return nil
	}
	if !whole {
		headers["Content-Length"] = strconv.Itoa(len(body) + 1)
	}
	f := t.translate(translate.Response{
		Response: envelope.Response{HTTPStatus: status, Headers: headers, Body: body},
		Origin:   t.origin,
	}, t.locale())
	if f == nil {
		return nil
	}
	f.response.Body = bytes.Clone(body) // the caller may reuse it
	return f
}

// relevantHeaders returns the headers that say something about an error.
func relevantHeaders(header http.Header) map[string]string {
	headers := map[string]string{}
	for name, values := range header {
		if len(values) > 0 && envelope.ReadsHeader(name) {
			headers[http.CanonicalHeaderKey(name)] = values[0]
		}
	}
	return headers
}

// translate returns the failure of a response in a locale, or nil.
func (t *Translator) translate(r translate.Response, locale string) *Failure {
	result := t.translator.Translate(r, locale)
	if result.GetStatus().GetCode() == int32(codes.OK) {
		return nil
	}
	return newFailure(t, r, result.Translation)
}
