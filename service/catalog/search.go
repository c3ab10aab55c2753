package catalog

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// A Query is a search condition. An empty field matches every entry.
type Query struct {
	Words   string // separated by blanks; an entry has all of them, see Search
	Status  string // the Status of an entry
	Reason  string // its Reason
	Retry   string // its Retry
	Outcome string // its Outcome
}

// Search returns the entries that match a query, and how many of them match exactly. These come first. An entry matches
// exactly if every word is its code in any spelling, its number, reason, status, retry advice, outcome or HTTP status. It
// matches if every word is one of these, or occurs in its code, reason or a text. Letter case and width do not matter.
//
// If no entry matches, Search ignores typing errors in the words. The order is that of Entries, then that of Gateway.
func (c *Catalog) Search(q Query) (found []*Entry, exact int) {
	words := wordsOf(q.Words)
	var others []*Entry
	for _, e := range c.all() {
		switch {
		case !q.matches(e):
		case len(words) > 0 && c.hasNames(e, words):
			found = append(found, e)
		case c.hasWords(e, words):
			others = append(others, e)
		}
	}
	if exact = len(found); exact == 0 && len(others) == 0 {
		return c.searchTypos(q, words), 0
	}
	return append(found, others...), exact
}

// A word is a word of a query in lower case. If it is a code in another spelling, code is the code.
type word struct{ text, code string }

// wordsOf returns the words to look for. Several words that are one name become that name: failed precondition.
func wordsOf(text string) []word {
	var words []word
	for field := range strings.FieldsSeq(fold(text)) {
		words = append(words, word{field, codeOf(field)})
	}
	return words
}

// fold returns a text in lower case and without differences of width.
func fold(text string) string { return strings.ToLower(width.Fold.String(text)) }

// codeSpelling matches a code in any spelling: cbc5003, CBC-5003, "CBC_5003".
var codeSpelling = regexp.MustCompile(`^[^a-z0-9]*([a-z]+)[._:。-]?([0-9]{3,8})[^a-z0-9]*$`)

// codeOf returns the code that a word spells, in lower case, or the word. APIG.n is the same as APIGW.n.
func codeOf(text string) string {
	parts := codeSpelling.FindStringSubmatch(text)
	if parts == nil {
		return text
	}
	name, digits := parts[1], parts[2]
	if name == "apig" {
		name = "apigw"
	}
	return name + "." + strings.Repeat("0", max(0, FewestDigits-len(digits))) + digits
}

func (q Query) matches(e *Entry) bool {
	for _, pair := range [][2]string{{q.Status, e.Status}, {q.Reason, e.Reason}, {q.Retry, e.Retry}, {q.Outcome, e.Outcome}} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	return true
}

// hasNames reports whether every word is a name of an entry, or all of them together are one.
func (c *Catalog) hasNames(e *Entry, words []word) bool {
	names := c.searchable[e.Key].names
	if !slices.ContainsFunc(words, func(w word) bool { return !w.isOneOf(names) }) {
		return true
	}
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return slices.Contains(names, strings.Join(all, "_"))
}

func (w word) isOneOf(names []string) bool {
	return slices.Contains(names, w.text) || slices.Contains(names, w.code)
}

// hasWords reports whether every word is a name of an entry or occurs in its texts.
func (c *Catalog) hasWords(e *Entry, words []word) bool {
	s := c.searchable[e.Key]
	for _, w := range words {
		if !w.isOneOf(s.names) && !strings.Contains(s.text, w.text) && !strings.Contains(s.text, w.code) {
			return false
		}
	}
	return true
}

// A searchable is what Search looks in, in lower case.
type searchable struct {
	names []string // the names of an entry, see Search
	text  string   // its code, reason and texts, in lines
}

// makeSearchable collects what Search looks in.
func (c *Catalog) makeSearchable() {
	c.searchable = make(map[string]searchable, len(c.entries)+len(c.gateway))
	for _, e := range c.all() {
		all := []string{e.Code, e.Reason}
		for _, l := range c.locales.list {
			all = append(all, l.texts[e.Key])
		}
		c.searchable[e.Key] = searchable{namesOf(e), fold(strings.Join(all, "\n"))}
	}
}

func namesOf(e *Entry) []string {
	system, digits, _ := strings.Cut(e.Code, ".")
	names := []string{e.Code, system, digits, e.Reason, e.Status, e.Retry, e.Outcome}
	for _, n := range []int{int(e.Number), e.HTTPStatus} {
		if n > 0 {
			names = append(names, strconv.Itoa(n))
		}
	}
	for i, name := range names {
		names[i] = strings.ToLower(name)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}
