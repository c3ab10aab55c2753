package rpc

import (
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// A plainRequest is a TranslateRequest read the short way, from its bytes and with no memory of its own. Only a usual
// request can be: each field once, none that is not known, all within the limits. What reads as a plain one means the
// same as a message.
type plainRequest struct {
	response translate.Response
	counted  envelope.Headers
	headers  int
	locales  [plainLocales]string
	wanted   int // locales
}

// plainLocales is how many locales a usual request has at most.
const plainLocales = 4

// The tags of the fields of a usual request.
const (
	responseTag = 1<<3 | textType // of TranslateRequest
	localesTag  = 2<<3 | textType

	statusTag  = 1 << 3 // of RawResponse
	headersTag = 2<<3 | textType
	rawTag     = 3<<3 | textType
	textTag    = 5<<3 | textType
	originTag  = 6<<3 | textType

	keyTag   = 1<<3 | textType // of an entry of headers
	valueTag = 2<<3 | textType

	serviceTag   = 1<<3 | textType // of Origin
	siteTag      = 2<<3 | textType
	operationTag = 3<<3 | textType
)

// read reads a request, and tells whether it is a usual one.
func (q *plainRequest) read(w wire) bool {
	for w.next() {
		ok := false
		switch w.tag {
		case responseTag:
			ok = w.once() && q.readResponse(wire{rest: w.value})
		case localesTag:
			ok = q.wanted < plainLocales && isName(w.value.text)
			if ok {
				q.locales[q.wanted] = w.value.text
				q.wanted++
			}
		}
		if !ok {
			return false
		}
	}
	return w.ended() && w.had(responseTag)
}

func (q *plainRequest) readResponse(w wire) bool {
	r := &q.response
	r.Counted = &q.counted
	for w.next() {
		ok := w.tag == headersTag || w.once()
		switch w.tag {
		case statusTag:
			r.HTTPStatus = int(w.number)
			ok = ok && 100 <= w.number && w.number <= 599
		case headersTag:
			ok = q.readHeader(wire{rest: w.value})
		case rawTag:
			r.Body = w.value.bytes
		case textTag:
			r.Body, r.Decoded = w.value.bytes, true
			ok = ok && utf8.Valid(r.Body)
		case originTag:
			ok = ok && q.readOrigin(wire{rest: w.value})
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return w.ended() && w.had(statusTag) && w.had(rawTag) != w.had(textTag)
}

// readHeader reads a header. One that counts and comes again means another look.
func (q *plainRequest) readHeader(w wire) bool {
	var name, value string
	for w.next() {
		if !w.once() || !utf8.ValidString(w.value.text) {
			return false
		}
		switch w.tag {
		case keyTag:
			name = w.value.text
		case valueTag:
			value = w.value.text
		default:
			return false
		}
	}
	q.headers++
	return w.ended() && q.counted.Add(name, value)
}

func (q *plainRequest) readOrigin(w wire) bool {
	for w.next() {
		if !w.once() || !isName(w.value.text) {
			return false
		}
		switch w.tag {
		case serviceTag:
			q.response.Service = w.value.text
		case siteTag:
			q.response.Site = w.value.text
		case operationTag:
		default:
			return false
		}
	}
	return w.ended()
}

// within tells whether a request keeps the limits that flags move.
func (q *plainRequest) within(l Limits) bool {
	return len(q.response.Body) <= l.Body && q.headers <= l.Headers && q.wanted <= l.Locales
}

func isName(text string) bool { return textFault(text, maxName) == "" }
