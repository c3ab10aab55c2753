package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Change is one difference between two catalogues, or between a catalogue and the upstream page.
type Change struct {
	Kind string // new, gone, http, meaning, text, source, number, comment, fixed
	Key  string // the entry or reason that it is about
	Text string // what changed, for people
}

// String returns the change as one line.
func (c Change) String() string { return fmt.Sprintf("%-7s  %s  %s", c.Kind, c.Key, c.Text) }

// A column is a property of an entry, and the kind of its changes.
type column struct {
	kind, name string
	of         func(*Entry) string
}

var columns = []column{
	{"http", "http", func(e *Entry) string { return fmt.Sprint(e.HTTPStatus) }},
	{"meaning", "service", func(e *Entry) string { return e.Service }},
	{"meaning", "status", func(e *Entry) string { return e.Status }},
	{"meaning", "reason", func(e *Entry) string { return e.Reason }},
	{"meaning", "retry", func(e *Entry) string { return e.Retry }},
	{"meaning", "outcome", func(e *Entry) string { return e.Outcome }},
	{"meaning", "wait", func(e *Entry) string { return e.Wait.String() }},
	{"meaning", "detail", func(e *Entry) string { return fmt.Sprint(e.Details) }},
	{"text", "translated", func(e *Entry) string { return strings.Join(e.Translated, ",") }},
	{"source", "source", func(e *Entry) string { return e.Source }},
}

// Diff returns the differences between two catalogues, sorted by kind: new and gone codes and reasons, and changed HTTP
// statuses, meanings, overlays, texts, sources, numbers and comments.
func Diff(old, new *Catalog) []Change {
	changes := slices.Concat(diffEntries(old, new), diffReasons(old, new), diffOverlays(old, new), diffTexts(old, new))
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.Kind, b.Kind) })
	return changes
}

func diffEntries(old, new *Catalog) (changes []Change) {
	before, after := old.byKey(), new.byKey()
	for _, e := range old.all() {
		other, ok := after[e.Key]
		if !ok {
			changes = append(changes, Change{"gone", e.Key, e.Reason})
			continue
		}
		for _, c := range columns {
			changes = append(changes, differ(c.kind, e.Key, c.name, c.of(e), c.of(other))...)
		}
	}
	for _, e := range new.all() {
		if before[e.Key] == nil {
			changes = append(changes, Change{"new", e.Key, e.Reason})
		}
	}
	return changes
}

func (c *Catalog) byKey() map[string]*Entry {
	entries := map[string]*Entry{}
	for _, e := range c.all() {
		entries[e.Key] = e
	}
	return entries
}

func diffReasons(old, new *Catalog) (changes []Change) {
	byName := func(c *Catalog) map[string]Reason {
		m := map[string]Reason{}
		for _, r := range c.reasons {
			m[r.Name] = r
		}
		return m
	}
	before, after := byName(old), byName(new)
	for _, r := range old.reasons {
		other, ok := after[r.Name]
		if !ok {
			changes = append(changes, Change{"gone", r.Name, fmt.Sprintf("reason number %d", r.Number)})
			continue
		}
		changes = append(changes, differ("number", r.Name, "number", fmt.Sprint(r.Number), fmt.Sprint(other.Number))...)
		changes = append(changes, differ("comment", r.Name, "comment", r.Comment, other.Comment)...)
	}
	for _, r := range new.reasons {
		if _, ok := before[r.Name]; !ok {
			changes = append(changes, Change{"new", r.Name, fmt.Sprintf("reason number %d", r.Number)})
		}
	}
	return changes
}

func diffOverlays(old, new *Catalog) []Change {
	text := func(c *Catalog) string {
		lines := make([]string, len(c.overlays))
		for i, o := range c.overlays {
			lines[i] = fmt.Sprintf("{%s}", strings.Join([]string{o.Code, o.Shape, o.Message, o.As}, "|"))
		}
		return strings.Join(lines, " ")
	}
	return differ("meaning", "overlays", "overlays", text(old), text(new))
}

func diffTexts(old, new *Catalog) (changes []Change) {
	tags := slices.Concat(old.Locales(), new.Locales())
	slices.Sort(tags)
	kept := new.keys()
	for _, tag := range slices.Compact(tags) {
		for _, key := range old.keys() {
			if slices.Contains(kept, key) { // else the key is gone, with its texts
				changes = append(changes, differ("text", key, tag, old.exactText(key, tag), new.exactText(key, tag))...)
			}
		}
	}
	return changes
}

// exactText returns the text of exactly this locale, or "".
func (c *Catalog) exactText(key, tag string) string {
	text, found := c.Text(key, tag)
	if found != tag {
		return ""
	}
	return text
}

func differ(kind, key, name, old, new string) []Change {
	if old == new {
		return nil
	}
	return []Change{{kind, key, fmt.Sprintf("%s: %q -> %q", name, old, new)}}
}
