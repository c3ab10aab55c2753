package envelope

import (
	"bytes"
	"regexp"
)

var (
	messageLabel  = regexp.MustCompile(`(?i)(?:(?:error|err)[_-]?(?:msg|message|description)|错误信息)` + between + `([^\s\p{P}\p{S}\p{Z}][^\r\n]*)`)
	messageBehind = regexp.MustCompile(`(?i)^['"\\]{0,4}\s*,\s*['"\\]{0,4}message` + between + `([^\s\p{P}\p{S}\p{Z}][^\r\n]*)`) // the code
	nextMember    = regexp.MustCompile(`,\s*([A-Za-z_]+)\s*[:=]|</|\s*[})]+\s*$`)
	separator     = regexp.MustCompile(`^["”'\\\s\p{Z}]*[:=：>]?[\s\p{Z}]*`) // of a key and its value
	escapeInQuote = regexp.MustCompile("\\\\[\"'`\\\\nrt]")
)

// labelledMessage returns the message under the key message right behind the code, else the first labelled message of a text, else
// the text.
func labelledMessage(text, behind []byte) string {
	marks, value := labelled(behind, messageBehind, isMember)
	if value == nil {
		marks, value = labelled(text, messageLabel, isMember)
	}
	if value == nil {
		return bounded(text, maxText)
	}
	whole := marks[:len(marks)+len(value)] // they adjoin
	whole = whole[len(separator.Find(whole)):]
	for _, quote := range []struct{ open, close string }{{`"`, `"`}, {`'`, `'`}, {"`", "`"}, {"“", "”"}, {`\"`, `\"`}} {
		if inner, ok := bytes.CutPrefix(whole, []byte(quote.open)); ok {
			return bounded(quotedMessage(inner, []byte(quote.close)), maxText)
		}
	}
	return bounded(plainMessage(value), maxText)
}

// isMember reports whether a key and a value belong together.
func isMember(marks, _ []byte) bool { return !emptyValue.Match(marks) }

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
// rate limit belong to the message.
func plainMessage(message []byte) []byte {
	for _, at := range nextMember.FindAllSubmatchIndex(message, -1) {
		if at[2] < 0 || !rateLimit(message[at[2]:at[3]]) {
			return bytes.TrimSpace(message[:at[0]])
		}
	}
	return bytes.TrimSpace(message)
}

func rateLimit(key []byte) bool { return string(key) == "limit" || string(key) == "time" }
