// Package decode turns the bytes of an HTTP body into text: it undoes content codings and finds the charset.
//
// It does not know what the text says. Inflate and Text never fail: what fits no charset has replacement characters, and a
// body that cannot be decompressed becomes a sentence that says so.
//
//	head, again, err := decode.Peek(response.Body, 1<<20)
//	body, whole := decode.Inflate(head, "gzip", 1<<20)
//	text := decode.Text(body, "application/json; charset=GBK")
package decode

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var (
	utf16LE = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16BE = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
)

// Text returns a body in UTF-8. The first bytes decide for UTF-16. Otherwise the body has the first encoding that it fits:
// the declared one, UTF-8, GB18030. A body that fits none has the one with the fewest replacements. Text does not change body,
// and may return it.
func Text(body []byte, contentType string) []byte {
	encodings := candidates(body, contentType)
	if len(encodings) == 0 {
		return ValidUTF8(body)
	}
	buffer := newBuffer(encodings, len(body))
	var best encoding.Encoding // UTF-8
	fewest := invalidBytes(body)
	for i, e := range encodings {
		text, replaced := transformInto(buffer, e, body)
		if replaced == 0 || e == utf16LE || e == utf16BE {
			return text
		}
		declared := i < len(encodings)-1
		if replaced < fewest || replaced == fewest && (declared || longestRun(body) >= fewestChinese) {
			best, fewest = e, replaced
		}
	}
	if best != nil {
		text, _ := transformInto(buffer, best, body)
		return text
	}
	return toValidUTF8(buffer, body, string(utf8.RuneError))
}

// newBuffer returns a buffer for a body that has one of the encodings. In the GB encodings and UTF-16 at least two bytes
// become at most three. In others a byte may become three.
func newBuffer(encodings []encoding.Encoding, size int) []byte {
	most := size * 3
	if !slices.ContainsFunc(encodings, func(e encoding.Encoding) bool { return e != simplifiedchinese.GB18030 && e != utf16LE && e != utf16BE }) {
		most /= 2
	}
	return make([]byte, most, most+utf8.UTFMax)
}

// ValidUTF8 returns a text that is UTF-8, with replacement characters for the bytes that are not.
func ValidUTF8(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	return toValidUTF8(newBuffer(nil, len(body)), body, string(utf8.RuneError))
}

// IsUTF8 reports whether Text takes a body for UTF-8.
func IsUTF8(body []byte, contentType string) bool { return len(candidates(body, contentType)) == 0 }

// candidates returns the encodings to try before UTF-8. If the body looks like Chinese in UTF-8, the declared charset does
// not count: programs that decode a body tend to keep its old header.
func candidates(body []byte, contentType string) []encoding.Encoding {
	if bytes.HasPrefix(body, []byte("\ufeff")) {
		return nil
	}
	if e := sniffUTF16(body); e != nil {
		return []encoding.Encoding{e}
	}
	valid, declared := utf8.Valid(body), declaredCharset(contentType)
	if (declared == utf16LE || declared == utf16BE) && bytes.IndexByte(body, 0) < 0 { // ASCII in UTF-16 has zeros
		declared = nil
	}
	_, singleByte := declared.(*charmap.Charmap) // any bytes fit it
	preferUTF8 := declared == nil || singleByte
	if valid && preferUTF8 {
		return nil
	}
	switch like := looksUTF8(body); {
	case like && (valid || preferUTF8 || declared == simplifiedchinese.GB18030):
		return nil
	case valid, like:
		return []encoding.Encoding{declared}
	case declared == nil, declared == charmap.Windows1252 && looksGB2312(body):
		return []encoding.Encoding{simplifiedchinese.GB18030}
	}
	return []encoding.Encoding{declared, simplifiedchinese.GB18030}
}

// charsetParameter matches a charset of a content type. mime.ParseMediaType rejects a content type with two.
var charsetParameter = regexp.MustCompile(`(?i)\bcharset\s*=\s*["']?\s*([^\s"',;]+)`)

// declaredCharset returns the first known charset of a content type, nil if it is UTF-8 or there is none.
func declaredCharset(contentType string) encoding.Encoding {
	_, parameters, _ := strings.Cut(contentType, ";")
	if strings.IndexByte(contentType, '=') < 0 || strings.EqualFold(strings.TrimSpace(parameters), "charset=utf-8") {
		return nil
	}
	for _, label := range charsetParameter.FindAllStringSubmatch(contentType, -1) {
		switch e := charsetNamed(label[1]); e {
		case nil:
		case unicode.UTF8:
			return nil
		default:
			return e
		}
	}
	return nil
}

// windowsGBK are the names of GBK that the index of HTML lacks.
var windowsGBK = []string{"cp936", "ms936", "windows-936", "euc-cn", "euc_cn"}

// charsetNamed returns the encoding with a label of HTML, nil if there is none. GB18030 includes the older GB encodings.
func charsetNamed(label string) encoding.Encoding {
	e, err := htmlindex.Get(label)
	switch {
	case slices.Contains(windowsGBK, strings.ToLower(label)), e == simplifiedchinese.GBK:
		return simplifiedchinese.GB18030
	case err != nil, e == encoding.Replacement:
		return nil
	}
	return e
}

// transformInto decodes body into buffer, and counts the replaced characters. A character that is cut off at the end does not
// count.
func transformInto(buffer []byte, e encoding.Encoding, body []byte) (text []byte, replaced int) {
	written, read, err := e.NewDecoder().Transform(buffer, body, false)
	text = buffer[:written]
	replaced = bytes.Count(text, []byte(string(utf8.RuneError)))
	if errors.Is(err, transform.ErrShortDst) { // not expected
		replaced = len(body)
	}
	if read < len(body) {
		text = utf8.AppendRune(text, utf8.RuneError)
	}
	return text, replaced
}

// invalidBytes returns the number of bytes that are not UTF-8.
func invalidBytes(body []byte) (n int) {
	for rest := body; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			n++
		}
		rest = rest[size:]
	}
	return n
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
