package envelope

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strconv"
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
	in := plainReader{rest: r.Body}
	p.Code, p.Message, ok = in.pair()
	if !ok || !plainCode(p.Code) {
		return p, false
	}
	declared := r.ContentType
	if h := r.merged(); h != nil {
		p.RequestID, p.RetryAfter = strings.TrimSpace(h.values[requestIDHeader]), strings.TrimSpace(h.values[retryHeader]) != ""
		declared = cmp.Or(h.values[typeHeader], declared)
		if length := strings.TrimSpace(h.values[lengthHeader]); length != "" && length != strconv.Itoa(len(r.Body)) {
			return p, false
		}
	}
	certain := !in.foreign || r.Decoded || inUTF8(declared)
	return p, certain && len(p.RequestID) <= maxText && utf8.ValidString(p.RequestID)
}

// merged are all headers that count; nil is none.
func (r *Response) merged() *Headers {
	if len(r.Headers) == 0 {
		return r.Counted
	}
	all := new(Headers)
	r.count(all)
	return all
}

// plainCode tells whether a code is one beyond doubt: letters, a dot, digits.
func plainCode(code []byte) bool {
	dot := bytes.IndexByte(code, '.')
	if dot < 1 || len(code)-dot <= fewestDigits || len(code) > maxKey {
		return false
	}
	for _, c := range code[:dot] {
		if !isLetter(rune(c)) {
			return false
		}
	}
	for _, c := range code[dot+1:] {
		if !isDigit(rune(c)) {
			return false
		}
	}
	return true
}

// plainTypes are the content types of bodies that are in UTF-8 for certain.
var plainTypes = []string{"", "application/json", "application/json;charset=utf-8", "application/json; charset=utf-8"}

// inUTF8 tells whether a body of this type that is valid UTF-8, and not all of it ASCII, is not in another charset after all.
func inUTF8(contentType string) bool {
	return slices.ContainsFunc(plainTypes, func(plain string) bool { return strings.EqualFold(contentType, plain) })
}

// A plainReader reads a plain pair from the front.
type plainReader struct {
	rest    []byte
	foreign bool // a string is not all ASCII
}

// The keys of the pair: those of the first of the shapes.
const (
	codeKey    = `"error_code"`
	messageKey = `"error_msg"`
)

func (in *plainReader) pair() (code, message []byte, ok bool) {
	if code, message, ok = in.compact(); ok {
		return code, message, true
	}
	if !in.skip("{") {
		return nil, nil, false
	}
	first, second, swapped := codeKey, messageKey, false
	if in.rest = blank(in.rest); bytes.HasPrefix(in.rest, []byte(messageKey)) {
		first, second, swapped = messageKey, codeKey, true
	}
	if code, ok = in.member(first); !ok || !in.skip(",") {
		return nil, nil, false
	}
	if message, ok = in.member(second); !ok || !in.skip("}") || len(blank(in.rest)) > 0 {
		return nil, nil, false
	}
	if swapped {
		code, message = message, code
	}
	return code, message, true
}

// compact reads a pair that is written as the CBC writes it, without blanks; else nothing is read.
func (in *plainReader) compact() (code, message []byte, ok bool) {
	const begin, between, end = `{` + codeKey + `:"`, `",` + messageKey + `:"`, `}`
	rest, ok := bytes.CutPrefix(in.rest, []byte(begin))
	if !ok {
		return nil, nil, false
	}
	stop := bytes.IndexByte(rest, '"')
	if stop < 0 || !bytes.HasPrefix(rest[stop:], []byte(between)) {
		return nil, nil, false
	}
	text := plainReader{rest: rest[stop+len(between):]}
	message, ok = text.text()
	if !ok || string(text.rest) != end {
		return nil, nil, false
	}
	in.foreign = text.foreign
	return rest[:stop], message, true
}

// member reads the string under a key, if that is what comes.
func (in *plainReader) member(key string) (value []byte, ok bool) {
	if !in.skip(key) || !in.skip(":") || !in.skip(`"`) {
		return nil, false
	}
	return in.text()
}

// text reads the rest of a string that says itself.
func (in *plainReader) text() (text []byte, ok bool) {
	end := bytes.IndexByte(in.rest, '"')
	if end < 0 {
		return nil, false
	}
	text, in.rest = in.rest[:end], in.rest[end+1:]
	marked, ascii := scan(text)
	if ascii {
		return text, !marked
	}
	in.foreign = true
	return text, !marked && utf8.Valid(text)
}

// scan tells whether there is a control character or a backslash in a text, and whether the text is all ASCII. It looks
// at eight bytes at once: below, a byte of 0x80 is the answer for the byte in its place. A character that is not ASCII may
// hide a byte after it, or look like a control character: then the bytes are looked at one by one.
func scan(text []byte) (marked, ascii bool) {
	rest := text
	for ; len(rest) >= 8; rest = rest[8:] {
		eight := binary.LittleEndian.Uint64(rest)
		backslash := eight ^ ones*'\\'
		if marks := (eight - ones*' ') | (backslash - ones) | eight; marks&(ones<<7) != 0 {
			break
		}
	}
	ascii = true
	for _, c := range rest {
		marked = marked || c < ' ' || c == '\\'
		ascii = ascii && c < utf8.RuneSelf
	}
	return marked, ascii
}

// ones has a 1 in each of eight bytes.
const ones = 0x0101010101010101

// skip passes over blanks and then a token, if it is the next.
func (in *plainReader) skip(token string) bool {
	in.rest = blank(in.rest)
	if len(in.rest) < len(token) || string(in.rest[:len(token)]) != token {
		return false
	}
	in.rest = in.rest[len(token):]
	return true
}

// blank is a text without the blanks that it begins with.
func blank(text []byte) []byte {
	for len(text) > 0 && text[0] <= ' ' && (text[0] == ' ' || text[0] == '\t' || text[0] == '\r' || text[0] == '\n') {
		text = text[1:]
	}
	return text
}
