package render

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/elnormous/contenttype"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
)

// The media types of an error.
const (
	StatusType  = "application/json"         // the JSON of the google.rpc.Status
	ProblemType = "application/problem+json" // RFC 9457
)

// offered are the media types for Accept. JSON is in UTF-8, so asking for UTF-8 makes no difference.
var offered = []contenttype.MediaType{
	contenttype.NewMediaType(StatusType), contenttype.NewMediaType(ProblemType),
	contenttype.NewMediaType(StatusType + ";charset=utf-8"), contenttype.NewMediaType(ProblemType + ";charset=utf-8"),
}

// maxElements is the maximum number of elements of Accept that are parsed. Browsers send about 10.
const maxElements = 32

// Negotiate returns the media type of an error for the Accept fields of a request (RFC 9110, section 12.5.1). It returns
// ProblemType if the client prefers it, else StatusType, even if the client accepts neither. It ignores an element that
// it cannot parse.
func Negotiate(accept []string) string {
	var readable []string
	elements := strings.SplitN(strings.Join(accept, ","), ",", maxElements+1)
	for _, element := range elements[:min(len(elements), maxElements)] {
		if strings.TrimSpace(element) == "" {
			continue
		}
		if _, err := pick(element); err == nil || errors.Is(err, contenttype.ErrNoAcceptableTypeFound) {
			readable = append(readable, element)
		}
	}
	if best, _ := pick(strings.Join(readable, ",")); best == ProblemType {
		return ProblemType
	}
	return StatusType
}

// pick returns the offered media type that an Accept field prefers.
func pick(accept string) (string, error) {
	best, _, err := contenttype.GetAcceptableMediaTypeFromHeader(accept, offered)
	return best.MIME(), err
}

// HTTPStatus returns the HTTP status of a status's code, as google/rpc/code.proto documents it. It does not depend on
// upstream's HTTP status.
func HTTPStatus(s *statuspb.Status) int {
	return runtime.HTTPStatusFromCode(codes.Code(s.GetCode()))
}

// Header returns the header fields of an HTTP response that carries an error: Cache-Control, Content-Language, and if they
// apply Retry-After (RFC 9110, section 10.2.3) and WWW-Authenticate (section 11.6.1).
func Header(s *statuspb.Status, httpStatus int) http.Header {
	f := detailsOf(s)
	h := http.Header{}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", f.locale())
	if f.retry != nil {
		h.Set("Retry-After", strconv.FormatInt(seconds(f.retry.GetRetryDelay().AsDuration()), 10))
	}
	if httpStatus == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", fmt.Sprintf("Bearer realm=%q", f.info.GetDomain()))
	}
	return h
}

// seconds returns a duration in seconds, rounded up. A negative duration is 0.
func seconds(d time.Duration) int64 {
	return int64((max(d, 0) + time.Second - 1) / time.Second)
}

// locale returns the locale of the text. The service's own errors are in English.
func (f details) locale() string { return cmp.Or(f.localized.GetLocale(), "en") }
