package envelope

import (
	"bytes"
	"cmp"
	"unicode/utf8"
)

// Plain is what a response says that is nothing but the plain pair, plainly written.
type Plain struct {
	Code, Message []byte // within the body
	RequestID     string // of the header
	RetryAfter    bool   // there is such a header
}

// Plain reads an object of error_code and error_msg, each once and a string without escapes. It takes no memory. It
// declines whatever is written otherwise; of what it does not decline Open says the same.
func (r Response) Plain() (p Plain, ok bool) {
	in := plainReader{rest: r.Body}
	p.Code, p.Message, ok = in.pair()
	if !ok || len(p.Code) > maxKey || !looksLikeCode(string(p.Code)) {
		return p, false
	}
	h := r.headers()
	p.RequestID, p.RetryAfter = h[requestIDHeader], h[retryHeader] != ""
	return p, !r.cut(h) && r.isUTF8(cmp.Or(h[typeHeader], r.ContentType))
}

// isUTF8 reports whether a body is in UTF-8 for certain, whatever charset is declared.
func (r Response) isUTF8(contentType string) bool {
	ascii := utf8.RuneCount(r.Body) == len(r.Body)
	return utf8.Valid(r.Body) && (ascii || r.Decoded || len(candidates(r.Body, contentType)) == 0)
}

// A plainReader reads a plain pair from the front.
type plainReader struct {
	rest   []byte
	failed bool
}

// The keys of the pair: those of the first of the shapes.
const (
	codeKey    = `"error_code"`
	messageKey = `"error_msg"`
)

func (in *plainReader) pair() (code, message []byte, ok bool) {
	in.expect("{")
	if in.skipBlanks(); bytes.HasPrefix(in.rest, []byte(codeKey)) {
		code = in.member(codeKey)
		in.expect(",")
		message = in.member(messageKey)
	} else {
		message = in.member(messageKey)
		in.expect(",")
		code = in.member(codeKey)
	}
	in.expect("}")
	in.skipBlanks()
	return code, message, !in.failed && len(in.rest) == 0
}

func (in *plainReader) member(key string) []byte {
	in.expect(key)
	in.expect(":")
	in.expect(`"`)
	return in.text()
}

// text reads the rest of a string. One with a backslash or a control character fails.
func (in *plainReader) text() []byte {
	for i, c := range in.rest {
		switch {
		case c == '"':
			text := in.rest[:i]
			in.rest = in.rest[i+1:]
			return text
		case c == '\\', c < ' ':
			in.failed = true
			return nil
		}
	}
	in.failed = true
	return nil
}

// expect passes over blanks and a token, which fails if it is not the next.
func (in *plainReader) expect(token string) {
	in.skipBlanks()
	if in.failed || len(in.rest) < len(token) || string(in.rest[:len(token)]) != token {
		in.failed = true
		return
	}
	in.rest = in.rest[len(token):]
}

func (in *plainReader) skipBlanks() {
	for len(in.rest) > 0 && (in.rest[0] == ' ' || in.rest[0] == '\t' || in.rest[0] == '\r' || in.rest[0] == '\n') {
		in.rest = in.rest[1:]
	}
}
