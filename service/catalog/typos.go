package catalog

import (
	"slices"
	"strings"
	"unicode"
)

const (
	maxNearest  = 3 // codes that Nearest returns
	minTypo     = 4 // letters of a word that may have a typing error
	minTwoTypos = 9 // letters of a word that may have two
)

// Nearest returns at most three known codes that differ from a code by one character that is wrong, missing or too much, or
// by two that are swapped: these come first. A known code in another spelling is returned alone.
func (c *Catalog) Nearest(code string) []string {
	if code = codeOf(fold(code)); isDigits(code) && len(code) >= FewestDigits {
		code = strings.ToLower(Prefix) + code
	}
	var swapped, others []string
	for _, e := range c.all() {
		switch known := strings.ToLower(e.Code); {
		case slices.Contains(swapped, e.Code) || slices.Contains(others, e.Code): // another meaning of the code
		case known == code:
			return []string{e.Code}
		case distance(code, known) > 1:
		case len(known) == len(code) && isPermutation(code, known):
			swapped = append(swapped, e.Code)
		default:
			others = append(others, e.Code)
		}
	}
	all := slices.Concat(swapped, others)
	return all[:min(len(all), maxNearest)]
}

// searchTypos returns the entries that have every word, a word with few typing errors, or a code near it.
func (c *Catalog) searchTypos(q Query, words []word) (found []*Entry) {
	alternatives := make([][]string, len(words))
	for i, w := range words {
		alternatives[i] = append(c.similarWords(w.text), c.Nearest(w.code)...)
	}
	for _, e := range c.all() {
		s := c.searchable[e.Key]
		missing := false
		for i, w := range words {
			near := slices.ContainsFunc(alternatives[i], func(a string) bool { return strings.Contains(s.text, strings.ToLower(a)) })
			missing = missing || !near && !w.isOneOf(s.names) && !strings.Contains(s.text, w.text)
		}
		if !missing && q.matches(e) {
			found = append(found, e)
		}
	}
	return found
}

// similarWords returns the words of the texts and reasons that differ from a word by few typing errors.
func (c *Catalog) similarWords(text string) (similar []string) {
	allowed := 0
	switch n := len(text); {
	case strings.ContainsFunc(text, func(r rune) bool { return !isWordLetter(r) }):
	case n >= minTwoTypos:
		allowed = 2
	case n >= minTypo:
		allowed = 1
	}
	for _, known := range c.vocabulary {
		if d := len(known) - len(text); allowed > 0 && d >= -allowed && d <= allowed && distance(text, known) <= allowed {
			similar = append(similar, known)
		}
	}
	return similar
}

// makeVocabulary collects the words of Latin letters that Search looks in.
func (c *Catalog) makeVocabulary() {
	for _, s := range c.searchable {
		for _, text := range strings.FieldsFunc(s.text, func(r rune) bool { return !isWordLetter(r) }) {
			if len(text) >= minTypo {
				c.vocabulary = append(c.vocabulary, text)
			}
		}
	}
	slices.Sort(c.vocabulary)
	c.vocabulary = slices.Compact(c.vocabulary)
}

func isWordLetter(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) || r == '_' }

// distance returns the number of bytes to change, insert or delete, or pairs to swap, to turn a into b: the optimal string
// alignment.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// isPermutation reports whether two codes have the same characters in another order.
func isPermutation(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return string(x) == string(y)
}
