// Package transcript reads copies of HTTP responses as people hold them: the output of curl -i, curl -v, wget -S or HTTPie, a
// quoted mail, a terminal's box, an entry of a HAR file. It finds the HTTP status, the headers and the body.
//
// It does not know what a body says. A body that is no copy is returned without its decoration: colours, quote marks, box
// lines. Parse never fails.
//
//	r := transcript.Parse(envelope.Response{Body: []byte("< HTTP/2 429\n< retry-after: 5\n< \n{\"error_code\":\"CBC.0250\"}")})
//	// r.HTTPStatus == 429
package transcript

import (
	"bytes"
	"cmp"
	"maps"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/go-json-experiment/json/jsontext"
)

// Parse reads a response whose body may be a copy of a response, in any charset. The HTTP status and the headers of r count
// before those of the copy, but a copy of a failure denies a told success: it is then read as a text. Of the copy's headers,
// Parse keeps those that package envelope reads; if a name occurs twice, the first counts. Of several responses (100 Continue,
// a proxy, redirects) the last before the body counts. Time and memory are linear in the length of the body.
func Parse(r envelope.Response) envelope.Response {
	text, decoded := decodeUTF16(r.Body)
	copied, ok := parseHAR(text)
	switch {
	case ok:
	case isJSON(text):
		_, whole := announced(r)
		r.Body, r.IsUTF8, r.Rewritten = text, r.IsUTF8 || decoded, r.Rewritten || decoded && whole
		return r
	default:
		copied = parseSections(undecorate(text))
		copied.IsUTF8 = r.IsUTF8 || decoded
	}
	denied := r.HTTPStatus/100 == 2 && copied.HTTPStatus >= 400
	switch {
	case denied && !ok:
		r.Body, r.IsUTF8, r.Rewritten = text, r.IsUTF8 || decoded, true
		return r
	case !denied:
		copied.HTTPStatus = cmp.Or(r.HTTPStatus, copied.HTTPStatus)
	}
	length, whole := announced(r)
	copied.Headers = merge(r.Headers, copied.Headers)
	copied.ContentType, copied.Rewritten = r.ContentType, copied.Rewritten || r.Rewritten || whole && len(copied.Body) < length
	return copied
}

// announced returns the told Content-Length, and reports whether the body, with its marks, has it.
func announced(r envelope.Response) (length int, whole bool) {
	text, _ := told(r.Headers, "Content-Length")
	length, err := strconv.Atoi(text)
	return length, err == nil && length <= len(r.Body)
}

// isJSON reports whether a text is JSON, or begins as an object of JSON.
func isJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return bytes.HasPrefix(text, []byte("{")) || jsontext.Value(text).IsValid()
}

// merge returns the headers told by the caller, and those of a copy that have other names.
func merge(own, copied map[string]string) map[string]string {
	if len(copied) == 0 {
		return own
	}
	headers := maps.Clone(own)
	if headers == nil {
		headers = map[string]string{}
	}
	for name, value := range copied {
		if _, ok := told(headers, name); !ok {
			headers[name] = value
		}
	}
	return headers
}

// told returns the value of a header, whose name may be in any letter case.
func told(headers map[string]string, name string) (value string, ok bool) {
	for other, value := range headers {
		if strings.EqualFold(strings.TrimSpace(other), name) {
			return value, true
		}
	}
	return "", false
}

// The lines of a header section. Programs and people put marks before them.
var (
	anyStatusLine = regexp.MustCompile("(?im)^" + statusPattern)
	statusLine    = regexp.MustCompile("(?i)^" + statusPattern)
	headerLine    = regexp.MustCompile("^[ \t]*(?:< ?)?([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*\r?(?:\n|\\z)(?:[ \t]+[^\r\n:]*\r?\n)*")
	tunnel        = regexp.MustCompile("(?i) 200 connection established") // of a proxy, about its own connection
	emptyLine     = regexp.MustCompile(`^[ \t]*<?[ \t]*\r?(?:\n|\z)`)
	commentLine   = regexp.MustCompile(`^(?:[*>]|[{}] \[[0-9]+ bytes data\])[^\n]*(?:\n|\z)`) // of curl -v
)

const statusPattern = "[ \t<\"'`]*HTTP/[0-9](?:\\.[0-9])? ([1-5][0-9]{2})(?:[ \t][^\r\n]*)?\r?(?:\n|\\z)"

