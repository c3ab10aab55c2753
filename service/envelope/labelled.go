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
// {'error_code': 'CBC.5003'}, <Code>CBC.5003</Code>, 错误码：CBC.5003. Marks that end in letters come first: they begin no value.
const between = `((?:&quot;|&#34;|\\[nrt]|[\s\p{P}\p{S}\p{Z}\p{Cf}]){1,14}?)` // a key and its value

var (
	codeLabel      = newLabel(anywhere, `(?:code|错误码|错误代码|返回码)[为是]?`+between+`([a-z][a-z0-9_]*)$`, "code", "错误码", "错误代码", "返回码") // up to the dot
	ofData         = regexp.MustCompile(`(?i)(?:spec|type|zip|region|currency)_?$`)                                              // what stands before codeLabel
	requestIDLabel = newLabel(anywhere, `(?:request[_ -]?id|请求 ?id)`+between+`([0-9a-z][0-9a-z_.-]{0,255})`, "request", "请求")
	statusLabel    = newLabel(afterLetter, `_?(?:http[_ ]?status[_ ]?(?:code)?|status[_ ]?code|(?:HTTP ?)?状态码[为是]?)`+between+`([1-5][0-9]{2})(?:[^0-9]|$)`, "http", "_http", "status", "_status", "状态码", "_状态码")
	statusWords    = newLabel(afterLetter, `(?:HTTP|status)(?:/[0-9.]+)?`+between+`([45][0-9]{2})(?:[^0-9]|$)`, "http", "status")
	statusPhrase   = newLabel(afterWord, `([45][0-9]{2}) ((?-i:[A-Z])[a-z]+)`, "4", "5")
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

// Lengths in bytes, at most.
const (
	codeName    = 2 * maxKey                      // of the name of a code, such as CBC
	labelBefore = len("错误代码为") + 14*len("&quot;") // of a label and what stands between it and the name
	dataBefore  = len("currency_")
)

// labelledCodes yields the bounds of the codes behind labels, except those that may be cut.
func labelledCodes(text []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		from := 0
		for dot := range dots(text) {
			before := from
			from = dot + 1
			end, whole := codeEnd(text, dot)
			if !whole {
				continue
			}
			start := before + labelledName(text[before:dot])
			if start >= before && closes(text[:start], text[end:]) && !yield(start, end) {
				return
			}
		}
	}
}

// labelledName returns where the name of a code begins, which ends with the text, if a label stands before it; else -1.
func labelledName(text []byte) int {
	begin := len(text)
	for begin > 0 && len(text)-begin < codeName && afterWord(text[begin-1]) {
		begin--
	}
	low := max(0, begin-labelBefore)
	for at := range codeLabel.matches(text[low:]) {
		before := text[:low+at[0]]
		if ofData.Match(before[max(0, len(before)-dataBefore):]) {
			return -1
		}
		return low + at[4]
	}
	return -1
}

// codeEnd returns where the digits behind a dot end. A code that a text ends with may be cut.
func codeEnd(text []byte, dot int) (end int, whole bool) {
	for end = dot + 1; end < len(text) && isDigit(rune(text[end])); end++ {
	}
	return end, end < len(text) && text[end] != '.' && !afterWord(text[end])
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
		return isMember(marks, id) && !noValue.Match(id) && !bytes.ContainsAny(bytes.ReplaceAll(marks, []byte("&#34;"), nil), "%#") && bytes.ContainsAny(id, "0123456789")
	})
	if at == nil {
		return ""
	}
	return string(text[at[4]:at[5]])
}

// labelledStatus returns the HTTP status that a text names, or 0.
func labelledStatus(text []byte) int {
	for _, l := range []*label{statusLabel, statusWords} {
		if at := labelled(text, l, stated); at != nil {
			return number(text[at[4]:at[5]])
		}
	}
	return cmp.Or(phrasedStatus(text), terraformStatus(text))
}

func number(digits []byte) int {
	n, _ := strconv.Atoi(string(digits)) // three digits
	return n
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
// the value, the second is the value.
func labelled(text []byte, l *label, counts func(marks, value []byte) bool) []int {
	for at := range l.matches(text) {
		if counts(text[at[2]:at[3]], text[at[4]:at[5]]) {
			return at
		}
	}
	return nil
}

// isMember reports whether a value belongs to a key, and not to the next one.
func isMember(marks, _ []byte) bool { return !emptyValue.Match(marks) }

// phrasedStatus returns the first HTTP status of a text that its own phrase follows, or 0: 502 Bad Gateway, 400 Client Error.
func phrasedStatus(text []byte) int {
	for at := range statusPhrase.matches(text) {
		n, word := number(text[at[2]:at[3]]), string(text[at[4]:at[5]])
		if phrase, _, _ := strings.Cut(http.StatusText(n), " "); word == phrase || word == "Client" || word == "Server" {
			return n
		}
	}
	return 0
}
