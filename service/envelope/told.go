package envelope

import (
	"bytes"
	"regexp"
	"slices"
)

// openBrackets returns the number of brackets of any kind that are open at the end of a text.
func openBrackets(text []byte) (open int) {
	for _, c := range text {
		switch c {
		case '(', '[', '{':
			open++
		case ')', ']', '}':
			open = max(0, open-1)
		}
	}
	return open
}

// nests reports whether what follows a text stands in an object of an object: in two brackets, in two elements of XML besides its
// own, under a key of YAML, or in a table of TOML.
func nests(before []byte) bool {
	const elements = 2 // the root and the one of the code
	return openBrackets(before) > 1 || openElements(before) > elements || underKey(before)
}

// openElements returns the number of XML elements that are open at the end of a text.
func openElements(text []byte) (open int) {
	for i, c := range text[:max(0, len(text)-1)] {
		if c == '<' && isLetter(rune(text[i+1])) {
			open++
		}
	}
	return open - bytes.Count(text, []byte("</")) - bytes.Count(text, []byte("/>"))
}

// tableHeader matches the header of a table of TOML, without blanks before it.
var tableHeader = regexp.MustCompile(`(?m)\[[a-z_.]+\][ \t]*\r?$`)

// underKey reports whether the last line of a text is indented under a line that ends in a colon, or stands in a table of TOML.
func underKey(text []byte) bool {
	line, rest := lastLine(text)
	indent := indentation(line)
	for len(rest) > 0 {
		line, rest = lastLine(rest)
		if line = bytes.TrimRight(line, " \t\r"); len(line) > 0 && indentation(line) < indent {
			return bytes.HasSuffix(line, []byte(":"))
		}
	}
	return slices.ContainsFunc(tableHeader.FindAllIndex(text, -1), func(at []int) bool {
		line, _ := lastLine(text[:at[0]])
		return len(bytes.TrimLeft(line, " \t")) == 0
	})
}

// lastLine returns the last line of a text, and the text before it.
func lastLine(text []byte) (line, rest []byte) {
	end := bytes.LastIndexByte(text, '\n')
	return text[end+1:], text[:max(0, end)]
}

func indentation(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t-")) }

// What a text may tell beside the error of one refused call: other attempts, a timeout, an effect, an order.
var (
	otherCalls = []*label{
		newLabel(afterWord, `(?:previous|earlier|last|first|second|third) (?:attempt|call|try|request|error)|retr(?:ied|ying)\b|succe(?:eded|ssful)|(?:created|paid)\b(?:[^"'_:=]|$)`,
			"previous", "earlier", "last", "first", "second", "third", "retried", "retrying", "succe", "created", "paid"),
		newLabel(anywhere, `attempt[ #=:]{0,3}(?:[2-9]|1[0-9])|timed[ -]out|(?:read|request|socket|gateway|:) ?time-?out|connection reset|第.{1,3}次|上一?次|超时|成功|已创建|已支付`,
			"attempt", "timed", "read", "request", "socket", "gateway", ":time", ": time", "connection reset", "第", "上", "超时", "成功", "已创建", "已支付"),
	}
	orderID = newLabel(anywhere, `(?:order(?:_?ids?)?|订单号?)[ =:：#"'\[]{1,4}[a-z]{0,4}[0-9]`, "order", "订单")
)

// withdrawsAdvice reports whether a body has the advice of an earlier translation not to repeat the call, in any form.
func withdrawsAdvice(body []byte) bool { return bytes.Contains(body, []byte("VERIFY_FIRST")) }

// considerText judges what a text tells beside the error.
func (e *Envelope) considerText(body []byte) {
	if e.Advice.Retry == "" && withdrawsAdvice(body) {
		e.Advice = Advice{"VERIFY_FIRST", "UNKNOWN"}
		if bytes.Contains(body, []byte("PARTIALLY_APPLIED")) {
			e.Advice.Outcome = "PARTIALLY_APPLIED"
		}
	}
	if !e.inText() {
		return
	}
	body = head(body, maxText)
	e.NamedStatus = labelledStatus(body)
	if len(e.Message) > 8 && len(e.Message) < len(body) {
		body = bytes.Replace(body, []byte(e.Message), nil, 1)
	}
	e.MoreTold = slices.ContainsFunc(otherCalls, func(l *label) bool { return l.in(body) }) || maySucceed(e.HTTPStatus) && orderID.in(body)
}