// parseSections reads the header sections, each a status line and headers, and the body behind the last.
func parseSections(text []byte) envelope.Response {
	first := findStatusLine(text)
	if first == nil {
		return envelope.Response{Body: dechunk(text)}
	}
	before := text[:first[0]]
	r := envelope.Response{Body: text[first[0]:]}
	for line := statusLine.FindSubmatch(r.Body); line != nil; line = statusLine.FindSubmatch(r.Body) {
		r.HTTPStatus, _ = strconv.Atoi(string(line[1])) // three digits
		if tunnel.Match(line[0]) {
			r.HTTPStatus = 0
		}
		ofCurl := bytes.HasPrefix(bytes.TrimSpace(line[0]), []byte("<"))
		r.Headers, r.Body = parseHeaders(r.Body[len(line[0]):], ofCurl)
	}
	if bytes.HasPrefix(lastLine(before), []byte("```")) {
		r.Body = cutFence(r.Body)
	}
	empty := len(bytes.TrimSpace(r.Body)) == 0
	switch {
	case empty && mentionsCode.Match(before): // the body came first
		r.Body = before
	case empty && mentionsCBC.Match(text), mentionsCBC.Match(before) && !mentionsCBC.Match(r.Body): // the head has lost its end, or is of another response
		r.Body, r.Rewritten = text, true
	}
	forgiveLength(&r)
	return r
}

// findStatusLine returns the bounds of the first status line, or nil. Most texts have none: a search for its name is faster than the
// expression.
func findStatusLine(text []byte) []int {
	if !bytes.Contains(text, []byte("TTP/")) && !bytes.Contains(text, []byte("ttp/")) {
		return nil
	}
	return anyStatusLine.FindIndex(text)
}

// What looks like a code, and like a code of the CBC.
var (
	mentionsCode = regexp.MustCompile(`[A-Za-z]\.[0-9]{4}`)
	mentionsCBC  = regexp.MustCompile(`(?i)CBC\.[0-9]{4}`)
)

// parseHeaders reads headers up to the empty line. A line that is no header begins the body: copying may lose the empty
// line. Behind it, curl -v writes comments.
func parseHeaders(text []byte, ofCurl bool) (headers map[string]string, body []byte) {
	headers = map[string]string{}
	chunked := false
	for line := headerLine.FindSubmatch(text); line != nil; line = headerLine.FindSubmatch(text) {
		name, value := textproto.CanonicalMIMEHeaderKey(string(line[1])), string(line[2])
		chunked = chunked || name == "Transfer-Encoding" && strings.HasSuffix(strings.ToLower(value), "chunked")
		if _, twice := headers[name]; !twice && envelope.ReadsHeader(name) {
			headers[name] = strings.ToValidUTF8(value, string(utf8.RuneError))
		}
		text = text[len(line[0]):]
	}
	text = text[len(emptyLine.Find(text)):]
	for line := commentLine.Find(text); ofCurl && line != nil; line = commentLine.Find(text) {
		text = text[len(line):]
	}
	if chunked {
		text = dechunk(text)
	}
	return headers, text
}

// forgiveLength removes a Content-Length that is only a little longer than the body: copying loses blanks and line ends.
func forgiveLength(r *envelope.Response) {
	announced, err := strconv.Atoi(r.Headers["Content-Length"])
	if err == nil && len(r.Body) > 0 && announced-len(r.Body) <= 2+bytes.Count(r.Body, []byte("\n")) {
		delete(r.Headers, "Content-Length")
	}
}

// lastLine returns the last line that is not blank.
func lastLine(text []byte) []byte {
	text = bytes.TrimSpace(text)
	return text[bytes.LastIndexByte(text, '\n')+1:]
}

// cutFence returns a body up to the line that closes a block of code.
func cutFence(body []byte) []byte {
	if end := bytes.LastIndex(body, []byte("```")); end >= 0 && len(bytes.TrimSpace(body[end+3:])) == 0 {
		return body[:end]
	}
	return body
}

// The decoration of lines: colours of a terminal, the frame of a box, quote marks.
var (
	colour    = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	frame     = regexp.MustCompile(`(?m)^[ \t]*[│┃╷╵]+[ \t]?`)
	quoteMark = regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]?)+`)
)

// undecorate removes the decoration of lines. Quote marks count if the first line has one, or an opening fence stands before
// it.
func undecorate(text []byte) []byte {
	if !utf8.Valid(text) {
		return text
	}
	text = bytes.TrimPrefix(bytes.TrimLeft(text, "\r\n"), []byte("\ufeff"))
	if bytes.IndexByte(text, '\x1b') >= 0 {
		text = colour.ReplaceAll(text, nil)
	}
	if slices.ContainsFunc([]string{"│", "┃", "╷"}, func(mark string) bool { return bytes.Contains(text, []byte(mark)) }) {
		text = frame.ReplaceAll(text, nil)
	}
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t"), []byte(">")) {
		text = quoteMark.ReplaceAll(text, nil)
	}
	return text
}
