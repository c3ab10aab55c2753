package envelope

import (
	"bytes"
	"errors"
	"net/http"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Response is a response as received.
type Response struct {
	HTTPStatus  int
	Headers     map[string]string // names in any letter case; if names differ only in case, the first in sorted order counts
	Body        []byte
	ContentType string // used if there is no Content-Type header
	IsUTF8      bool   // Body is UTF-8, whatever charset the content type declares
	Rewritten   bool   // Body was re-encoded: Content-Length does not apply
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

// headers are the values of relevantHeaders.
type headers [numHeaders]string

// headers returns the relevant headers, trimmed.
func (r Response) headers() (values headers) {
	var names headers
	for name, value := range r.Headers {
		i := slices.IndexFunc(relevantHeaders[:], func(h string) bool { return strings.EqualFold(strings.TrimSpace(name), h) })
		if i >= 0 && (names[i] == "" || name < names[i]) {
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

// The lines of a header section as curl -i prints it: HTTP/1.1 400 Bad Request, HTTP/2 400, Retry-After: 5.
var (
	statusLine = regexp.MustCompile(`^HTTP/[0-9](?:\.[0-9])? ([1-5][0-9]{2})(?:[ \t][^\r\n]*)?\r?(?:\n|$)`)
	headerLine = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*\r?(?:\n|$)(?:[ \t]+[^\r\n]*\r?\n)*")
	emptyLine  = regexp.MustCompile(`^\r?(?:\n|$)`)
)

// ParseTranscript parses a response that was copied from a terminal: the output of curl -i, over any version of HTTP, or the
// body alone. If there are several header sections (100 Continue, a proxy, redirects), the last counts. Without one,
// HTTPStatus is 0 and all of text is the body. Only the headers that Parse reads are kept.
func ParseTranscript(text []byte) Response {
	r := Response{Body: text}
	rest := bytes.TrimLeft(text, "\ufeff \t\r\n")
	for line := statusLine.FindSubmatch(rest); line != nil; line = statusLine.FindSubmatch(rest) {
		r.HTTPStatus, _ = strconv.Atoi(string(line[1])) // three digits
		r.Headers, r.Body = parseHeaders(rest[len(line[0]):])
		rest = r.Body
	}
	announced, err := strconv.Atoi(r.Headers["Content-Length"]) // copying loses blanks and line ends
	if err == nil && len(r.Body) > 0 && announced-len(r.Body) <= 2+bytes.Count(r.Body, []byte("\n")) {
		delete(r.Headers, "Content-Length")
	}
	return r
}

// parseHeaders parses headers up to the empty line. If a name occurs twice, the first counts. A line that is no header
// begins the body: copying may lose the empty line.
func parseHeaders(text []byte) (headers map[string]string, body []byte) {
	headers = map[string]string{}
	for line := headerLine.FindSubmatch(text); line != nil; line = headerLine.FindSubmatch(text) {
		name := textproto.CanonicalMIMEHeaderKey(string(line[1]))
		if _, twice := headers[name]; !twice && slices.Contains(relevantHeaders[:], name) {
			headers[name] = strings.ToValidUTF8(string(line[2]), string(utf8.RuneError))
		}
		text = text[len(line[0]):]
	}
	return headers, text[len(emptyLine.Find(text)):]
}
