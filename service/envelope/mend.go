package envelope

import (
	"bytes"
	"iter"
)

// mendControls puts right the control characters that some programs leave as they are within the strings of JSON: it
// escapes them, or makes them blanks if there are so many that this is no text. It returns nil if there are none.
func mendControls(json []byte) []byte {
	var faults int
	for range controls(json) {
		faults++
	}
	if faults == 0 {
		return nil
	}
	escape, room := controlEscape, 16+len(json)/16
	if faults > room {
		escape = func(byte) string { return " " }
	}
	mended, done := make([]byte, 0, len(json)+min(faults, room)), 0
	for at := range controls(json) {
		mended = append(append(mended, json[done:at]...), escape(json[at])...)
		done = at + 1
	}
	return append(mended, json[done:]...)
}

// controlEscape is the short escape of a control character; those without one are nothing that a message needs.
func controlEscape(c byte) string {
	switch c {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	return " "
}

// controls are the positions of the control characters within strings.
func controls(json []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at, inside := range positions(json) {
			if inside && json[at] < ' ' && !yield(at) {
				return
			}
		}
	}
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
