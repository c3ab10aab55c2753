package envelope

import (
	"bytes"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// trim takes off what surrounds a text: blanks, and a byte order mark that an encoding left.
func trim(text []byte) []byte { return bytes.Trim(text, " \t\r\n\ufeff") }

// text reads a text: JSON, a JSON string that holds a text, or words. JSON within texts is read as many times as texts
// says.
func (r *reader) text(text []byte, l level, texts int) Form {
	before := r.texts
	r.texts = texts
	defer func() { r.texts = before }()
	switch {
	case len(text) == 0:
		return Empty
	case text[0] == '{' || text[0] == '[' && !opensWithCode(text):
		return r.documents(shallow(r.withoutControls(text)), l)
	case text[0] == '"' && texts > 0:
		return r.quoted(r.withoutControls(text), l)
	case isJSON(text):
		return JSON
	}
	return r.words(text, l, false)
}

// opensWithCode reports whether a bracket is that of a code, and not of JSON.
func opensWithCode(text []byte) bool {
	code, _ := leadingCode(bounded(text, 2*maxKey))
	return code != ""
}

func isJSON(text []byte) bool {
	return jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// quoted reads a JSON string as the text that it holds. What breaks off counts only if it holds JSON.
func (r *reader) quoted(text []byte, l level) Form {
	inner, err := jsontext.AppendUnquote(make([]byte, 0, len(text)), text)
	inner = trim(inner)
	whole := err == nil || isJSON(text)
	if !whole && !bytes.HasPrefix(inner, []byte("{")) {
		return Broken
	}
	r.ours = true
	switch form := r.text(inner, l, r.texts-1); {
	case !whole:
		return Broken
	case form == Text:
		r.message = worded{text: bounded(inner, maxText), shape: &textual, level: l}
		return JSON
	case form == Empty:
		return JSON
	default:
		return form
	}
}

// textual is the shape of texts.
var textual = shape{name: textShape, generic: true}

// shapeNamed returns the shape of a name.
func shapeNamed(name string) *shape {
	for i := range shapes {
		if shapes[i].name == name {
			return &shapes[i]
		}
	}
	return &textual
}

// words reads a text that is no JSON: it may begin with a code, or JSON may follow in it. HTML does neither. In a success
// a text within JSON speaks of an error only with a code of the CBC, and so does one under a key that data has too.
func (r *reader) words(text []byte, l level, generic bool) Form {
	code, followed := leadingCode(bounded(text, 2*maxKey))
	switch {
	case code != "" && (followed || l.depth > 0 || r.texts < maxTexts): // else it may be cut
		if !generic && r.texts == maxTexts || !success(r.status) || hasPrefix(code) {
			r.add(Finding{Code: code, Message: bounded(text, maxText), Shape: textShape, Depth: l.depth, Formed: true, level: l, path: r.at()})
		}
		return Text
	case text[0] == '<' || r.texts == 0:
		return Text
	}
	if start := bytes.IndexByte(text, '{'); start >= 0 {
		r.texts--
		r.inner(shallow(r.withoutControls(text[start:])), l)
		r.texts++
	}
	return Text
}

// inner reads JSON within a text. A code without the form of one says nothing there.
func (r *reader) inner(json []byte, l level) {
	body, in, kept := r.body, r.in, r.found
	r.in, r.findings = nil, nil
	r.documents(json, l)
	found := r.findings
	if len(found) == 0 || !found[0].Formed && found[0].Shape == shapeNamed("common").name {
		found = nil
		r.found = kept
	}
	r.findings = kept.findings
	for _, f := range found {
		f.Own = false
		r.add(f)
	}
	r.body, r.in = body, in
}

// considerMessage reads the code in a message where no key has one: SDKs put into a message the error that they could
// not read. Where the body breaks off its code may be what is lost.
func (r *reader) considerMessage(form Form) {
	m := r.message
	if form == Broken || len(r.findings) > 0 || m.text == "" || m.shape == &textual {
		return
	}
	if code, _ := leadingCode(m.text); code == "" && strings.IndexByte(m.text, '{') <= 0 { // JSON from its beginning was read
		return
	}
	r.texts, r.ours = maxTexts-1, false
	r.words([]byte(m.text), m.inner(false), m.shape.generic)
	if len(r.findings) > 0 && r.findings[0].Service == "" {
		r.findings[0].Service = m.shape.service
	}
}

// label finds the code behind a key for codes, in a text that is no JSON: {error_code:"CBC.5003"}. Something has to
// follow the code, or it may be cut.
var label = regexp.MustCompile(`(?i)(?:code|错误码)(?:[\s"'=:\\：,;>(\[]|&quot;|\*/){1,14}([a-z][a-z0-9_]*\.[0-9]{4,})[^0-9a-z._]`)

// considerLabels reads the code of a text that is no JSON, or breaks off, and holds no code that is easier to read. In a
// success what follows a bracket is data.
func (r *reader) considerLabels(text []byte) {
	if len(r.findings) > 0 || len(text) == 0 || text[0] == '<' {
		return
	}
	if end := bytes.IndexByte(text, '['); success(r.status) && end >= 0 {
		text = text[:end]
	}
	if m := label.FindSubmatch(text); m != nil {
		r.add(Finding{Code: bounded(m[1], maxCode), Message: bounded(text, maxText), Shape: textShape, Depth: maxDepth, Formed: true})
	}
}

// withoutControls returns JSON in which the control characters within strings, as some programs leave them, are blanks.
func (r *reader) withoutControls(json []byte) []byte {
	if !hasControls(json) {
		return json
	}
	if !r.ours {
		json = bytes.Clone(json)
	}
	for at, inside := range positions(json) {
		if inside && json[at] < ' ' {
			json[at] = ' '
		}
	}
	return json
}

// hasControls reports whether control characters stand within the strings of JSON, as some programs leave them.
func hasControls(json []byte) bool {
	if !slices.ContainsFunc(json, func(c byte) bool { return c < ' ' }) {
		return false
	}
	for at, inside := range positions(json) {
		if inside && json[at] < ' ' {
			return true
		}
	}
	return false
}

// positions are those of all bytes, and whether they are within a string.
func positions(json []byte) iter.Seq2[int, bool] {
	return func(yield func(int, bool) bool) {
		inside, escaped := false, false
		for at, c := range json {
			if !yield(at, inside) {
				return
			}
			inside = inside != (c == '"' && !escaped)
			escaped = inside && c == '\\' && !escaped
		}
	}
}

// maxNested is how many arrays and objects within each other are read; to count them takes memory.
const maxNested = 1500

// shallow is JSON up to where there are too many arrays and objects within each other.
func shallow(json []byte) []byte {
	if bytes.Count(json, []byte("["))+bytes.Count(json, []byte("{")) <= maxNested {
		return json
	}
	depth := 0
	for at, inside := range positions(json) {
		switch c := json[at]; {
		case inside:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
		if depth > maxNested {
			return json[:at]
		}
	}
	return json
}
