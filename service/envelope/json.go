package envelope

import (
	"bytes"
	"iter"
)

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
