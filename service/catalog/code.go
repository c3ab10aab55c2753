package catalog

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Prefix is the prefix of the CBC's codes.
const Prefix = "CBC."

// FewestDigits is the minimum number of digits of a code.
const FewestDigits = 4

// Success is the code that reports success.
const Success = "CBC.0000"

// successNumber is the number of Success in the ErrorCode enum, where 0 is "unspecified".
const successNumber = 10000

// Canonical returns the canonical spelling of a code: without blanks or a trailing dot, in half-width characters, with
// the prefix in upper case. The codes of other systems keep their letter case. Digits with blanks between them are no code, and
// stay as they are.
func Canonical(code string) string {
	if isCanonical(code) || splitDigits.MatchString(code) {
		return code
	}
	code = strings.TrimRight(strings.Map(visible, width.Narrow.String(code)), ".")
	if hasPrefix(code) {
		return Prefix + code[len(Prefix):]
	}
	return code
}

var splitDigits = regexp.MustCompile(`[0-9]\s+[0-9]`)

// isCanonical reports whether a code needs no change: it has only ASCII letters, digits, "_", "-" and inner dots, and its
// prefix is in upper case.
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

// IsCBC reports whether a code in its canonical spelling is one of the CBC's, known or not.
func IsCBC(code string) bool { return strings.HasPrefix(code, Prefix) }

// Number returns the number of a code in the ErrorCode enum: its digits, if they are exactly 4, or 8 not beginning with 0.
// For any other code it returns 0.
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

// Infer returns the entry of a code that has lost its prefix, and perhaps its leading zeros: "0250" and "250" are CBC.0250.
// Callers must not modify the entry.
func (c *Catalog) Infer(digits string) (*Entry, bool) {
	if !isDigits(digits) || len(digits) > 8 {
		return nil, false
	}
	if lost := FewestDigits - len(digits); lost > 0 {
		digits = strings.Repeat("0", lost) + digits
	}
	e, ok := c.byCode[Prefix+digits]
	return e, ok
}

// looseCode matches a code of the CBC without its dot, or with another mark: cbc5003, CBC-5003.
var looseCode = regexp.MustCompile(`^(?i:cbc)[-_]?([0-9]{4,8})$`)

// FindByInput returns the entries of a code that a person typed, such as "CBC.0250", "cbc.0250", "0250" or "250", its number
// in the ErrorCode enum. A code of the CBC has one entry, a code of another system one for each of its meanings, and an
// unknown code none. Callers must not modify the entries.
func (c *Catalog) FindByInput(text string) []*Entry {
	text = Canonical(text)
	if digits := looseCode.FindStringSubmatch(text); digits != nil {
		text = Prefix + digits[1]
	}
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

// visible drops invisible characters, and replaces the ideographic full stop by a dot.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r) || !unicode.IsGraphic(r):
		return -1
	case r == '｡':
		return '.'
	}
	return r
}
