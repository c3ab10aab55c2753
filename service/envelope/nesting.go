package envelope

import (
	"bytes"
	"cmp"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxNesting is how many times a text within JSON is read as one that holds an error itself.
const maxNesting = 2

// trim takes off what surrounds a text: blanks, and a byte order mark that an encoding left.
func trim(text []byte) []byte { return bytes.Trim(text, " \t\r\n\ufeff") }

// text reads a text: JSON, a JSON string that holds a text, or words, as in messages and bodies that are no JSON. Where
// JSON goes wrong, control characters may be the reason.
func (p *plan) text(status int, text []byte, nesting int) Envelope {
	e := p.asIs(status, text, nesting)
	if e.Form == Broken {
		if mended := mendControls(text); mended != nil {
			return p.asIs(status, mended, nesting)
		}
	}
	return e
}

func (p *plan) asIs(status int, text []byte, nesting int) Envelope {
	switch {
	case len(text) == 0:
		return Envelope{HTTPStatus: status, Form: Empty}
	case text[0] == '{' || text[0] == '[':
		return p.document(status, text, nesting)
	case text[0] == '"' && nesting > 0:
		return p.quoted(status, text, nesting)
	case valid(text):
		return Envelope{HTTPStatus: status, Form: JSON}
	}
	return p.words(status, text, nesting)
}

func valid(json []byte) bool {
	return jsontext.Value(json).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// document reads an object or an array. A message without a code may hold both: SDKs put into one what they could not
// read. The message of a success, under a key that others use too, may begin as it likes.
func (p *plan) document(status int, text []byte, nesting int) Envelope {
	e := p.json(status, text)
	data := success(status) && e.Generic
	if e.Code != "" || nesting == 0 || (data || leadingCode(e.Message) == "") && !strings.Contains(e.Message, "{") {
		return e
	}
	inner := p.text(status, trim([]byte(e.Message)), nesting-1)
	if inner.Shape == "" {
		return e
	}
	if inner.Form = max(e.Form, inner.Form); inner.Form == Text {
		inner.Form = e.Form
	}
	inner.RequestID = cmp.Or(e.RequestID, inner.RequestID)
	inner.Authorization = cmp.Or(e.Authorization, inner.Authorization)
	inner.DomainID = cmp.Or(e.DomainID, inner.DomainID)
	inner.lists = append(e.lists, inner.lists...)
	return inner
}

func (p *plan) json(status int, text []byte) Envelope {
	r := newReader(p, status, shallow(text))
	err := r.read()
	e := r.envelope()
	switch {
	case errors.Is(err, errTrailing):
		e.Form = Trailed
	case err != nil:
		e.Form = Broken
	default:
		e.Form = JSON
	}
	return e
}

// quoted reads a JSON string as the text that it holds. What breaks off counts only if it holds JSON.
func (p *plan) quoted(status int, text []byte, nesting int) Envelope {
	inner, err := jsontext.AppendUnquote(nil, text)
	inner = trim(inner)
	e := p.text(status, inner, nesting-1)
	broken := err != nil && !valid(text)
	switch {
	case broken && (e.Code == "" || e.Shape == textShape):
		return Envelope{HTTPStatus: status, Form: Broken}
	case broken:
		e.Form = Broken
	case e.Form == Text:
		e.Form, e.Shape, e.Message = JSON, textShape, bounded(inner, maxText)
	case e.Form == Empty:
		e.Form = JSON
	}
	return e
}

// words reads a text that is no JSON: it may begin with a code, or JSON may follow in it. HTML does neither. A body may
// have been cut within a code that it is all of.
func (p *plan) words(status int, text []byte, nesting int) Envelope {
	e := Envelope{HTTPStatus: status, Form: Text}
	if code := leadingCode(bounded(text, maxKey)); code != "" && (len(code) < len(text) || nesting < maxNesting) {
		e.Shape, e.Code, e.Message = textShape, code, bounded(text, maxText)
		return e
	}
	start := bytes.IndexByte(text, '{')
	if start < 0 || text[0] == '<' || nesting == 0 {
		return e
	}
	if inner := p.document(status, text[start:], 0); inner.Code != "" && (!inner.Generic || codeDigits(inner.Code) != "") {
		inner.Form = Broken
		return inner
	}
	return e
}

// leadingCode is the code that a text begins with.
func leadingCode(text string) string {
	code := text
	if end := strings.IndexAny(text, " \t\r\n:,;：，；"); end >= 0 {
		code = text[:end]
	}
	if len(code) >= maxKey || len(codeDigits(code)) < fewestDigits {
		return ""
	}
	return code
}
