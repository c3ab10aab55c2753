package envelope

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// fewestDigits is how many digits the codes of Huawei Cloud have at least.
const fewestDigits = 4

// looksLikeCode tells whether a text has the form of Huawei Cloud's error codes, in its proper spelling or not: a word
// that begins with a letter, a dot, digits. Blanks count nowhere, nor do dots at the end.
func looksLikeCode(text string) bool {
	dot, digits, ended := false, 0, false
	for i, r := range text {
		switch r = narrow(r); {
		case unicode.IsSpace(r):
		case ended && r != '.':
			return false
		case !dot && r == '.':
			if dot = true; i == 0 {
				return false
			}
		case dot && r == '.':
			ended = true
		case dot && isDigit(r):
			digits++
		case dot || !isLetter(r) && (i == 0 || !isDigit(r) && r != '_'):
			return false
		}
	}
	return digits >= fewestDigits
}

// hasPrefix reports whether a text begins as the codes of the CBC do.
func hasPrefix(code string) bool {
	const prefix = "CBC"
	code = strings.TrimSpace(code)
	return len(code) > len(prefix) && strings.EqualFold(code[:len(prefix)], prefix) && narrow([]rune(code[len(prefix):])[0]) == '.'
}

// narrow makes a full-width character a plain one.
func narrow(r rune) rune {
	if r < unicode.MaxASCII {
		return r
	}
	if n := width.LookupRune(r).Narrow(); n != 0 {
		r = n
	}
	if r == '｡' {
		return '.'
	}
	return r
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// leadingCode is the code that a text begins with, perhaps in brackets, and whether anything follows it.
func leadingCode(text string) (code string, followed bool) {
	text = strings.TrimLeft(text, "[(【")
	end := strings.IndexFunc(text, func(r rune) bool {
		r = narrow(r)
		return !isLetter(r) && !isDigit(r) && r != '.' && r != '_'
	})
	if followed = end >= 0; followed {
		text = text[:end]
	}
	if len(text) >= maxKey || !looksLikeCode(text) {
		return "", false
	}
	return text, followed
}
