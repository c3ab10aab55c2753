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

// read reads a text: JSON, a JSON string that holds a text, or words, as in messages and bodies that are no JSON. Where
// JSON goes wrong, control characters may be the reason; they are put right in the text if it is ours, else in a copy.
func (p *plan) read(status int, text []byte, ours bool, nesting int) Envelope {
	quoted := bytes.HasPrefix(text, []byte(`"`)) // which is a copy each time it is read
	if !quoted || !hasControls(text) {
		if e := p.readAsItIs(status, text, nesting); quoted || e.Form != Broken || !hasControls(text) {
			return e
		}
	}
	if !ours {
		text = bytes.Clone(text)
	}
	blankControls(text)
	return p.readAsItIs(status, text, nesting)
}

func (p *plan) readAsItIs(status int, text []byte, nesting int) Envelope {
	switch {
	case len(text) == 0:
		return Envelope{HTTPStatus: status, Form: Empty}
	case text[0] == '{' || text[0] == '[' && !opensWithCode(text):
		return p.unwrap(p.document(status, text), nesting)
	case text[0] == '"' && nesting > 0:
		return p.quoted(status, text, nesting)
	case valid(text):
		return Envelope{HTTPStatus: status, Form: JSON}
	}
	return p.words(status, text, nesting)
}

// opensWithCode tells whether a bracket is that of a code, and not of JSON.
func opensWithCode(text []byte) bool {
	code, _ := leadingCode(bounded(text, 2*maxKey))
	return code != ""
}

func valid(json []byte) bool {
	return jsontext.Value(json).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// document reads an object or an array.
func (p *plan) document(status int, text []byte) Envelope {
	r := newReader(p, status)
	switch err := r.read(shallow(text)); {
	case errors.Is(err, errTrailing):
		return r.envelope(Trailed)
	case err != nil:
		return r.envelope(Broken)
	}
	return r.envelope(JSON)
}

// unwrap reads the message of an object without a code: SDKs put into one the error that they could not read. Where the
// object breaks off, its code may be what is lost; part of a success, a message under a key that others use too may
// begin as it likes.
func (p *plan) unwrap(e Envelope, nesting int) Envelope {
	if e.Code != "" || e.Form == Broken || nesting == 0 || success(e.HTTPStatus) && e.Generic {
		return e
	}
	if code, _ := leadingCode(e.Message); code == "" && !strings.Contains(e.Message, "{") {
		return e
	}
	inner := p.read(e.HTTPStatus, trim([]byte(e.Message)), true, nesting-1)
	if inner.Shape == "" {
		return e
	}
	inner.Form = worse(e.Form, inner.Form)
	inner.Message = cmp.Or(inner.Message, e.Message)
	inner.Service = cmp.Or(inner.Service, e.Service)
	inner.RequestID = cmp.Or(e.RequestID, inner.RequestID)
	inner.Authorization = cmp.Or(e.Authorization, inner.Authorization)
	inner.DomainID = cmp.Or(e.DomainID, inner.DomainID)
	inner.plan, inner.lists = e.plan, append(e.lists, inner.lists...)
	return inner
}

// worse is the form of JSON with a text in it: that of the text if it is JSON too and less sound.
func worse(outer, inner Form) Form {
	if inner == Text {
		return outer
	}
	return max(outer, inner)
}

// quoted reads a JSON string as the text that it holds. What breaks off counts only if it holds JSON.
func (p *plan) quoted(status int, text []byte, nesting int) Envelope {
	inner, err := jsontext.AppendUnquote(nil, text)
	inner = trim(inner)
	e := p.read(status, inner, true, nesting-1)
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

// words reads a text that is no JSON: it may begin with a code, or JSON may follow in it. HTML does neither.
func (p *plan) words(status int, text []byte, nesting int) Envelope {
	e := Envelope{HTTPStatus: status, Form: Text}
	code, followed := leadingCode(bounded(text, 2*maxKey))
	mayBeCut := nesting == maxNesting && !followed
	if code != "" && !mayBeCut {
		e.Shape, e.Generic, e.Code, e.Message = textShape, true, code, bounded(text, maxText)
		return e
	}
	start := bytes.IndexByte(text, '{')
	if start < 0 || text[0] == '<' || nesting == 0 {
		return e
	}
	if inner := p.document(status, text[start:]); inner.Code != "" && (!inner.Generic || looksLikeCode(inner.Code)) {
		inner.Form = Broken
		return inner
	}
	return e
}
