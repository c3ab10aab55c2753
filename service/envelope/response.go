package envelope

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/decode"
)

// A Response is a response as received.
type Response struct {
	HTTPStatus  int
	Headers     map[string]string // names in any letter case; if names differ only in case, the first in sorted order counts
	Body        []byte
	ContentType string // used if there is no Content-Type header
	IsUTF8      bool   // Body is UTF-8, whatever charset the content type declares
	Rewritten   bool   // Body was re-encoded: Content-Length does not apply
	MaxInflated int    // maximum bytes of Body when decompressed; 0 is 1 MiB
}

// The headers that Parse reads.
const (
	requestIDHeader = iota
	retryHeader
	dateHeader
	redirectHeader
	typeHeader
	lengthHeader
	encodingHeader
	numHeaders
)

var relevantHeaders = [numHeaders]string{"X-Request-Id", "Retry-After", "Date", "Hw-Ajax-Redirect", "Content-Type", "Content-Length", "Content-Encoding"}

// ReadsHeader reports whether Parse reads a header, in any letter case of its name.
func ReadsHeader(name string) bool { return headerIndex(name) >= 0 }

func headerIndex(name string) int {
	return slices.IndexFunc(relevantHeaders[:], func(h string) bool { return strings.EqualFold(strings.TrimSpace(name), h) })
}

// headers are the values of relevantHeaders.
type headers [numHeaders]string

// headers returns the relevant headers, trimmed.
func (r Response) headers() (values headers) {
	var names headers
	for name, value := range r.Headers {
		if i := headerIndex(name); i >= 0 && (names[i] == "" || name < names[i]) {
			names[i], values[i] = name, bounded(strings.ToValidUTF8(strings.TrimSpace(value), string(utf8.RuneError)), maxText)
		}
	}
	return values
}

// truncated reports whether the body is shorter than its Content-Length. A body that was decompressed, re-encoded or
// decoded from UTF-16 counts only if it is empty.
func (r Response) truncated(h headers) bool {
	if h[lengthHeader] == "" {
		return false
	}
	announced, err := strconv.ParseInt(h[lengthHeader], 10, 64)
	if errors.Is(err, strconv.ErrSyntax) || announced <= int64(len(r.Body)) || r.HTTPStatus == http.StatusNoContent || r.HTTPStatus == http.StatusNotModified {
		return false
	}
	packed := h[encodingHeader] != "" && !strings.EqualFold(h[encodingHeader], "identity")
	shrunk := packed || r.Rewritten || r.IsUTF8 && strings.Contains(strings.ToLower(h[typeHeader]), "utf-16")
	return len(r.Body) == 0 || !shrunk
}

// retryAfter returns the delay of Retry-After (RFC 9110 section 10.2.3): seconds, or a date relative to the Date header.
// It returns nil for a date without Date, because this package reads no clock.
func (h headers) retryAfter() *time.Duration {
	if h[retryHeader] == "" {
		return nil
	}
	if d, ok := seconds(h[retryHeader]); ok {
		return &d
	}
	at, err := http.ParseTime(h[retryHeader])
	now, err2 := http.ParseTime(h[dateHeader])
	if err != nil || err2 != nil {
		return nil
	}
	d := max(at.Sub(now), 0)
	return &d
}

// maxWait is the longest delay. Longer ones are cut.
const maxWait = 24 * time.Hour

// seconds parses a number of seconds, at most maxWait.
func seconds(digits string) (time.Duration, bool) {
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return time.Duration(min(n, uint64(maxWait/time.Second))) * time.Second, true
}

// units are the units of a window.
var units = map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

// period matches the window of a rate limit.
var period = regexp.MustCompile(`^\s*([0-9]+) (second|minute|hour|day)s?(?:[^a-z]|$)`)

// window returns the window of a rate limit in a message, such as "limit:5,time:5 second", or nil.
func window(message string) *time.Duration {
	_, rest, _ := strings.Cut(message, "limit:")
	_, rest, ok := strings.Cut(rest, "time:")
	if !ok {
		return nil
	}
	stated := period.FindStringSubmatch(rest)
	if stated == nil {
		return nil
	}
	n, _ := seconds(stated[1])
	d := min(n/time.Second*units[stated[2]], maxWait)
	return &d
}

// maxInflated is the default of Response.MaxInflated.
const maxInflated = 1 << 20

// inflated returns the response without its content codings, and reports whether the body was whole.
func (r Response) inflated(h headers) (_ Response, whole bool) {
	body, whole := decode.Inflate(r.Body, h[encodingHeader], cmp.Or(r.MaxInflated, maxInflated))
	r.Rewritten = r.Rewritten || len(body) != len(r.Body)
	r.Body = body
	return r, whole
}

// text returns the trimmed body in UTF-8.
func (r Response) text(h headers) []byte {
	if r.IsUTF8 {
		return trim(decode.ValidUTF8(r.Body))
	}
	return trim(decode.Text(r.Body, r.contentType(h)))
}

func (r Response) isUTF8(h headers) bool { return r.IsUTF8 || decode.IsUTF8(r.Body, r.contentType(h)) }

func (r Response) contentType(h headers) string { return cmp.Or(h[typeHeader], r.ContentType) }
