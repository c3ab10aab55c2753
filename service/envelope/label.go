package envelope

import (
	"bytes"
	"cmp"
	"iter"
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
	codeLabel      = regexp.MustCompile(`(?i)((?:spec|type|zip|region|currency)_?)?(?:code|错误码|错误代码|返回码)[为是]?` + between + code + `[^0-9a-z._]`) // at the end of a text it may be cut; the first group is data
	requestIDLabel = regexp.MustCompile(`(?i)(?:request[_ -]?id|请求 ?id)` + between + `([0-9a-z][0-9a-z_.-]{0,255})`)
	statusLabel    = regexp.MustCompile(`(?i)(?:^|[^a-z_])_?(?:http[_ ]?status[_ ]?(?:code)?|status[_ ]?code|(?:HTTP ?)?状态码[为是]?)` + between + `([1-5][0-9]{2})(?:[^0-9]|$)`)
	statusWords    = regexp.MustCompile(`(?i)(?:^|[^a-z_])(?:HTTP|status)(?:/[0-9.]+)?` + between + `([45][0-9]{2})(?:[^0-9]|$)`)
	statusPhrase   = regexp.MustCompile(`\b([45][0-9]{2}) ([A-Z][A-Za-z]+)`)
	fieldsStart    = regexp.MustCompile(`^\{\s*['A-Za-z_]`)
	emptyValue     = regexp.MustCompile(`(?s)^\s*,|[:=].*,`) // what follows is another argument, or of the next key
	comparison     = regexp.MustCompile(`[<!]|[=>]=|\s>`)    // status_code < 500
	noValue        = regexp.MustCompile(`^(?i:none|null|undefined)$`)
	axiosBody      = regexp.MustCompile(`\b(?:response|data|error): \{`)
)

// considerLabels adds the first labelled code of a text, with the message beside it, and the next that differs. In a success
// everything behind a bracket is data.
func (r *reader) considerLabels(text []byte, l level) {
	if end := bytes.IndexByte(text, '['); is2xx(r.status) && end >= 0 {
		text = text[:end]
	}
	first := ""
	for start, end := range labelledCodes(text) {
		f := Finding{Code: bounded(text[start:end], maxCode), Shape: textShape, Depth: maxDepth, WellFormed: true, InText: true}
		switch {
		case first == "":
			before := unwrap(text[:start], text)
			f.Message, f.Own = labelledMessage(text, text[end:]), l.own() && r.quotes() && !nests(before)
			first = f.Code
			r.addFinding(f)
		case !strings.EqualFold(f.Code, first):
			r.addFinding(f)
			return
		}
	}
}

// The reach of a label: bytes before and behind the dot of its code.
const (
	labelBefore = 256
	labelBehind = 2 * maxKey
)

// labelledCodes yields the bounds of the codes behind labels, except those that may be cut. The expression is slow: it reads only
// what is near a dot that digits follow.
func labelledCodes(text []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		from := 0
		for dot := range dots(text) {
			low := max(from, dot-labelBefore)
			at := codeLabel.FindSubmatchIndex(text[low:min(len(text), dot+labelBehind)])
			from = dot + 1
			if at == nil || at[2] >= 0 {
				continue
			}
			start, end := low+at[6], low+at[7]
			if closes(text[:start], text[end:]) && !yield(start, end) {
				return
			}
		}
	}
}

// dots yields the indexes of the dots that four digits follow.
func dots(text []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		digits := 0
		for i, c := range text {
			if isDigit(rune(c)) {
				digits++
			} else {
				digits = 0
			}
			if at := i - 4; digits == 4 && at >= 0 && text[at] == '.' && !yield(at) {
				return
			}
		}
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
	at := labelled(text, requestIDLabel, func(marks, id []byte) bool {
		return isMember(marks, id) && !noValue.Match(id) && !bytes.ContainsAny(marks, "%#") && bytes.ContainsAny(id, "0123456789")
	})
	if at == nil {
		return ""
	}
	return string(text[at[4]:at[5]])
}

// labelledStatus returns the HTTP status that a text names, or 0.
func labelledStatus(text []byte) int {
	for _, label := range []*regexp.Regexp{statusLabel, statusWords} {
		if at := labelled(text, label, stated); at != nil {
			n, _ := strconv.Atoi(string(text[at[4]:at[5]])) // three digits
			return n
		}
	}
	return cmp.Or(phrasedStatus(text), terraformStatus(text))
}

// terraformWords are how the Go library of the Terraform provider names an HTTP status.
var terraformWords = []struct {
	words  string
	status int
}{{"Bad request with: [", 400}, {"Action forbidden: [", 403}, {"Resource not found: [", 404}}

// terraformStatus returns the HTTP status of an error of Terraform, or 0.
func terraformStatus(text []byte) int {
	for _, w := range terraformWords {
		if bytes.Contains(text, []byte(w.words)) {
			return w.status
		}
	}
	return 0
}

// stated reports whether a key and its value are not compared, as in a line of source code.
func stated(marks, _ []byte) bool { return !comparison.Match(marks) }

// printsFields reports whether a text is the fields of an exception as a program prints them, the HTTP status among them, and
// not JSON: {httpStatusCode: 400, …}, {'_status_code': 400, …}.
func printsFields(text []byte) bool {
	return fieldsStart.Match(text) && bytes.HasSuffix(text, []byte("}")) && labelled(text, statusLabel, stated) != nil
}

// labelled returns the first match of a label that counts, or nil. The first group of a label is the marks between the key and
// the value, the second is the value. A value of any length would make the search quadratic.
func labelled(text []byte, label *regexp.Regexp, counts func(marks, value []byte) bool) (at []int) {
	for from := 0; ; from += at[3] {
		rest := text[from:]
		if at = label.FindSubmatchIndex(rest); at == nil {
			return nil
		}
		if counts(rest[at[2]:at[3]], rest[at[4]:at[5]]) {
			for i := range at {
				at[i] += from
			}
			return at
		}
	}
}

// isMember reports whether a value belongs to a key, and not to the next one.
func isMember(marks, _ []byte) bool { return !emptyValue.Match(marks) }

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
