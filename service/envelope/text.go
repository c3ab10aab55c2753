package envelope

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// trim removes surrounding blanks and byte order marks.
func trim(text []byte) []byte { return bytes.Trim(text, " \t\r\n\ufeff") }

// text reads JSON, a JSON string that holds a text, or free text. The parameter texts limits the levels of JSON within
// texts.
func (r *reader) text(text []byte, l level, texts int) Form {
	before := r.texts
	r.texts = texts
	defer func() { r.texts = before }()
	switch {
	case len(text) == 0:
		return Empty
	case text[0] == '{' || text[0] == '[' && !opensWithCode(text):
		return r.documents(r.sanitize(text), l)
	case text[0] == '"' && texts > 0:
		return r.quoted(r.sanitize(text), l)
	case isJSON(text):
		return JSON
	}
	return r.freeText(text, l, false)
}

// opensWithCode reports whether a text begins with a code in brackets, and not with JSON.
func opensWithCode(text []byte) bool {
	code, _ := leadingCode(bounded(text, 2*maxKey))
	return code != ""
}

func isJSON(text []byte) bool { return jsontext.Value(text).IsValid(lenient) }

// quoted reads the text that a JSON string holds. If the string breaks off, only JSON counts.
func (r *reader) quoted(text []byte, l level) Form {
	inner, err := jsontext.AppendUnquote(make([]byte, 0, len(text)), text)
	inner = trim(inner)
	whole := err == nil || isJSON(text)
	if !whole && !bytes.HasPrefix(inner, []byte("{")) {
		return Malformed
	}
	r.owned = true
	form := r.text(inner, l, r.texts-1)
	switch {
	case !whole:
		return Malformed
	case form == Text:
		r.message = sourced{text: bounded(inner, maxText), shape: shapeNamed(textShape), level: l}
		return JSON
	case form == Empty:
		return JSON
	}
	return form
}

// freeText reads free text: it may begin with a code or contain JSON. HTML does neither. In a success, only a code of the CBC
// counts in a text within JSON or under a generic key.
func (r *reader) freeText(text []byte, l level, generic bool) Form {
	code, followed := leadingCode(bounded(text, 2*maxKey))
	switch {
	case code != "" && (followed || l.depth > 0 || r.texts < maxTexts): // otherwise the code may be cut
		if !generic && r.texts == maxTexts || !success(r.status) || isCBC(code) {
			r.addFinding(Finding{Code: code, Message: bounded(text, maxText), Shape: textShape, Depth: l.depth, WellFormed: true, errorObject: l.errorObject})
		}
		return Text
	case text[0] == '<' || r.texts == 0:
		return Text
	}
	if start := bytes.IndexByte(text, '{'); start >= 0 {
		r.texts--
		r.jsonInText(r.sanitize(text[start:]), l)
		r.texts++
	}
	return Text
}

// jsonInText reads the JSON in a free text. It drops what it finds if the best code is generic and without the form.
func (r *reader) jsonInText(json []byte, l level) {
	before := r.found
	r.Findings = nil
	r.aside(func() { r.documents(json, l) })
	findings := r.Findings
	if len(findings) == 0 || !findings[0].WellFormed && findings[0].Shape == commonShape {
		findings, r.found = nil, before
	}
	r.Findings = before.Findings
	for _, f := range findings {
		f.Own = false
		r.addFinding(f)
	}
}

// considerMessage reads the code in the message, if no key has one: SDKs put errors that they cannot read into a message.
// It does not if the body breaks off: the code may be in the lost rest.
func (r *reader) considerMessage(form Form) {
	m := r.message
	if form == Malformed || len(r.Findings) > 0 || m.text == "" || m.shape.name == textShape {
		return
	}
	if code, _ := leadingCode(m.text); code == "" && strings.IndexByte(m.text, '{') <= 0 { // a message that is JSON has been read
		return
	}
	r.texts, r.owned = maxTexts-1, false
	r.freeText([]byte(m.text), m.child(false), m.shape.generic)
	if len(r.Findings) > 0 && r.Findings[0].Service == "" {
		r.Findings[0].Service = m.shape.service
	}
}

// label matches a code key and its code in text that is not JSON: {error_code:"CBC.5003"}. A code at the end of the text
// may be cut, and does not match.
var label = regexp.MustCompile(`(?i)(?:code|错误码)(?:[\s"'=:\\：,;>(\[]|&quot;|\*/){1,14}([a-z][a-z0-9_]*\.[0-9]{4,})[^0-9a-z._]`)

// considerLabels adds the labelled code of a text without any other code. In a success everything behind a bracket is
// data.
func (r *reader) considerLabels(text []byte) {
	if len(r.Findings) > 0 || len(text) == 0 || text[0] == '<' {
		return
	}
	if end := bytes.IndexByte(text, '['); success(r.status) && end >= 0 {
		text = text[:end]
	}
	if m := label.FindSubmatch(text); m != nil {
		r.addFinding(Finding{Code: bounded(m[1], maxCode), Message: bounded(text, maxText), Shape: textShape, Depth: maxDepth, WellFormed: true})
	}
}

// sanitize returns JSON with blanks for the control characters in strings, cut off where it is nested too deeply.
func (r *reader) sanitize(json []byte) []byte {
	deep := bytes.Count(json, []byte("["))+bytes.Count(json, []byte("{")) > maxNested
	if !deep && !slices.ContainsFunc(json, func(c byte) bool { return c < ' ' }) {
		return json
	}
	text, owned := json, r.owned
	depth, inString, escaped := 0, false, false
	for at, c := range json {
		switch {
		case inString && c < ' ':
			if !owned {
				text, owned = bytes.Clone(json), true
			}
			text[at] = ' '
		case inString:
		case c == '[' || c == '{':
			if depth++; depth > maxNested {
				return text[:at]
			}
		case c == ']' || c == '}':
			depth--
		}
		inString = inString != (c == '"' && !escaped)
		escaped = inString && c == '\\' && !escaped
	}
	return text
}
