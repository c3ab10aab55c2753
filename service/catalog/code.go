package catalog

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Prefix begins every code of the CBC.
const Prefix = "CBC."

// FewestDigits is how many digits a code has at least.
const FewestDigits = 4

// Success is the code that reports success, and successNumber its number: 0 is taken by "unspecified".
const (
	Success       = "CBC.0000"
	successNumber = 10000
)

// Canonical puts right how a code is spelt: no blanks, half-width characters, no trailing dot, the prefix in upper
// case. The codes of other systems are left in their own letter case.
func Canonical(code string) string {
	if isCanonical(code) {
		return code
	}
	code = strings.TrimRight(strings.Map(plain, width.Narrow.String(code)), ".")
	if hasPrefix(code) {
		return Prefix + code[len(Prefix):]
	}
	return code
}

// isCanonical reports whether a code is in its canonical spelling for certain: nothing but ASCII letters, digits, "_", "-"
// and dots within, and no prefix that its letter case could spoil.
func isCanonical(code string) bool {
	for i := range len(code) {
		switch c := code[i]; {
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', c == '_', c == '-':
		case c == '.' && i < len(code)-1:
		default:
			return false
		}
	}
	return !hasPrefix(code) || strings.HasPrefix(code, Prefix)
}

// Ours tells whether a code in its canonical spelling is one of the CBC's, known or not.
func Ours(code string) bool { return strings.HasPrefix(code, Prefix) }

// Number is the code's number in the ErrorCode enum: its digits, if there are exactly 4, or 8 not beginning with 0.
// Any other code has the number 0, which stands for no code.
func Number(code string) int32 {
	digits, ok := strings.CutPrefix(code, Prefix)
	numbered := len(digits) == FewestDigits || len(digits) == 8 && digits[0] != '0'
	if !ok || !numbered || !isDigits(digits) {
		return 0
	}
	if code == Success {
		return successNumber
	}
	n, _ := strconv.ParseInt(digits, 10, 32) // cannot fail: at most 8 digits
	return int32(n)
}

// Complete finds the one known code that a text of digits can stand for, its prefix or leading zeros lost.
func (c *Catalog) Complete(digits string) (*Entry, bool) {
	if !isDigits(digits) || len(digits) > 8 {
		return nil, false
	}
	if lost := FewestDigits - len(digits); lost > 0 {
		digits = strings.Repeat("0", lost) + digits
	}
	e, ok := c.byCode[Prefix+digits]
	return e, ok
}

// Find looks a code up as a person would type it: in any letter case, or by its number in the ErrorCode enum. A code of
// another system has an entry for each of its meanings; an unknown code has none.
func (c *Catalog) Find(text string) []*Entry {
	text = Canonical(text)
	for _, e := range c.entries {
		if text == e.Code || Prefix+text == e.Code || text == strconv.Itoa(int(e.Number)) {
			return []*Entry{e}
		}
	}
	return c.findGateway(text)
}

func hasPrefix(code string) bool {
	return len(code) >= len(Prefix) && strings.EqualFold(code[:len(Prefix)], Prefix)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// plain drops what is not seen, and makes the ideographic full stop a dot.
func plain(r rune) rune {
	switch {
	case unicode.IsSpace(r) || !unicode.IsGraphic(r):
		return -1
	case r == '｡':
		return '.'
	}
	return r
}
