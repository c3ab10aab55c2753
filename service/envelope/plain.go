package envelope

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Plain is what a response says that is nothing but the plain pair, plainly written.
type Plain struct {
	Code, Message []byte // within the body
	RequestID     string // of the header
	RetryAfter    bool   // there is such a header
}

// Plain reads the usual response the short way, with no memory of its own: an object of error_code and error_msg, each
// once and a string without escapes, in UTF-8. It declines whatever is written otherwise, is longer than usual or needs a
// second look; of what it does not decline Open says the same.
func (r *Response) Plain() (p Plain, ok bool) {
	var h *Headers
	if len(r.Headers) == 0 && r.Counted != nil {
		h = r.Counted
	} else {
		all := r.counted()
		h = &all
	}
	in := plainReader{rest: r.Body}
	p.Code, p.Message, ok = in.pair()
	if !ok || !plainCode(p.Code) || in.foreign && !r.inUTF8(h) {
		return p, false
	}
	p.RequestID, p.RetryAfter = strings.TrimSpace(h.values[requestIDHeader]), strings.TrimSpace(h.values[retryHeader]) != ""
	return p, len(p.RequestID) <= maxText && utf8.ValidString(p.RequestID)
}

// plainCode tells whether a code is one beyond doubt: letters, a dot, digits.
func plainCode(code []byte) bool {
	dot := bytes.IndexByte(code, '.')
	if dot < 1 || len(code)-dot <= fewestDigits || len(code) > maxKey {
		return false
	}
	for i, c := range code {
		letter, digit := i < dot && isLetter(rune(c)), i > dot && isDigit(rune(c))
		if i != dot && !letter && !digit {
			return false
		}
	}
	return true
}

// plainTypes are the content types of bodies that are in UTF-8 for certain.
var plainTypes = []string{"", "application/json", "application/json;charset=utf-8", "application/json; charset=utf-8"}

// inUTF8 tells whether a body that is valid UTF-8, and not all of it ASCII, is not in another charset after all.
func (r *Response) inUTF8(h *Headers) bool {
	declared := h.values[typeHeader]
	if declared == "" {
		declared = r.ContentType
	}
	for _, plain := range plainTypes {
		if r.Decoded || strings.EqualFold(declared, plain) {
			return true
		}
	}
	return false
}

// A plainReader reads a plain pair from the front.
type plainReader struct {
	rest    []byte
	foreign bool // a string is not all ASCII
}

// The names of the pair: those of the first of the shapes.
const (
	codeKey    = "error_code"
	messageKey = "error_msg"
)

func (in *plainReader) pair() (code, message []byte, ok bool) {
	if !in.skip('{') {
		return nil, nil, false
	}
	key, value, ok := in.member()
	if !ok || !in.skip(',') {
		return nil, nil, false
	}
	key2, value2, ok := in.member()
	if !ok || !in.skip('}') || len(blank(in.rest)) > 0 {
		return nil, nil, false
	}
	if string(key) == messageKey {
		key, key2, value, value2 = key2, key, value2, value
	}
	return value, value2, string(key) == codeKey && string(key2) == messageKey
}

func (in *plainReader) member() (key, value []byte, ok bool) {
	if key, ok = in.text(); !ok || !in.skip(':') {
		return nil, nil, false
	}
	value, ok = in.text()
	return key, value, ok
}

// text reads a string that says itself.
func (in *plainReader) text() (text []byte, ok bool) {
	if !in.skip('"') {
		return nil, false
	}
	end := bytes.IndexByte(in.rest, '"')
	if end < 0 {
		return nil, false
	}
	text, in.rest = in.rest[:end], in.rest[end+1:]
	var all byte
	for _, c := range text {
		if c < ' ' || c == '\\' {
			return nil, false
		}
		all |= c
	}
	if all < utf8.RuneSelf {
		return text, true
	}
	in.foreign = true
	return text, utf8.Valid(text)
}

// skip passes over blanks and a character.
func (in *plainReader) skip(c byte) bool {
	if len(in.rest) == 0 || in.rest[0] != c {
		in.rest = blank(in.rest)
	}
	if len(in.rest) == 0 || in.rest[0] != c {
		return false
	}
	in.rest = in.rest[1:]
	return true
}

// blank is a text without the blanks that it begins with.
func blank(text []byte) []byte {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\t' || text[0] == '\r' || text[0] == '\n') {
		text = text[1:]
	}
	return text
}
