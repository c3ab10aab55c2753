package envelope

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Labels are keys and values in a text that is not JSON, as programs print objects: errorCode: CBC.5003, error_code=CBC.5003,
// {'error_code': 'CBC.5003'}, <Code>CBC.5003</Code>, 错误码：CBC.5003.
const (
	between = `((?:[\s\p{P}\p{S}\p{Z}\p{Cf}]|&quot;|&#34;|\\[nrt]){1,14}?)` // a key and its value
	code    = `([a-z][a-z0-9_]*\.[0-9]{4,})`
)

var (
	codeLabel      = regexp.MustCompile(`(?i)(?:code|错误码)` + between + code + `[^0-9a-z._]`) // at the end of a text it may be cut
	messageLabel   = regexp.MustCompile(`(?i)(?:error|err)[_-]?(?:msg|message|description)` + between + `([^\s\p{P}\p{S}\p{Z}][^\r\n]*)|错误信息` + between + `([^\r\n]+)`)
	requestIDLabel = regexp.MustCompile(`(?i)request[_ -]?id` + between + `([0-9a-z][0-9a-z_.-]{0,255})`)
	statusLabel    = regexp.MustCompile(`(?i)(?:^|[^a-z_])(?:http[_ ]?status[_ ]?(?:code)?|status[_ ]?code)` + between + `([1-5][0-9]{2})(?:[^0-9]|$)`)
	statusWords    = regexp.MustCompile(`(?i)(?:^|[^a-z_])(?:HTTP|status)(?:/[0-9.]+)?` + between + `([45][0-9]{2})(?:[^0-9]|$)|([45][0-9]{2}) (?:Client|Server) Error`)
	endOfMessage   = regexp.MustCompile(`,\s*[A-Za-z_]+\s*[:=]|</|\s*[})]+\s*$`) // without quotes
)

// considerLabels adds the first labelled code of a text, with the message, the request ID beside it. In a success everything
// behind a bracket is data.
func (r *reader) considerLabels(text []byte, l level) {
	if end := bytes.IndexByte(text, '['); is2xx(r.status) && end >= 0 {
		text = text[:end]
	}
	for rest := text; ; {
		at := codeLabel.FindSubmatchIndex(rest)
		if at == nil {
			return
		}
		start, end := at[4], at[5]
		if closes(rest[:start], rest[end:]) {
			before := text[:len(text)-len(rest)+start]
			r.addFinding(Finding{
				Code: bounded(rest[start:end], maxCode), Message: labelledMessage(text), Shape: textShape, Depth: maxDepth, WellFormed: true, InText: true,
				Own: l.own() && r.quotes() && openBraces(before, 0) < 2,
			})
			return
		}
		rest = rest[end:]
	}
}

// closes reports whether a value that stands in quotes is closed behind it. Otherwise it may be cut.
func closes(before, after []byte) bool {
	after = bytes.TrimLeft(after, `. \`)
	for _, q := range []struct{ open, close string }{{`"`, `"`}, {`'`, `'`}, {"“", "”"}, {"&quot;", "&quot;"}} {
		if bytes.HasSuffix(before, []byte(q.open)) {
			return bytes.HasPrefix(after, []byte(q.close))
		}
	}
	return true
}

// openBraces returns the number of braces that are open at the end of a text, if open are at its beginning.
func openBraces(text []byte, open int) int {
	for _, c := range text {
		switch {
		case c == '{':
			open++
		case c == '}' && open > 0:
			open--
		}
	}
	return open
}

// labelledMessage returns the labelled message of a text, else the text.
func labelledMessage(text []byte) string {
	m := messageLabel.FindSubmatch(text)
	if m == nil {
		return bounded(text, maxText)
	}
	marks, value := m[1], m[2]
	if value == nil {
		marks, value = m[3], m[4]
	}
	if quote := bytes.IndexAny(marks, `"'“`); quote >= 0 {
		closing := strings.NewReplacer("“", "”").Replace(string([]rune(string(marks[quote:]))[0]))
		value, _, _ = bytes.Cut(value, []byte(closing))
		value = bytes.TrimRight(value, `\`)
	} else if end := endOfMessage.FindIndex(value); end != nil {
		value = value[:end[0]]
	}
	return bounded(bytes.TrimSpace(value), maxText)
}

// labelledRequestID returns the labelled request ID of a text, if any.
func labelledRequestID(text []byte) string {
	m := requestIDLabel.FindSubmatch(text)
	if m == nil || bytes.EqualFold(m[2], []byte("none")) || bytes.EqualFold(m[2], []byte("null")) {
		return ""
	}
	return string(m[2])
}

// labelledStatus returns the HTTP status that a text names, or 0.
func labelledStatus(text []byte) int {
	m := statusLabel.FindSubmatch(text)
	if m == nil {
		m = statusWords.FindSubmatch(text)
	}
	if m == nil {
		return 0
	}
	status, _ := strconv.Atoi(string(bytes.Join(m[2:], nil))) // three digits
	return status
}
