package envelope

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// The most that is kept of a text, in bytes.
const (
	maxText = 64 << 10
	maxCode = 1 << 10
	maxKey  = 64 // longer than any key that counts
)

// A scalar is a string or a number; without a text it is nothing.
type scalar struct {
	text   string
	number bool
}

// unquote is what a JSON string says, up to a number of bytes; of one that is all escapes, half as many at least.
func unquote(raw []byte, limit int) string {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return bounded(inner, limit)
	}
	text, _ := jsontext.AppendUnquote(nil, raw[:min(len(raw), 2*limit)]) // it tells what it can, and replaces the rest
	return bounded(text, limit)
}

// bounded is as much of a text as is kept.
func bounded(text []byte, limit int) string { return string(head(text, limit)) }

// head is the beginning of a text, up to a whole character.
func head(text []byte, limit int) []byte {
	if len(text) <= limit {
		return text
	}
	for end := limit; end > limit-utf8.UTFMax; end-- {
		if utf8.RuneStart(text[end]) {
			return text[:end]
		}
	}
	return text[:limit]
}

// plainNumber writes a whole number without a fraction or an exponent, whichever way it was written: 429.0 is 429.
func plainNumber(raw []byte) string {
	const exact = 1 << 53 // up to which a double holds every whole number
	text := bounded(raw, maxCode)
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == math.Trunc(f) && math.Abs(f) < exact {
		return strconv.FormatInt(int64(f), 10)
	}
	return text
}
