package envelope

import (
	"bytes"
	"cmp"
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

// charsets maps declared charsets to encodings. GB18030 includes the older GB encodings.
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

// text returns the trimmed body in UTF-8. The first bytes decide for UTF-16. Otherwise the body has the first encoding
// that it fits: the declared one, UTF-8, GB18030. A body that fits none is UTF-8 with invalid bytes.
func (r Response) text(h headers) []byte {
	encodings := r.encodings(h)
	if len(encodings) == 0 && utf8.Valid(r.Body) {
		return trim(r.Body)
	}
	most := len(r.Body) * 3 / 2 // at least two bytes become at most three
	buffer := make([]byte, most, most+utf8.UTFMax)
	for _, e := range encodings {
		if text, ok := decode(e, buffer, r.Body); ok || e == utf16LE || e == utf16BE {
			return trim(text)
		}
	}
	return trim(toValidUTF8(buffer, r.Body, string(utf8.RuneError)))
}

// encodings returns the encodings to try before UTF-8. If the body looks like Chinese in UTF-8, the declared charset does
// not count: programs that decode a body tend to keep its old header.
func (r Response) encodings(h headers) (all []encoding.Encoding) {
	if r.IsUTF8 || bytes.HasPrefix(r.Body, []byte("\ufeff")) {
		return nil
	}
	switch string(r.Body[:min(len(r.Body), 2)]) { // a byte order mark, or JSON in UTF-16 (RFC 4627 section 3)
	case "\xff\xfe", "{\x00", "[\x00", "\"\x00":
		return []encoding.Encoding{utf16LE}
	case "\xfe\xff", "\x00{", "\x00[", "\x00\"":
		return []encoding.Encoding{utf16BE}
	}
	declared := declaredCharset(cmp.Or(h[typeHeader], r.ContentType))
	valid := utf8.Valid(r.Body)
	if valid && declared == nil || looksUTF8(r.Body) {
		return nil
	}
	if declared != nil {
		all = append(all, declared)
	}
	if !valid {
		all = append(all, simplifiedchinese.GB18030)
	}
	return all
}

// declaredCharset returns the charset of a content type, nil if it is UTF-8, unknown or absent.
func declaredCharset(contentType string) encoding.Encoding {
	_, parameters, some := strings.Cut(contentType, ";")
	if !some || strings.EqualFold(strings.TrimSpace(parameters), "charset=utf-8") {
		return nil
	}
	_, all, _ := mime.ParseMediaType(contentType)
	return charsets[strings.ToLower(all["charset"])]
}

// looksUTF8 reports whether UTF-8 sequences of three and four bytes, as Chinese has, outweigh all other bytes beyond
// ASCII. That holds for a body that is cut within a character, and not for the GB encodings.
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

// decode decodes body into buffer and reports whether it fits the encoding: at most a character that is cut off at the
// end is replaced.
func decode(e encoding.Encoding, buffer, body []byte) (text []byte, ok bool) {
	written, read, err := e.NewDecoder().Transform(buffer, body, false)
	text = buffer[:written]
	ok = !errors.Is(err, transform.ErrShortDst) && !bytes.ContainsRune(text, utf8.RuneError)
	if read < len(body) {
		text = utf8.AppendRune(text, utf8.RuneError)
	}
	return text, ok
}

// toValidUTF8 is like bytes.ToValidUTF8 but writes into buffer. If the buffer is too short, the replacement is "?".
func toValidUTF8(buffer, body []byte, replacement string) []byte {
	text, wasInvalid := buffer[:0], false
	for rest := body; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		part, invalid := rest[:n], r == utf8.RuneError && n == 1
		switch {
		case invalid && wasInvalid:
			part = nil
		case invalid:
			part = []byte(replacement)
		}
		if len(text)+len(part) > len(buffer) {
			return toValidUTF8(buffer, body, "?")
		}
		text, rest, wasInvalid = append(text, part...), rest[n:], invalid
	}
	return text
}
