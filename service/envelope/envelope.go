// Package envelope finds the error in a raw response of a Huawei Cloud API. It knows the keys of codes and messages, the
// lists of failed items, the values that show a failure without a code, the relevant headers and the encodings.
//
// It does not know what a code means. Parse never fails: it describes any bytes. The order of keys in an object does not
// matter.
//
//	e := envelope.Parse(envelope.Response{HTTPStatus: 200, Body: []byte(`{"error_code":"CBC.3144"}`)})
//	// e.Code == "CBC.3144", e.Shape == "plain"
package envelope

import (
	"bytes"
	"cmp"
	"slices"
	"time"
	"unicode/utf8"
)

// Limits of what is read and kept. Longer texts are cut.
const (
	maxText        = 64 << 10 // bytes of a text
	maxCode        = 1 << 10  // bytes of a code
	maxKey         = 64       // bytes of a key; no known key is so long
	maxPath        = 1 << 10  // bytes of a path
	maxValues      = 1 << 8   // values of an object; only many spellings of a code key reach it
	maxFindings    = 64       // codes of a body
	maxLists       = 1 << 8   // lists with entries
	maxViolations  = 1 << 8   // violations of a body
	maxDepth       = 8        // objects around a code; deeper codes only show that something failed
	maxTexts       = 2        // levels of JSON within texts
	maxNestedLists = 3        // lists around a list; each level reads the inner lists once more
	maxNested      = 1500     // nested arrays and objects of JSON
)

// A Form is the form of a body.
type Form int

// The forms of a body.
const (
	Empty        Form = iota // no bytes, or blanks
	JSON                     // one JSON value
	TrailingData             // one JSON value with data behind it
	Malformed                // truncated or invalid JSON, or fewer bytes than Content-Length; what was read counts
	Text                     // anything else, such as HTML
)

// String returns the name of a form in words.
func (f Form) String() string {
	return [...]string{"empty", "JSON", "JSON with trailing data", "malformed JSON", "text"}[f]
}

// An Envelope describes a response. Its texts are valid UTF-8 of at most 64 KiB.
type Envelope struct {
	HTTPStatus int // of the response, else named by the body; 0 if not known
	Form       Form

	Finding                   // the first of Findings; without a code, the message and its shape
	Findings        []Finding // the codes of the body, the best first, at most 64
	CutOff          bool      // the body breaks off: a code may be missing or cut
	Incomplete      bool      // a limit was reached: codes or lists are missing
	SuccessCode     bool      // the body's own object has a success code, such as 0
	Failed          bool      // a value shows a failure, such as "success":false
	ExplicitFailure bool      // such a value, not a text, is in the body's own object or its error object
	Data            bool      // the body's own object or its error object holds more than the error

	NamedStatus   int    // HTTP status that a text names; 0 if none
	MoreTold      bool   // a text tells of other calls, or of an effect
	Advice        Advice // of an earlier translation
	RequestID     string // from the header, else from the body
	Authorization string // encoded_authorization_message
	DomainID      string // the account that was created although the call failed
	Violations    []Violation

	RetryAfter *time.Duration // from the header, at least 0; nil if absent or unusable
	Window     *time.Duration // of a rate limit, from the message; nil if it states none

	Body       []byte // in UTF-8; of an item, its JSON
	ownMessage string // of the body's own object or its error object
	lists      []list
}

