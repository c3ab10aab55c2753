// Package envelope knows where a raw response of a Huawei Cloud API keeps its error: under which JSON keys the code
// and the message stand, which lists hold parts that failed, which headers count.
//
// It knows nothing of what a code means. Open never fails: whatever the bytes are, it describes what it found. The
// places it looks at are two lists, shapes and itemPlaces; a new kind of response is a line there.
//
//	e := envelope.Open(envelope.Response{HTTPStatus: 200, Body: []byte(`{"error_code":"CBC.3144"}`)})
//	// e.Code == "CBC.3144", e.Shape == "plain"
package envelope

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"
)

// Response is a response as it was received.
type Response struct {
	HTTPStatus int
	Headers    map[string]string // names in any letter case
	Body       []byte
}

// Form is what a body is.
type Form int

// The forms of a body.
const (
	Empty  Form = iota // nothing, or blanks
	JSON               // one JSON value
	Broken             // begins as a JSON object or array, then breaks off or goes wrong; what was read before counts
	Text               // anything else: plain text, HTML
)

// Envelope is what was found in a response. All texts are valid UTF-8 of at most 64 KiB, and of lists at most as much
// is kept as any answer has room for.
type Envelope struct {
	HTTPStatus int
	Form       Form
	Shape      string // the name of the shape that the code, or else the message, was found in
	Service    string // the service that alone answers in this shape, if any

	Code    string // as received; empty where there is none
	Message string // as received; of a body without any known place of a message, the whole body
	Items   []Item // the parts that failed, in the order of the body

	RequestID     string // of the header, else of the body
	Authorization string // encoded_authorization_message
	DomainID      string // the customer's account that was made although the call failed
	Complaints    []Complaint

	RetryAfter *time.Duration // the header, never negative; nil where it is absent or cannot be told
	Window     *time.Duration // the window of a limit that the message states; nil where it does not
}

// Item is a part of a request that failed by itself.
type Item struct {
	ID, Code, Message string
	Kind              string // of the thing that the id names, such as Resource; empty where it is not known
	bare              bool   // it is just an id: code and message are the response's
}

// Complaint is the name of a field, check, quota or project that did not pass.
type Complaint struct {
	Detail string // the kind of standard detail it belongs to; empty for any
	Name   string
}

// Open reads a response. It is pure and total: every input has one description.
func Open(r Response) Envelope {
	h := readHeaders(r.Headers)
	body := bytes.TrimSpace(bytes.TrimPrefix(r.Body, []byte("\ufeff")))
	e := readBody(r.HTTPStatus, body)
	if e.Form == Empty && h.redirect != "" && success(r.HTTPStatus) {
		e.Shape = loginShape
	}
	silent := success(r.HTTPStatus) && e.Form == JSON
	if e.Shape == "" && !silent {
		e.Message = bounded(string(body[:min(len(body), maxText+utf8.UTFMax)]))
	}
	if h.requestID != "" {
		e.RequestID = h.requestID
	}
	e.RetryAfter = h.retryAfter()
	e.Window = window(e.Message)
	return e
}

// readBody reads what the body says, and what kind of body it is.
func readBody(status int, body []byte) Envelope {
	if len(body) == 0 {
		return Envelope{HTTPStatus: status, Form: Empty}
	}
	r := newReader(body)
	err := r.body()
	e := r.envelope(status)
	switch {
	case err == nil:
		e.Form = JSON
	case body[0] == '{' || body[0] == '[':
		e.Form = Broken
	default:
		e.Form = Text
	}
	return e
}

func success(status int) bool { return status >= 200 && status <= 299 }

// bounded is as much of a text as is kept, made valid.
func bounded(s string) string { return valid(head(s, maxText)) }

// head is the beginning of a text, up to a whole character, in a string of its own if it is not all of it.
func head(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.Clone(s[:end])
}

// valid makes a text fit for protobuf, whose strings are UTF-8.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, string(utf8.RuneError))
}
