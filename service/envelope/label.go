package envelope

import (
	"bytes"
	"cmp"
	"net/http"
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
	requestIDLabel = regexp.MustCompile(`(?i)request[_ -]?id` + between + `([0-9a-z][0-9a-z_.-]{0,255})`)
	statusLabel    = regexp.MustCompile(`(?i)(?:^|[^a-z_])_?(?:http[_ ]?status[_ ]?(?:code)?|status[_ ]?code)` + between + `([1-5][0-9]{2})(?:[^0-9]|$)`)
	statusWords    = regexp.MustCompile(`(?i)(?:^|[^a-z_])(?:HTTP|status)(?:/[0-9.]+)?` + between + `([45][0-9]{2})(?:[^0-9]|$)`)
	statusPhrase   = regexp.MustCompile(`\b([45][0-9]{2}) ([A-Z][A-Za-z]+)`)
	fieldsStart    = regexp.MustCompile(`^\{\s*['A-Za-z_]`)
	emptyValue     = regexp.MustCompile(`(?s)^\s*,|[:=].*,`) // what follows is another argument, or of the next key
	comparison     = regexp.MustCompile(`[<!]|[=>]=|\s>`)    // status_code < 500
	noValue        = regexp.MustCompile(`^(?i:none|null|undefined)$`)
	axiosBody      = regexp.MustCompile(`\b(?:response|data|error): \{`)
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
			before := unwrap(text[:len(text)-len(rest)+start], text)
			r.addFinding(Finding{
				Code: bounded(rest[start:end], maxCode), Message: labelledMessage(text, rest[end:]), Shape: textShape, Depth: maxDepth, WellFormed: true, InText: true,
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

// unwrap returns what stands before a code in a text of Node, without what the error is wrapped in: an error whose cause it
// is, or an exchange of axios, which has the body under data.
func unwrap(before, text []byte) []byte {
	if at := bytes.LastIndex(before, []byte("[cause]: ")); at >= 0 {
		before = before[at:]
	}
	if bytes.Contains(text, []byte("Axios")) {
		before = axiosBody.ReplaceAll(before, nil)
	}
	return before
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

// labelledRequestID returns the labelled request ID of a text, if any.
func labelledRequestID(text []byte) string {
	_, id := labelled(text, requestIDLabel, func(marks, id []byte) bool { return !emptyValue.Match(marks) && !noValue.Match(id) })
	return string(id)
}

// labelledStatus returns the HTTP status that a text names, or 0.
func labelledStatus(text []byte) int {
	_, status := labelled(text, statusLabel, stated)
	if status == nil {
		_, status = labelled(text, statusWords, stated)
	}
	n, _ := strconv.Atoi(string(status)) // three digits, if any
	return cmp.Or(n, phrasedStatus(text))
}

// stated reports whether a key and its value are not compared, as in a line of source code.
func stated(marks, _ []byte) bool { return !comparison.Match(marks) }

// printsFields reports whether a text is the fields of an exception as a program prints them, the HTTP status among them, and
// not JSON: {httpStatusCode: 400, …}, {'_status_code': 400, …}.
func printsFields(text []byte) bool {
	if !fieldsStart.Match(text) || !bytes.HasSuffix(text, []byte("}")) {
		return false
	}
	_, status := labelled(text, statusLabel, stated)
	return status != nil
}

// labelled returns the first value behind a label that counts, and the marks between the key and it.
func labelled(text []byte, label *regexp.Regexp, counts func(marks, value []byte) bool) (marks, value []byte) {
	for {
		at := label.FindSubmatchIndex(text)
		if at == nil {
			return nil, nil
		}
		if marks, value = text[at[2]:at[3]], text[at[4]:at[5]]; counts(marks, value) {
			return marks, value
		}
		text = text[at[3]:]
	}
}

// phrasedStatus returns the first HTTP status of a text that its own phrase follows, or 0: 502 Bad Gateway, 400 Client Error.
func phrasedStatus(text []byte) int {
	for {
		at := statusPhrase.FindSubmatchIndex(text)
		if at == nil {
			return 0
		}
		n, _ := strconv.Atoi(string(text[at[2]:at[3]]))
		word := string(text[at[4]:at[5]])
		if phrase, _, _ := strings.Cut(http.StatusText(n), " "); word == phrase || word == "Client" || word == "Server" {
			return n
		}
		text = text[at[3]:]
	}
}
