package envelope

import (
	"bytes"
	"html"
	"regexp"
	"unicode"
)

// search looks for a code in a text where none was found: in JSON within it, which may be escaped, then behind a label.
func (r *reader) search(text []byte, l level, texts int) {
	r.texts = texts
	plain := text
	for range maxEscapes {
		if r.hasCode() {
			return
		}
		r.objectsInText(plain, l)
		escaped := plain
		if plain = unescape(escaped); len(plain) == len(escaped) {
			break
		}
	}
	if !r.hasCode() {
		r.considerLabels(text, l)
	}
}

// maxEscapes is the number of times that JSON in a text may have been escaped.
const maxEscapes = 4

// unescape removes one level of the escapes of quotes: \", \\, &quot;. Escaped line ends become blanks.
func unescape(text []byte) []byte {
	if bytes.Contains(text, []byte("&quot;")) || bytes.Contains(text, []byte("&#34;")) {
		return []byte(html.UnescapeString(string(text)))
	}
	if !bytes.Contains(text, []byte(`\"`)) || bytes.IndexByte(text, '{') < 0 {
		return text
	}
	return unescaper.ReplaceAllFunc(text, unescapePair)
}

// unescapePair returns what a backslash and a character stand for.
func unescapePair(pair []byte) []byte {
	if bytes.IndexByte([]byte("nrt"), pair[1]) >= 0 {
		return []byte{' '}
	}
	return pair[1:]
}

var unescaper = regexp.MustCompile(`\\["\\/nrt]`)

// objectsInText reads the first JSON object in a text that has a code.
func (r *reader) objectsInText(text []byte, l level) {
	if !objectStart.Match(text) {
		return
	}
	text = r.sanitize(blankControls(text))
	open := 0 // braces around
	for budget := workFactor*len(text) + minWork; budget > 0; budget -= tryCost {
		start := objectStart.FindIndex(text)
		if start == nil {
			return
		}
		open = openBraces(text[:start[0]], open)
		text = text[start[0]:]
		read, whole := r.objectInText(text, l, open > 0)
		if r.hasCode() {
			return
		}
		budget -= read
		if !whole {
			read = 1
			open++
		}
		text = text[read:]
	}
}

// objectStart matches what may be the beginning of an object with a member.
var objectStart = regexp.MustCompile(`\{[\x00- ]{0,64}"`)

const (
	workFactor = 4       // bytes read for each byte of a text, at most
	minWork    = 4 << 10 // bytes read of any text
	tryCost    = 64      // of reading an object, in bytes
)

// blankControls returns a text with blanks for its control characters.
func blankControls(text []byte) []byte {
	first := bytes.IndexFunc(text, unicode.IsControl)
	if first < 0 {
		return text
	}
	text = bytes.Clone(text)
	for i := first; i < len(text); i++ {
		if text[i] < ' ' {
			text[i] = ' '
		}
	}
	return text
}

// objectInText reads the object that a text begins with. It drops what it finds if the best code is generic and without the
// form. It returns the number of bytes read, and whether the object is whole.
func (r *reader) objectInText(text []byte, l level, nested bool) (read int, whole bool) {
	before := r.found
	r.Findings = nil
	r.aside(func() {
		r.decode(text)
		whole = r.document(l) == nil
		read = int(r.in.InputOffset())
	})
	findings := r.Findings
	if len(findings) == 0 || !findings[0].WellFormed && findings[0].Shape == commonShape {
		r.found = before
		return read, whole
	}
	r.Findings = before.Findings
	for _, f := range findings {
		f.InText, f.Own = true, f.Own && whole && !nested && r.quotes()
		r.addFinding(f)
	}
	return read, whole
}

// quotes reports whether an object in a text counts as the body's own: the text quotes the body of a response, as an
// exception or a log line does. A text on 2xx does not count.
func (r *reader) quotes() bool { return !is2xx(r.status) }
