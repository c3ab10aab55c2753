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

// text reads a text: JSON, a JSON string that holds a text, or words, as in messages and bodies that are no JSON.
func (p *plan) text(status int, text []byte, nesting int) Envelope {
	switch {
	case len(text) == 0:
		return Envelope{HTTPStatus: status, Form: Empty}
	case text[0] == '{' || text[0] == '[':
		return p.document(status, text, nesting)
	case text[0] == '"':
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
// read.
func (p *plan) document(status int, text []byte, nesting int) Envelope {
	e := p.json(status, text)
	if e.Code != "" || e.Message == "" || nesting == 0 {
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

// json reads an object or an array, the control characters that some programs leave within its strings put right.
func (p *plan) json(status int, text []byte) Envelope {
	e := p.strict(status, text)
	if e.Form == Broken {
		return p.strict(status, mendControls(text))
	}
	return e
}

func (p *plan) strict(status int, text []byte) Envelope {
	r := newReader(p, status, text)
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

// quoted reads a JSON string as the text that it holds.
func (p *plan) quoted(status int, text []byte, nesting int) Envelope {
	inner, err := jsontext.AppendUnquote(nil, text)
	if nesting == 0 {
		inner = nil
	}
	e := p.text(status, trim(inner), nesting-1)
	switch broken := err != nil && !valid(text); {
	case broken && e.Code == "":
		return p.words(status, text, nesting)
	case broken:
		e.Form = Broken
	case e.Form == Text:
		e.Form, e.Shape = JSON, textShape
	case e.Form == Empty:
		e.Form = JSON
	}
	return e
}

// words reads a text that is no JSON: it may begin with a code, or JSON may follow in it. HTML does neither.
func (p *plan) words(status int, text []byte, nesting int) Envelope {
	e := Envelope{HTTPStatus: status, Form: Text, Message: bounded(text, maxText)}
	if code := leadingCode(e.Message); code != "" {
		e.Shape, e.Code = textShape, code
		return e
	}
	start := bytes.IndexByte(text, '{')
	if start < 0 || text[0] == '<' || nesting == 0 {
		return e
	}
	if inner := p.document(status, text[start:], 0); inner.Code != "" && (!inner.Generic || serviceCode(inner.Code)) {
		inner.Form = Broken
		return inner
	}
	return e
}

// leadingCode is the code that a text begins with.
func leadingCode(text string) string {
	const digits = 4 // that all codes have at least
	code := text
	if end := strings.IndexAny(text, " \t\r\n:,;：，；"); end >= 0 {
		code = text[:end]
	}
	if _, number, ok := cutCode(code[:min(len(code), maxKey)]); !ok || len(number) < digits {
		return ""
	}
	return code
}
