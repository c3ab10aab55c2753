// Package envelope knows where a raw response of a Huawei Cloud API keeps its error: under which keys the codes and
// messages stand, which lists hold failed items, which values show a failure without a code, which headers count, which
// bytes are text.
//
// It knows nothing of what a code means. Open never fails: it describes whatever the bytes are. The places it looks at
// are lists of lines: shapes, itemLists, signKeys. A new kind of response is a line there. The order of the keys of an
// object decides nothing.
//
//	e := envelope.Open(envelope.Response{HTTPStatus: 200, Body: []byte(`{"error_code":"CBC.3144"}`)})
//	// e.Code == "CBC.3144", e.Shape == "plain"
package envelope

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Response is a response as it was received.
type Response struct {
	HTTPStatus  int
	Headers     map[string]string // names in any letter case
	Body        []byte
	ContentType string // of the body, where no header tells it
	Decoded     bool   // the body is in UTF-8 now, whatever its content type tells of what it was
	Rewritten   bool   // the body was written anew, so that its length says nothing
}

// Form is what a body is.
type Form int

// The forms of a body.
const (
	Empty   Form = iota // nothing, or blanks
	JSON                // one JSON value
	Trailed             // one JSON value, and something behind it
	Broken              // JSON that breaks off or goes wrong, or fewer bytes than were announced; what was read counts
	Text                // anything else: plain text, HTML
)

// String names a form for people.
func (f Form) String() string {
	return [...]string{"empty", "JSON", "JSON with something behind it", "broken JSON", "text"}[f]
}

// Envelope is what was found in a response. All texts are valid UTF-8 of at most 64 KiB.
type Envelope struct {
	HTTPStatus int
	Form       Form

	Finding            // the first of Findings; without a code only the message and its shape
	Findings []Finding // every code of the body, the best place first, at most 64
	Crowded  bool      // there were more codes or lists than are kept
	Failed   bool      // a value shows a failure, such as "success": false
	Stubborn bool      // such a value stands beside the body's own code, and is no text
	Data     bool      // the body's own object, or its error object, holds more than the error

	RequestID     string // of the header, else of the body
	Authorization string // encoded_authorization_message
	DomainID      string // the customer's account that was made although the call failed
	Complaints    []Complaint

	RetryAfter *time.Duration // the header, never negative; nil where it is absent or cannot be told
	Window     *time.Duration // the window of a limit that the message states; nil where it does not

	words string // the message of the body's own object, or of its error object
	lists []list
}

// A Finding is a code of a body, and what belongs to it.
type Finding struct {
	Code     string // as received, at most 1 KiB; empty where there is none
	Message  string // as received; of a body without any known place of a message, the whole body
	Shape    string // the name of the shape that the code, or else the message, was found in
	Service  string // the service that alone answers in this shape, if any
	Depth    int    // how many objects stand around it: 0 in the body's own object
	Own      bool   // it stands in the body's own object or in its error object, the code under a key for codes
	Formed   bool   // it has the form ABC.0123
	Numbered bool   // it stands where a bare number is a code
	Doubtful bool   // in a success it may be data: other JSON uses its key, and no message stands beside it

	level   level
	generic bool
	path    string // of the object that it stands in
	order   int    // of its key among those of the shapes
	key     string
}

// Open reads a response. It is pure and total: every input has one description. Its time and its memory are linear in
// the body. Items are read from the body later.
func Open(r Response) Envelope {
	h := r.headers()
	body := r.text(cmp.Or(h[typeHeader], r.ContentType))
	in := newReader(r.HTTPStatus, false)
	defer in.free()
	in.ours = !utf8.Valid(r.Body)
	form := in.text(body, level{}, maxTexts)
	if form == Broken && !in.cut || form == Text {
		in.considerLabels(body)
	}
	e := in.envelope(form)
	if e.Form == Empty && h[redirectHeader] != "" && success(r.HTTPStatus) {
		e.Shape = loginShape
	}
	if r.cut(h) {
		e.Form = Broken
	}
	silent := success(r.HTTPStatus) && e.Form == JSON && (!e.Failed || e.HasItems())
	if e.Shape == "" && !silent {
		e.Message, e.Own = bounded(body, maxText), true
	}
	e.RequestID = cmp.Or(h[requestIDHeader], e.RequestID)
	e.RetryAfter = h.retryAfter()
	e.Window = window(e.Message)
	e.Complaints = e.complaints()
	return e
}

// Of returns the envelope with another of its findings as its code.
func (e Envelope) Of(f Finding) Envelope {
	f.Message = cmp.Or(f.Message, e.words)
	e.Finding = f
	e.Window = window(f.Message)
	return e
}

// text returns the body in UTF-8.
func (r Response) text(contentType string) []byte {
	if r.Decoded {
		return trim(mendUTF8(r.Body))
	}
	return trim(utf8Text(r.Body, contentType))
}

// cut reports whether less of the body arrived than its Content-Length announced. Where the body was decompressed or
// written anew on its way, or decoded from UTF-16, only a body that is missing was cut.
func (r Response) cut(h headers) bool {
	if h[lengthHeader] == "" {
		return false
	}
	announced, err := strconv.ParseInt(h[lengthHeader], 10, 64)
	if err != nil || announced <= 0 || r.HTTPStatus == 204 || r.HTTPStatus == 304 {
		return false
	}
	packed := h[encodingHeader] != "" && !strings.EqualFold(h[encodingHeader], "identity")
	shrunk := packed || r.Rewritten || r.Decoded && strings.Contains(strings.ToLower(h[typeHeader]), "utf-16")
	return len(r.Body) == 0 || !shrunk && int64(len(r.Body)) < announced
}

func success(status int) bool { return status >= 200 && status <= 299 }

// counted are the names of the headers that count.
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

// headers are the values of the headers that count.
type headers [numHeaders]string

// headers reads the headers that count, their names in any letter case. Of two names that differ in nothing else the first
// in sorted order counts.
func (r Response) headers() headers {
	var names, values headers
	for name, value := range r.Headers {
		i := slices.IndexFunc(counted[:], func(n string) bool { return strings.EqualFold(strings.TrimSpace(name), n) })
		if i >= 0 && (names[i] == "" || name < names[i]) {
			names[i], values[i] = name, bounded(strings.ToValidUTF8(strings.TrimSpace(value), string(utf8.RuneError)), maxText)
		}
	}
	return values
}

// retryAfter reads Retry-After (RFC 9110 section 10.2.3): seconds, or a date that is measured against the response's
// own Date, since the caller's clock may go wrong and this package has none. A date without a Date tells nothing.
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
