package catalog

import "strings"

// A Query is what to look for. What is empty holds for every entry.
type Query struct {
	Words   string // each of them, in any letter case, in the code, the reason or the text of a locale
	Status  string // names, as in Entry
	Reason  string
	Retry   string
	Outcome string
}

// Search finds the entries that a query holds for: those of Entries, then those of Gateway.
func (c *Catalog) Search(q Query) []*Entry {
	words := wordsOf(q.Words)
	var found []*Entry
	for _, e := range c.all() {
		if q.names(e) && c.says(e, words) {
			found = append(found, e)
		}
	}
	return found
}

// wordsOf are the words to look for. APIG.n stands in the table as APIGW.n.
func wordsOf(text string) []string {
	words := strings.Fields(strings.ToLower(text))
	for i, word := range words {
		if number, ok := strings.CutPrefix(word, "apig."); ok {
			words[i] = "apigw." + number
		}
	}
	return words
}

func (q Query) names(e *Entry) bool {
	for _, pair := range [][2]string{{q.Status, e.Status}, {q.Reason, e.Reason}, {q.Retry, e.Retry}, {q.Outcome, e.Outcome}} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	return true
}

func (c *Catalog) says(e *Entry, words []string) bool {
	for _, word := range words {
		if !strings.Contains(c.searchable[e.Key], word) {
			return false
		}
	}
	return true
}

// makeSearchable collects what each entry is found by, in lower case.
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
