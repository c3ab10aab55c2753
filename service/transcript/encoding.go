package transcript

import (
	"bufio"
	"bytes"
	"io"
	"net/http/httputil"
	"regexp"

	"golang.org/x/text/encoding/unicode"
)

// decodeUTF16 decodes text that begins with a byte order mark of UTF-16, as PowerShell writes it, and reports whether it did. If
// a program took the text for UTF-8 before, the ASCII in it is left.
func decodeUTF16(text []byte) ([]byte, bool) {
	if rest, damaged := bytes.CutPrefix(text, []byte("\ufffd\ufffd")); damaged && len(rest) > 1 && rest[1] == 0 {
		return bytes.ReplaceAll(rest, []byte{0}, nil), true
	}
	if !bytes.HasPrefix(text, []byte("\xff\xfe")) && !bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return text, false
	}
	decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(text)
	if err != nil {
		return text, false
	}
	return decoded, true
}

// chunkSize matches the first line of a body in chunks (RFC 9112 section 7.1).
var chunkSize = regexp.MustCompile(`^[0-9a-fA-F]{1,8}[ \t]*\r?\n`)

// trailers matches the headers behind the last chunk.
var trailers = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9-]*: [^\r\n]*(?:\r?\n|\z))*\z`)

// dechunk joins the chunks of a body, and leaves what follows the last. It returns any other body unchanged.
func dechunk(body []byte) []byte {
	trimmed := bytes.TrimLeft(body, "\r\n")
	if !chunkSize.Match(trimmed) {
		return body
	}
	if bytes.IndexByte(trimmed, '\r') < 0 { // copying has changed the line ends
		trimmed = bytes.ReplaceAll(trimmed, []byte("\n"), []byte("\r\n"))
	}
	if bytes.HasSuffix(trimmed, []byte("\r\n0")) {
		trimmed = append(bytes.Clone(trimmed), "\r\n"...)
	}
	in := bufio.NewReader(bytes.NewReader(trimmed))
	joined, err := io.ReadAll(httputil.NewChunkedReader(in))
	rest, _ := io.ReadAll(in)
	rest = bytes.TrimSpace(rest)
	if trailers.Match(rest) && !mentionsCBC.Match(rest) {
		rest = nil
	}
	switch {
	case err != nil, len(joined) == 0 && len(rest) > 0: // a line that is 0
		return body
	case len(rest) > 0:
		joined = append(append(joined, '\n'), rest...)
	}
	return joined
}
