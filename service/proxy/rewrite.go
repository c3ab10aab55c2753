package proxy

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/render"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// The headers of an error.
const (
	codeHeader    = "Cbcerr-Code"
	reasonHeader  = "Cbcerr-Reason"
	retryHeader   = "Cbcerr-Retry"
	outcomeHeader = "Cbcerr-Outcome"
	statusHeader  = "Cbcerr-Status-Bin"
)

var headerNames = [...]string{codeHeader, reasonHeader, retryHeader, outcomeHeader, statusHeader}

// removeHeaders removes the headers of an error that upstream sent: clients trust them.
func removeHeaders(h http.Header) {
	for _, name := range headerNames {
		h.Del(name)
	}
}

// maxStatusHeader is the maximum size of Cbcerr-Status-Bin in bytes. Some clients accept 8 KiB of headers altogether.
const maxStatusHeader = 4 << 10

// setHeaders adds the headers of an error. The code is left out if it is not ASCII, and Retry-After if upstream sent one. A
// redirect gets none either: it would delay the redirected request (RFC 9110 section 10.2.3).
func setHeaders(r *http.Response, e *cbcerr.Error) {
	h := r.Header
	if e.Code != "" && !strings.ContainsFunc(e.Code, func(r rune) bool { return r <= ' ' || r > '~' }) {
		h.Set(codeHeader, e.Code)
	}
	h.Set(reasonHeader, string(e.Reason))
	h.Set(retryHeader, string(e.Retry))
	h.Set(outcomeHeader, string(e.Outcome))
	if text := encodeStatus(e.Status); text != "" {
		h.Set(statusHeader, text)
	}
	if e.RetryDelay != nil && h.Get("Retry-After") == "" && !isRedirect(r) {
		seconds := (max(*e.RetryDelay, 0) + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
}

// encodeStatus returns a status in base64. To fit, it loses first the details after the ErrorInfo, the last ones first, and
// then the long values of the ErrorInfo. It is empty if it is still too long.
func encodeStatus(s *statuspb.Status) string {
	short := &statuspb.Status{Code: s.GetCode(), Message: s.GetMessage(), Details: slices.Clone(s.GetDetails())}
	for {
		b, err := proto.Marshal(short)
		if err != nil {
			return ""
		}
		if base64.StdEncoding.EncodedLen(len(b)) <= maxStatusHeader {
			return base64.StdEncoding.EncodeToString(b)
		}
		if !shorten(short) {
			return ""
		}
	}
}

// longValues are the metadata of an ErrorInfo that can be dropped, in this order.
var longValues = [...]string{"encodedAuthorizationMessage", "upstreamMessage", "advice"}

// shorten drops a part of a status, and reports whether there was one.
func shorten(s *statuspb.Status) bool {
	if len(s.GetDetails()) > 1 {
		s.Details = s.Details[:len(s.Details)-1]
		return true
	}
	info := new(errdetails.ErrorInfo)
	if len(s.GetDetails()) == 0 || s.Details[0].UnmarshalTo(info) != nil {
		return false
	}
	i := slices.IndexFunc(longValues[:], func(key string) bool { return info.GetMetadata()[key] != "" })
	if i < 0 {
		return false
	}
	delete(info.Metadata, longValues[i])
	s.Details[0] = proto.CloneOf(s.Details[0]) // the translation shares it
	return s.Details[0].MarshalFrom(info) == nil
}

// raisedStatus returns the HTTP status of an error that was a success. Clients repeat a request on 502, 503 and 504: the SDK for
// Node.js sends a POST to its next endpoint on 504. So these stand only for errors after which a retry is right.
func raisedStatus(e *cbcerr.Error, method string) int {
	status := render.HTTPStatus(e.Status)
	if status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout && !e.ShouldRetry(isQuery(method)) {
		return http.StatusInternalServerError
	}
	return status
}

// isQuery reports whether requests of a method change nothing.
func isQuery(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// staleHeaders describe the body that a rewrite replaces.
var staleHeaders = [...]string{"Content-Encoding", "Etag", "Content-Md5", "Content-Digest", "Repr-Digest", "Digest", "Last-Modified", "Age", "Expires"}

// rewrite turns a response into the HTTP error that SDKs understand. It keeps an HTTP status of 400 or more. A success has no
// Retry-After that clients heed, so that an error gets none from it unless a retry can be right.
func rewrite(r *http.Response, e *cbcerr.Error, upstream []byte) {
	if r.StatusCode < http.StatusBadRequest {
		r.StatusCode = raisedStatus(e, r.Request.Method)
		if !e.ShouldRetry(true) {
			r.Header.Del("Retry-After")
		}
	}
	body := raisedBody(upstream, r.Header.Get("Content-Type"), errorFields(e))
	for _, name := range staleHeaders {
		r.Header.Del(name)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cache-Control", "no-store") // the language is that of one client
	r.Header.Set("Content-Language", e.Locale)
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	r.ContentLength, r.TransferEncoding, r.Trailer = int64(len(body)), nil, nil
	r.Body = struct {
		io.Reader
		io.Closer
	}{bytes.NewReader(body), r.Body}
}
