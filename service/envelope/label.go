package envelope

import (
	"iter"
	"regexp"
	"slices"
	"strings"
)

// A label is an expression that begins with one of some words. It is matched only where they stand: the package regexp takes
// about 50 ns for each byte of a text, a search for words about 2.
type label struct {
	expression *regexp.Regexp
	words      [256][]string          // by their first byte
	inWord     func(before byte) bool // reports whether a word behind a byte is part of another
}

// maxLabel is the maximum length of what a label matches, in bytes.
const maxLabel = 384

// newLabel returns a label. The case of letters does not matter.
func newLabel(inWord func(byte) bool, expression string, words ...string) *label {
	l := &label{expression: regexp.MustCompile(`^(?i:` + expression + `)`), inWord: inWord}
	for _, w := range words {
		for _, first := range []byte{strings.ToUpper(w)[0], w[0]} {
			if !slices.Contains(l.words[first], w) {
				l.words[first] = append(l.words[first], w)
			}
		}
	}
	return l
}

// starts yields where the words of a label begin in a text.
func (l *label) starts(text []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at, c := range text {
			words := l.words[c]
			if words == nil || at > 0 && l.inWord(text[at-1]) {
				continue
			}
			if startsWith(text[at:], words) && !yield(at) {
				return
			}
		}
	}
}

// startsWith reports whether a text begins with one of some words.
func startsWith(text []byte, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return len(text) >= len(w) && strings.EqualFold(string(text[:len(w)]), w)
	})
}

// What may not stand before a word: nothing, a letter or underscore, a digit also.
func anywhere(byte) bool           { return false }
func afterLetter(before byte) bool { return before == '_' || isLetter(rune(before)) }
func afterWord(before byte) bool   { return afterLetter(before) || isDigit(rune(before)) }

// matches yields the bounds of the expression and its groups.
func (l *label) matches(text []byte) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for start := range l.starts(text) {
			at := l.expression.FindSubmatchIndex(head(text[start:], maxLabel))
			if at == nil {
				continue
			}
			for i := range at {
				at[i] += start
			}
			if !yield(at) {
				return
			}
		}
	}
}

// in reports whether a text has the label.
func (l *label) in(text []byte) bool {
	for range l.matches(text) {
		return true
	}
	return false
}
