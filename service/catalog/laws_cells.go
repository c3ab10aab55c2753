package catalog

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// oneOf returns a rule: the cell is one of some names.
func oneOf(column string, names ...string) rule {
	return rule{column, func(r record) bool { return slices.Contains(names, r.cells[column]) }, "one of " + list(names)}
}

// matches returns a rule: the cell matches a pattern.
func matches(column, pattern, text string) rule {
	return rule{column, matching(column, pattern), text}
}

// atMost returns a rule: the cell has a maximum number of bytes.
func atMost(column string, limit int) rule {
	return rule{column, func(r record) bool { return len(r.cells[column]) <= limit }, "at most " + strconv.Itoa(limit) + " bytes"}
}

// english returns a rule: the cell has no Chinese or Japanese characters.
func english(column string) rule {
	return rule{column, func(r record) bool { return !strings.ContainsFunc(r.cells[column], cjk) }, "English, without CJK characters"}
}

// chinese returns a rule: the cell has Chinese characters.
func chinese(column string) rule {
	return rule{column, func(r record) bool { return strings.ContainsFunc(r.cells[column], han) }, "Chinese"}
}

func matching(column, pattern string) func(record) bool {
	compiled := regexp.MustCompile(pattern)
	return func(r record) bool { return compiled.MatchString(r.cells[column]) }
}

func clean(column string) func(record) bool {
	return func(r record) bool {
		cell := r.cells[column]
		return strings.TrimSpace(cell) == cell && !strings.ContainsFunc(cell, unicode.IsControl)
	}
}

func list(names []string) string { return strings.Join(names, ", ") }

func isHTTPStatus(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && 100 <= n && n <= 599 && len(text) == 3
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// cjk reports whether a character is Han, kana, or ideographic or full-width punctuation.
func cjk(r rune) bool {
	return han(r) || 0x3000 <= r && r <= 0x30ff || 0xff00 <= r && r <= 0xffef
}
