// Package envelope knows where a raw response of a Huawei Cloud API keeps its error: under which keys the code and the
// message stand, which lists hold parts that failed, which headers count, which bytes are text.
//
// It knows nothing of what a code means. Open never fails: whatever the bytes are, it describes what it found. The
// places it looks at are lists of lines, shapes and itemLists above all; a new kind of response is a line there.
//
//	e := envelope.Open(envelope.Response{HTTPStatus: 200, Body: []byte(`{"error_code":"CBC.3144"}`)})
//	// e.Code == "CBC.3144", e.Shape == "plain"
package envelope

import (
	"cmp"
	"time"
	"unicode/utf8"
)

// Response is a response as it was received.
type Response struct {
	HTTPStatus  int
	Headers     map[string]string // names in any letter case
	Body        []byte
	Counted     *Headers // more headers, from callers that have no map; nil is none
	ContentType string   // of the body, where no header tells it
	Decoded     bool     // the body is in UTF-8 now, whatever its content type tells of what it was
}

// Form is what a body is.
type Form int

// The forms of a body.
const (
	Empty   Form = iota // nothing, or blanks
	JSON                // one JSON value
	Trailed             // one JSON value, and something behind it that is passed over
	Broken              // JSON that breaks off or goes wrong; what was read before counts
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
	Shape      string // the name of the shape that the code, or else the message, was found in
	Service    string // the service that alone answers in this shape, if any
	Generic    bool   // the keys of the code and message, or the object around them, are not only those of errors

	Code    string // as received, at most 1 KiB; empty where there is none
	Message string // as received; of a body without any known place of a message, the whole body

	RequestID     string // of the header, else of the body
	Authorization string // encoded_authorization_message
	DomainID      string // the customer's account that was made although the call failed
	Complaints    []Complaint

	RetryAfter *time.Duration // the header, never negative; nil where it is absent or cannot be told
	Window     *time.Duration // the window of a limit that the message states; nil where it does not

	plan  *plan
	lists []list
}

// Open reads a response. It is pure and total: every input has one description. Its time is linear in the body; its
// memory too, and the more so as the caller keeps the body: items are read from there.
func Open(r Response) Envelope { return known.open(r) }

func (p *plan) open(r Response) Envelope {
	h := r.headers()
	body, ours := r.text(cmp.Or(h.contentType, r.ContentType))
	e := p.read(r.HTTPStatus, body, ours, maxNesting)
	if e.Form == Empty && h.redirect != "" && success(r.HTTPStatus) {
		e.Shape = loginShape
	}
	silent := success(r.HTTPStatus) && e.Form == JSON
	if e.Shape == "" && !silent {
		e.Message = bounded(body, maxText)
	}
	e.RequestID = cmp.Or(h.requestID, e.RequestID)
	e.RetryAfter = h.retryAfter()
	e.Window = window(e.Message)
	e.Complaints = e.complaints()
	return e
}

// text is the body in UTF-8, and whether it is a copy of our own.
func (r Response) text(contentType string) (text []byte, ours bool) {
	text = r.Body
	if r.Decoded {
		text = mendUTF8(text)
	} else {
		text = utf8Text(text, contentType)
	}
	text = trim(text)
	return text, !utf8.Valid(r.Body)
}

func success(status int) bool { return status >= 200 && status <= 299 }
