package envelope

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// counted are the names of the headers that count, in the order of a Headers' values.
var counted = [...]string{requestIDHeader: "X-Request-Id", retryHeader: "Retry-After", dateHeader: "Date", redirectHeader: "Hw-Ajax-Redirect", typeHeader: "Content-Type", lengthHeader: "Content-Length", encodingHeader: "Content-Encoding"}

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

// Headers are the headers that count of a response, for callers that have no map of them all.
type Headers struct {
	names, values [numHeaders]string
}

// Add reads one header, its name in any letter case, and ignores those that do not count. Of two names that differ in
// nothing else the first in sorted order counts. It tells whether there was none of the name before.
func (h *Headers) Add(name, value string) (first bool) {
	trimmed := strings.TrimSpace(name)
	for i := range counted {
		if len(trimmed) == len(counted[i]) && strings.EqualFold(trimmed, counted[i]) {
			return h.keep(i, name, value)
		}
	}
	return true
}

func (h *Headers) keep(i int, name, value string) (first bool) {
	first = h.names[i] == ""
	if first || name < h.names[i] {
		h.names[i], h.values[i] = name, value
	}
	return first
}

// headers are the headers that count.
type headers struct {
	requestID, retry, date, redirect, contentType, contentLength, contentEncoding string
}

// count adds all headers that count.
func (r *Response) count(all *Headers) {
	if r.Counted != nil {
		*all = *r.Counted
	}
	for name, value := range r.Headers {
		all.Add(name, value)
	}
}

// headers are those of the map and those that were added one by one.
func (r Response) headers() headers {
	var all Headers
	r.count(&all)
	var h headers
	for i, to := range []*string{&h.requestID, &h.retry, &h.date, &h.redirect, &h.contentType, &h.contentLength, &h.contentEncoding} {
		*to = bounded([]byte(strings.ToValidUTF8(strings.TrimSpace(all.values[i]), string(utf8.RuneError))), maxText)
	}
	return h
}

// retryAfter reads Retry-After (RFC 9110 section 10.2.3): seconds, or a date that is measured against the response's
// own Date, since the caller's clock may go wrong and this package has none. A date without a Date tells nothing.
func (h headers) retryAfter() *time.Duration {
	if d, ok := seconds(h.retry); ok {
		return &d
	}
	at, err := http.ParseTime(h.retry)
	now, err2 := http.ParseTime(h.date)
	if err != nil || err2 != nil {
		return nil
	}
	d := max(at.Sub(now), 0)
	return &d
}

// longest is as long as a wait can be told; more digits than fit mean longer than anybody waits.
const longest = 24 * time.Hour

func seconds(digits string) (time.Duration, bool) {
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > int64(longest/time.Second) {
		return longest, true
	}
	return time.Duration(n) * time.Second, true
}

// units are the units in which a gateway states its windows.
var units = map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

// window reads the window of a limit that a gateway states in its message, such as "limit:5,time:5 second".
func window(message string) *time.Duration {
	_, rest, ok := strings.Cut(message, "limit:")
	if !ok {
		return nil
	}
	_, rest, _ = strings.Cut(rest, "time:")
	count, unit, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, ok := seconds(count)
	size, known := units[strings.TrimSuffix(word(unit), "s")]
	if !ok || !known {
		return nil
	}
	d := min(n/time.Second*size, longest)
	return &d
}

// word is the letters that a text begins with.
func word(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz"))]
}