// Parse reads a response. The same response always has the same description. Time and memory are linear in the length of
// the body. The envelope keeps the body, and Items reads it.
func Parse(r Response) Envelope {
	h := r.headers()
	cut := r.truncated(h)
	r, whole := r.inflated(h)
	body := r.text(h)
	in := newReader(r.HTTPStatus)
	defer in.free()
	in.owned = !utf8.Valid(r.Body)
	form := in.text(body, level{}, maxTexts)
	if f, advice, ok := translated(body); ok && form == JSON {
		in.lists, in.Failed, in.ExplicitFailure, in.Data, in.Advice = nil, true, true, false, advice
		in.message = sourced{text: f.Message, shape: shapeNamed(statusShape)}
		in.Findings = nil
		if f.Code != "" {
			in.addFinding(f)
		}
	}
	if form == Malformed && !in.truncated || form == Text || form == TrailingData {
		in.search(body, level{}, maxTexts)
	}
	e := in.envelope(form)
	if r.HTTPStatus == 0 {
		if r.HTTPStatus = in.namedStatus(body, form); r.HTTPStatus != 0 {
			return Parse(r)
		}
	}
	e.Body, e.CutOff = body, in.truncated
	if e.Form == Empty && is2xx(r.HTTPStatus) && h[redirectHeader] != "" {
		e.Shape = loginShape
	}
	if !whole || cut {
		e.Form, e.CutOff = Malformed, true
	}
	silent := is2xx(r.HTTPStatus) && e.Form == JSON && (!e.Failed || e.hasItems())
	if e.Shape == "" && !silent {
		e.Message, e.Own = bounded(body, maxText), true
	}
	e.RequestID = cmp.Or(h[requestIDHeader], e.RequestID)
	if e.RequestID == "" && e.inText() {
		e.RequestID = labelledRequestID(head(body, maxText))
	}
	e.RetryAfter = h.retryAfter()
	e.Window = window(e.Message)
	e.Violations = e.violations()
	e.considerText(body)
	return e
}

// inText reports whether what was read stands in a text and not in the JSON of a response.
func (e *Envelope) inText() bool { return e.Form == Text || e.Form == Malformed || e.InText }

// With returns the envelope with f, one of its findings, as its code.
func (e Envelope) With(f Finding) Envelope {
	f.Message = cmp.Or(f.Message, e.ownMessage)
	e.Finding = f
	e.Window = window(f.Message)
	return e
}

// maySucceed reports whether an HTTP status does not exclude success: it is 2xx or not known.
func maySucceed(status int) bool { return status == 0 || is2xx(status) }

func is2xx(status int) bool { return status/100 == 2 }

// A Pair is the content of a response that has only error_code and error_msg.
type Pair struct {
	Code, Message []byte // slices of the body
	RequestID     string // from the header
	RetryAfter    bool   // the header is present
}

// Pair returns the content of an object of error_code and error_msg, each once, as strings without escapes. It does not
// allocate, and agrees with Parse. It reports false for any other response.
func (r Response) Pair() (p Pair, ok bool) {
	in := pairReader{rest: r.Body}
	p.Code, p.Message = in.pair()
	if in.mismatch || len(p.Code) > maxKey || !isCode(string(p.Code)) || !utf8.Valid(r.Body) || withdrawsAdvice(r.Body) {
		return p, false
	}
	h := r.headers()
	if r.truncated(h) || !r.isUTF8(h) && utf8.RuneCount(r.Body) < len(r.Body) { // ASCII is the same in all encodings
		return p, false
	}
	p.RequestID, p.RetryAfter = h[requestIDHeader], h[retryHeader] != ""
	return p, true
}

// A pairReader scans the pair.
type pairReader struct {
	rest     []byte
	mismatch bool
}

// pair reads the pair in either order. It fails if the body holds anything else.
func (in *pairReader) pair() (code, message []byte) {
	for _, separator := range []string{"{", ","} {
		in.expect(separator)
		if code == nil && in.accept(`"error_code"`) {
			code = in.text()
			continue
		}
		in.expect(`"error_msg"`)
		message = in.text()
	}
	in.expect("}")
	in.expect("")
	in.mismatch = in.mismatch || len(in.rest) > 0
	return code, message
}

// text reads the value of a member. It fails at a backslash or a control character.
func (in *pairReader) text() []byte {
	in.expect(":")
	in.expect(`"`)
	end := bytes.IndexByte(in.rest, '"')
	if end < 0 || slices.ContainsFunc(in.rest[:end], func(c byte) bool { return c == '\\' || c < ' ' }) {
		in.mismatch = true
		return nil
	}
	text := in.rest[:end]
	in.rest = in.rest[end+1:]
	return text
}

// expect skips blanks and a token, and fails if the token is not next.
func (in *pairReader) expect(token string) { in.mismatch = !in.accept(token) || in.mismatch }

// accept skips blanks and a token, and reports whether the token is next.
func (in *pairReader) accept(token string) bool {
	for len(in.rest) > 0 && (in.rest[0] == ' ' || in.rest[0] == '\t' || in.rest[0] == '\r' || in.rest[0] == '\n') {
		in.rest = in.rest[1:]
	}
	if len(in.rest) < len(token) || string(in.rest[:len(token)]) != token {
		return false
	}
	in.rest = in.rest[len(token):]
	return true
}
