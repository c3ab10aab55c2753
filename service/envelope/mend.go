package envelope

import "bytes"

// mendControls escapes the control characters that some programs leave as they are within the strings of JSON; those
// that have no short escape it makes blanks.
func mendControls(json []byte) []byte {
	mended := make([]byte, 0, len(json)+bytes.Count(json, []byte("\n"))+bytes.Count(json, []byte("\r"))+bytes.Count(json, []byte("\t")))
	inside, escaped := false, false
	for _, c := range json {
		if inside && c < ' ' {
			mended = append(mended, controlEscape(c)...)
		} else {
			mended = append(mended, c)
		}
		inside = inside != (c == '"' && !escaped)
		escaped = inside && c == '\\' && !escaped
	}
	return mended
}

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
