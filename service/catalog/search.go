package catalog

import "strings"

// A Query is a search condition. An empty field matches every entry.
type Query struct {
	Words   string // separated by blanks; each occurs in the code, the reason or a text, ignoring letter case
	Status  string // the Status of an entry
	Reason  string // its Reason
	Retry   string // its Retry
	Outcome string // its Outcome
}

// Search returns the entries that match a query: those of Entries, then those of Gateway.
func (c *Catalog) Search(q Query) []*Entry {
	words := wordsOf(q.Words)
	var found []*Entry
	for _, e := range c.all() {
		if q.matches(e) && c.containsAll(e, words) {
			found = append(found, e)
		}
	}
	return found
}

// wordsOf returns the words to look for. It replaces the alias apig.N by apigw.N.
func wordsOf(text string) []string {
	words := strings.Fields(strings.ToLower(text))
	for i, word := range words {
		if number, ok := strings.CutPrefix(word, "apig."); ok {
			words[i] = "apigw." + number
		}
	}
	return words
}

func (q Query) matches(e *Entry) bool {
	for _, pair := range [][2]string{{q.Status, e.Status}, {q.Reason, e.Reason}, {q.Retry, e.Retry}, {q.Outcome, e.Outcome}} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	return true
}

func (c *Catalog) containsAll(e *Entry, words []string) bool {
	for _, word := range words {
		if !strings.Contains(c.searchable[e.Key], word) {
			return false
		}
	}
	return true
}

// makeSearchable collects the texts that Search looks in.
func (c *Catalog) makeSearchable() {
	c.searchable = make(map[string]string, len(c.entries)+len(c.gateway))
	for _, e := range c.all() {
		all := []string{e.Code, e.Reason}
		for _, l := range c.locales.list {
			all = append(all, l.texts[e.Key])
		}
		c.searchable[e.Key] = strings.ToLower(strings.Join(all, "\n"))
	}
}
