package envelope

import (
	"bytes"
	"regexp"
)

var (
	messageLabel  = newLabel(anywhere, `(?:(?:error|err)[_-]?(?:msg|message|description)|错误信息)`+between+`([^\s\p{P}\p{S}\p{Z}])`, "err", "错误信息")
	messageBehind = regexp.MustCompile(`(?i)^['"\\]{0,4}\s*,\s*['"\\]{0,4}message` + between + `([^\s\p{P}\p{S}\p{Z}])`) // the code
	nextMember    = regexp.MustCompile(`,\s*([A-Za-z_]+)\s*[:=]|</|\s*[})]+\s*$`)
	separator     = regexp.MustCompile(`^["”'\\\s\p{Z}]*[:=：>]?[\s\p{Z}]*`) // of a key and its value
	escapeInQuote = regexp.MustCompile("\\\\[\"'`\\\\nrt]")
)

// labelledMessage returns the message under the key message right behind the code, else the first labelled message of a text, else
// the text.
func labelledMessage(text, behind []byte) string {
	at := messageBehind.FindSubmatchIndex(head(behind, maxLabel))
	if at != nil && isMember(behind[at[2]:at[3]], nil) {
		text = behind
	} else if at = labelled(text, messageLabel, isMember); at == nil {
		return bounded(text, maxText)
	}
	value := line(text[at[4]:])
	whole := text[at[2] : at[4]+len(value)]
	whole = whole[len(separator.Find(whole)):]
	for _, quote := range []struct{ open, close string }{{`"`, `"`}, {`'`, `'`}, {"`", "`"}, {"“", "”"}, {`\"`, `\"`}} {
		if inner, ok := bytes.CutPrefix(whole, []byte(quote.open)); ok {
			return bounded(quotedMessage(inner, []byte(quote.close)), maxText)
		}
	}
	return bounded(plainMessage(value), maxText)
}

// line returns the rest of a line, at most maxText bytes.
func line(text []byte) []byte {
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		text = text[:end]
	}
	return head(text, maxText)
}

// quotedMessage returns a message up to its closing quote, without escapes.
func quotedMessage(message, quote []byte) []byte {
	for at := 0; at < len(message); at++ {
		if bytes.HasPrefix(message[at:], quote) {
			message = message[:at]
			break
		}
		if message[at] == '\\' {
			at++
		}
	}
	return bytes.TrimSpace(escapeInQuote.ReplaceAllFunc(message, unescapePair))
}

// plainMessage returns a message without quotes, up to the next member or the end of the object. The limit and the time of a
// rate limit belong to the message: the third match is behind them.
func plainMessage(message []byte) []byte {
	for _, at := range nextMember.FindAllSubmatchIndex(message, 3) {
		if at[2] < 0 || !rateLimit(message[at[2]:at[3]]) {
			return bytes.TrimSpace(message[:at[0]])
		}
	}
	return bytes.TrimSpace(message)
}

func rateLimit(key []byte) bool { return string(key) == "limit" || string(key) == "time" }
