package envelope

import (
	"bytes"
	"slices"
	"strconv"

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
	case text[0] == '{' && !printsFields(text) || text[0] == '[' && opensArray(text):
		return r.documents(r.sanitize(text), l)
	case text[0] == '"' && texts > 0:
		return r.quoted(r.sanitize(text), l)
	case isJSON(text):
		return JSON
	}
	return r.freeText(text, l, false)
}

// opensArray reports whether a text that begins with a bracket is an array of JSON, whole or broken off, and not words in
// brackets: [ERROR], [2026-11-02 15:08:37], [CBC.5003].
func opensArray(text []byte) bool {
	inner := bytes.TrimLeft(text[1:], " \t\r\n")
	return len(inner) == 0 || bytes.IndexByte([]byte(`{["]`), inner[0]) >= 0 || isJSON(text)
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

// freeText reads free text: it may begin with a code or contain JSON. In a success, only a code of the CBC counts in a text
// within JSON or under a generic key.
func (r *reader) freeText(text []byte, l level, generic bool) Form {
	code, followed := leadingCode(bounded(text, 2*maxKey))
	switch {
	case code != "" && (followed || l.depth > 0 || r.texts < maxTexts): // otherwise the code may be cut
		if !generic && r.texts == maxTexts || !maySucceed(r.status) || isCBC(code) {
			r.addFinding(Finding{Code: code, Message: bounded(text, maxText), Shape: textShape, Depth: l.depth, WellFormed: true, InText: true, errorObject: l.errorObject})
		}
	case r.texts > 0:
		r.texts--
		r.objectsInText(text, l)
		r.texts++
	}
	return Text
}

// considerMessage reads the code in the message, if no key has one: SDKs put errors that they cannot read into a message.
// It does not if the body breaks off: the code may be in the lost rest.
func (r *reader) considerMessage(form Form) {
	m := r.message
	if form == Malformed || r.hasCode() || m.text == "" || m.shape.name == textShape {
		return
	}
	before := len(r.Findings)
	l := m.quoted(r.quotes())
	r.texts, r.owned = maxTexts-1, false
	if code, _ := leadingCode(m.text); code != "" {
		r.freeText([]byte(m.text), l, m.shape.generic)
	} else {
		r.search([]byte(m.text), l, maxTexts-1)
	}
	if len(r.Findings) > before && r.Findings[0].Service == "" {
		r.Findings[0].Service = m.shape.service
	}
}

// namedStatus returns the HTTP status of a failure that the body names, or 0. A named success is not believed.
func (r *reader) namedStatus(body []byte, form Form) int {
	named, _ := strconv.Atoi(r.facts[httpStatus].text)
	inText := form == Text || form == Malformed || len(r.Findings) > 0 && r.Findings[0].InText
	if named == 0 && inText {
		named = labelledStatus(head(body, maxText))
	}
	if named < 400 || named > 599 {
		return 0
	}
	return named
}

// hasCode reports whether a code was found that has the form of one or stands under the key for codes.
func (r *reader) hasCode() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.WellFormed || f.Numbered })
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
