package envelope

import (
	"bytes"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The lines of a response's head, as curl -i prints them: HTTP/1.1 400 Bad Request, HTTP/2 400, Retry-After: 5.
var (
	statusLine = regexp.MustCompile(`^HTTP/[0-9](?:\.[0-9])? ([1-5][0-9]{2})(?:[ \t][^\r\n]*)?\r?(?:\n|$)`)
	headerLine = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*\r?(?:\n|$)")
	foldedLine = regexp.MustCompile(`^[ \t]+[^\r\n]*\r?\n`) // goes on with the header before; none that counts is so long
	emptyLine  = regexp.MustCompile(`^\r?(?:\n|$)`)
)

// ReadPasted reads what people have at hand of a response: its body, or the whole of it as curl -i prints it, over
// HTTP/1.1 or HTTP/2. Of several heads (100 Continue, a proxy's, those of redirects) the last counts. Without a head the
// HTTP status is 0 and everything is the body. Of the headers those are kept that Open reads.
func ReadPasted(text []byte) Response {
	r := Response{Body: text}
	rest := bytes.TrimLeft(text, "\ufeff \t\r\n")
	for {
		line := statusLine.FindSubmatch(rest)
		if line == nil {
			if r.lostBlanksOnly() {
				delete(r.Headers, counted[lengthHeader])
			}
			return r
		}
		r.HTTPStatus, _ = strconv.Atoi(string(line[1])) // three digits
		r.Headers, r.Body = readHead(rest[len(line[0]):])
		rest = r.Body
	}
}

// lostBlanksOnly reports whether a body may be shorter than announced because people lost line ends and blanks of it.
func (r Response) lostBlanksOnly() bool {
	announced, err := strconv.Atoi(r.Headers[counted[lengthHeader]])
	return err == nil && len(r.Body) > 0 && announced-len(r.Body) <= 2+bytes.Count(r.Body, []byte("\n"))
}

// readHead reads headers up to the empty line, of a name that comes twice the first. What begins with a line that is no
// header is the body already: the empty line is easily lost when people copy.
func readHead(text []byte) (headers map[string]string, body []byte) {
	headers = map[string]string{}
	for {
		line := headerLine.FindSubmatch(text)
		if line == nil {
			return headers, text[len(emptyLine.Find(text)):]
		}
		name := textproto.CanonicalMIMEHeaderKey(string(line[1]))
		if _, twice := headers[name]; !twice && slices.Contains(counted[:], name) {
			headers[name] = strings.ToValidUTF8(string(line[2]), string(utf8.RuneError))
		}
		text = text[len(line[0]):]
		for folded := foldedLine.Find(text); folded != nil; folded = foldedLine.Find(text) {
			text = text[len(folded):]
		}
	}
}
