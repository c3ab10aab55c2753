package envelope

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// The most that is kept of a text, in bytes.
const (
	maxText = 64 << 10
	maxCode = 1 << 10
	maxKey  = 64 // longer than any key that counts
)

// A scalar is a string or a number as it is written; without a kind it is nothing.
type scalar struct {
	raw  []byte
	kind jsontext.Kind
	said string // its text of at most maxText bytes, once that is known
}

// read makes the text of a scalar known.
func (v scalar) read() scalar {
	v.said = v.text(maxText)
	return v
}

// text is what a scalar says, up to a number of bytes; of a string that is all escapes, a quarter at least.
func (v scalar) text(limit int) string {
	switch {
	case v.said != "" && (limit == maxText || max(len(v.raw), len(v.said)) <= limit):
		return v.said
	case v.kind == 0:
		return ""
	case v.kind == '0':
		return plainNumber(v.raw)
	case v.kind == 't' || v.kind == 'f':
		return string(v.raw)
	case bytes.IndexByte(v.raw, '\\') < 0:
		return bounded(v.raw[1:len(v.raw)-1], limit)
	}
	text, _ := jsontext.AppendUnquote(nil, v.raw[:min(len(v.raw), limit+limit/2)]) // it tells what it can, and replaces the rest
	return bounded(text, limit)
}

// holdsObject reports whether a string holds what begins as a JSON object does.
func (v scalar) holdsObject() bool {
	return v.kind == '"' && bytes.HasPrefix(bytes.TrimLeft(v.raw[1:], " \t"), []byte("{")) && bytes.IndexByte(v.raw, ':') > 0
}

// trimmed is what a scalar says, without blanks around it.
func (v scalar) trimmed() string { return strings.TrimSpace(v.text(maxText)) }

// code is a code as received; one that is longer than any, as far as it is kept, without blanks around it.
func (v scalar) code() string {
	if len(v.raw) <= maxCode {
		return v.text(maxCode)
	}
	return bounded(v.trimmed(), maxCode)
}

// bounded is as much of a text as is kept.
func bounded[T string | []byte](text T, limit int) string { return string(head(text, limit)) }

// head is the beginning of a text, up to a whole character.
func head[T string | []byte](text T, limit int) T {
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

// scalar reads a text, a number or a truth value; null says nothing.
func (r *reader) scalar() (scalar, error) {
	kind := r.in.PeekKind()
	raw, err := r.in.ReadValue()
	end := int(r.in.InputOffset())
	switch {
	case err != nil || kind == 'n':
		return scalar{}, err
	case kind == '0':
		return wholeNumber(r.body[end-len(raw):], len(raw))
	}
	return scalar{raw: r.body[end-len(raw) : end], kind: kind}, nil
}

// wholeNumber returns a number with which a text begins, if all of it is there: something that may follow a number does.
// JSON does not know the zeros in front of some, so that its decoder stops behind them.
func wholeNumber(text []byte, length int) (scalar, error) {
	end := length
	for string(text[:length]) == "0" && end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	if end == len(text) || bytes.IndexByte([]byte(",]} \t\r\n"), text[end]) < 0 {
		return scalar{}, io.ErrUnexpectedEOF
	}
	var err error
	if end > length {
		err = errZeros
	}
	return scalar{raw: text[:end], kind: '0'}, err
}

var errZeros = errors.New("zeros in front of a number; it is read, and what follows is not")

// isBlank reports whether a member's value, the colon before it included, holds nothing.
func isBlank(span []byte) bool {
	value := bytes.TrimSpace(bytes.TrimLeft(span, ": \t\r\n"))
	switch {
	case len(value) == 0 || string(value) == "null":
		return true
	case value[0] != '"' && value[0] != '{' && value[0] != '[':
		return false
	}
	return len(bytes.TrimSpace(value[1:len(value)-min(1, len(value)-1)])) == 0
}
