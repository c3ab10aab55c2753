package catalog

import "strings"

// A Query is what to look for. What is empty holds for every code.
type Query struct {
	Words   string // each of them, in any letter case, in the code, the reason or the text of a locale
	Status  string // names, as in Entry
	Reason  string
	Retry   string
	Outcome string
}

// Search finds the codes that a query holds for, in the order of their digits.
func (c *Catalog) Search(q Query) []*Entry {
	words := strings.Fields(strings.ToLower(q.Words))
	var found []*Entry
	for _, e := range c.entries {
		if q.names(e) && c.says(e, words) {
			found = append(found, e)
		}
	}
	return found
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
		if !strings.Contains(c.searchable[e.Code], word) {
			return false
		}
	}
	return true
}

// makeSearchable collects what each code is found by, in lower case.
func (c *Catalog) makeSearchable() {
	c.searchable = make(map[string]string, len(c.entries))
	for _, e := range c.entries {
		all := []string{e.Code, e.Reason}
		for _, l := range c.locales.list {
			all = append(all, l.texts[e.Code])
		}
		c.searchable[e.Code] = strings.ToLower(strings.Join(all, "\n"))
	}
}
