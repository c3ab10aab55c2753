package envelope

import (
	"bytes"
	"errors"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charsets are the declared charsets that a body is read in. GB18030 holds all of the older ones.
var charsets = map[string]encoding.Encoding{
	"gb2312":  simplifiedchinese.GB18030,
	"gbk":     simplifiedchinese.GB18030,
	"cp936":   simplifiedchinese.GB18030,
	"gb18030": simplifiedchinese.GB18030,
	"big5":    traditionalchinese.Big5,
}

var (
	utf16LE = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16BE = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
)

// marks are what bodies begin with that are in a Unicode encoding beyond doubt: a byte order mark, or the first
// character of JSON beside a zero (RFC 4627 section 3).
var marks = []struct {
	begin    string
	skip     int
	encoding encoding.Encoding
}{
	{"\xef\xbb\xbf", 3, unicode.UTF8},
	{"\xff\xfe", 2, utf16LE}, {"{\x00", 0, utf16LE}, {"[\x00", 0, utf16LE}, {"\"\x00", 0, utf16LE},
	{"\xfe\xff", 2, utf16BE}, {"\x00{", 0, utf16BE}, {"\x00[", 0, utf16BE}, {"\x00\"", 0, utf16BE},
}

// utf8Text is a body in UTF-8. It is in the encoding that its first bytes show, else in the declared one, else in UTF-8,
// else in GB18030, the first of them that it fits; what fits none is UTF-8 with faults, which are replaced.
func utf8Text(body []byte, contentType string) []byte {
	for _, m := range marks {
		if bytes.HasPrefix(body, []byte(m.begin)) {
			body = body[m.skip:]
			if m.encoding != unicode.UTF8 {
				body, _ = decode(m.encoding, body)
			}
			return mendUTF8(body)
		}
	}
	for _, e := range candidates(body, contentType) {
		if text, fits := decode(e, body); fits {
			return text
		}
	}
	return mendUTF8(body)
}

// candidates are the encodings that a body may be in before it is taken for UTF-8. What looks like Chinese in UTF-8
// is, whatever is declared: programs that decode a body tend to keep its old header.
func candidates(body []byte, contentType string) []encoding.Encoding {
	declared := declaredCharset(contentType)
	valid := utf8.Valid(body)
	switch {
	case valid && declared == nil, looksUTF8(body):
		return nil
	case valid:
		return []encoding.Encoding{declared}
	case declared == nil:
		return []encoding.Encoding{simplifiedchinese.GB18030}
	}
	return []encoding.Encoding{declared, simplifiedchinese.GB18030}
}

// declaredCharset returns the charset of a content type, nil if it is UTF-8 or none that is known.
func declaredCharset(contentType string) encoding.Encoding {
	_, parameters, some := strings.Cut(contentType, ";")
	if !some || strings.EqualFold(strings.TrimSpace(parameters), "charset=utf-8") {
		return nil
	}
	_, all, _ := mime.ParseMediaType(contentType)
	return charsets[strings.ToLower(all["charset"])]
}

// looksUTF8 tells whether the sequences of three bytes and more, in which UTF-8 writes Chinese, are more than all else
// that is not ASCII. Bodies that were cut within a character do, and texts of the GB encodings do not.
func looksUTF8(body []byte) bool {
	long, other := 0, 0
	for rest := body; len(rest) > 0; {
		_, n := utf8.DecodeRune(rest)
		switch {
		case n > 2:
			long += n
		case rest[0] >= utf8.RuneSelf:
			other += n
		}
		rest = rest[n:]
	}
	return long > other
}

// decode reads a body in an encoding, and tells whether it fits: nothing had to be replaced but a character that is cut
// off at the end.
func decode(e encoding.Encoding, body []byte) (text []byte, fits bool) {
	decoder := e.NewDecoder()
	window := make([]byte, 1<<10)
	size, fits := 0, true
	rest, err := body, transform.ErrShortDst
	for errors.Is(err, transform.ErrShortDst) {
		var written, read int
		written, read, err = decoder.Transform(window, rest, false)
		fits = fits && !bytes.ContainsRune(window[:written], utf8.RuneError)
		size, rest = size+written, rest[read:]
	}
	fits = fits && size <= len(body)*3/2 // two bytes at least become three at most
	if !fits && e != utf16LE && e != utf16BE {
		return nil, false
	}
	text = make([]byte, size, size+utf8.UTFMax)
	decoder.Reset()
	_, _, _ = decoder.Transform(text, body, false) // the same again, with as much room as it takes
	if len(rest) > 0 {
		text = utf8.AppendRune(text, utf8.RuneError)
	}
	return text, fits
}

// mendUTF8 replaces each run of bytes that are no UTF-8, by as little as possible if there are so many that this is no
// text. It is bytes.ToValidUTF8 in no more room than it takes.
func mendUTF8(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	replacement, size := []byte(string(utf8.RuneError)), 0
	eachSound(body, replacement, func(part []byte) { size += len(part) })
	if size > len(body)*3/2 {
		replacement = []byte("?")
	}
	text := make([]byte, 0, min(size, len(body)*3/2))
	eachSound(body, replacement, func(part []byte) { text = append(text, part...) })
	return text
}

// eachSound calls a function with the characters of a text, and with a replacement for each run of faults.
func eachSound(text, replacement []byte, call func([]byte)) {
	for fault := false; len(text) > 0; {
		r, n := utf8.DecodeRune(text)
		switch wasFault := fault; {
		case r != utf8.RuneError || n > 1:
			fault = false
			call(text[:n])
		case !wasFault:
			fault = true
			call(replacement)
		}
		text = text[n:]
	}
}
