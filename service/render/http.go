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

// The media types that an error can be had in.
const (
	StatusType  = "application/json"         // the JSON of the google.rpc.Status
	ProblemType = "application/problem+json" // RFC 9457
)

// offered are what an Accept field is held against; JSON is in UTF-8, so it does no harm to ask for that.
var offered = []contenttype.MediaType{
	contenttype.NewMediaType(StatusType), contenttype.NewMediaType(ProblemType),
	contenttype.NewMediaType(StatusType + ";charset=utf-8"), contenttype.NewMediaType(ProblemType + ";charset=utf-8"),
}

// maxElements is how much of an Accept field is read: browsers send about 10 elements, and to read one takes a microsecond.
const maxElements = 32

// Negotiate picks the media type of an error from the Accept fields of a request (RFC 9110, 12.5.1): the JSON of the
// status unless the problem is preferred. Whoever accepts neither gets the status all the same, rather than nothing. An
// element that cannot be read costs no other.
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

// pick is the media type that an Accept field prefers of those offered.
func pick(accept string) (string, error) {
	best, _, err := contenttype.GetAcceptableMediaTypeFromHeader(accept, offered)
	return best.MIME(), err
}

// HTTPStatus is the HTTP status of a code, as google/rpc/code.proto documents it. What upstream answered with is no
// part of it.
func HTTPStatus(s *statuspb.Status) int {
	return runtime.HTTPStatusFromCode(codes.Code(s.GetCode()))
}

// Header is what the header of an HTTP response says of an error besides its status: the language of the text, how long
// to wait (RFC 9110, 10.2.3), how to authenticate (11.6.1). No cache may keep an error.
func Header(s *statuspb.Status, httpStatus int) http.Header {
	f := factsOf(s)
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

// seconds are whole ones, and never fewer than was said.
func seconds(d time.Duration) int64 {
	return int64((max(d, 0) + time.Second - 1) / time.Second)
}

// locale is the language of the text; the service's own errors are in English.
func (f facts) locale() string { return cmp.Or(f.localized.GetLocale(), "en") }
