package render

import (
	"cmp"
	_ "embed" // for messages.tsv
	"strings"
	"sync"
)

// messagesTable has a row for each text and a column for each locale. English is the first.
//
//go:embed messages.tsv
var messagesTable string

// messages are the texts of one locale by key. A key with a dot explains a constant: outcome.UNKNOWN.
type messages map[string]string

// messagesByLocale caches the result of Messages.
var messagesByLocale = sync.OnceValue(Messages)

// Messages returns the texts of the command line and the explorer, by locale and key. In a text, {} stands for a value.
// The caller may change the result.
func Messages() map[string]map[string]string {
	lines := strings.Split(strings.TrimSpace(messagesTable), "\n")
	locales := strings.Split(lines[0], "\t")[1:]
	all := map[string]map[string]string{}
	for i, locale := range locales {
		all[locale] = map[string]string{}
		for _, line := range lines[1:] {
			cells := strings.Split(line, "\t")
			all[locale][cells[0]] = cells[i+1]
		}
	}
	return all
}

// messagesFor returns the messages of a locale's primary language, or the English ones.
func messagesFor(locale string) messages {
	all := messagesByLocale()
	for tag, w := range all {
		if primaryLanguage(tag) == primaryLanguage(locale) {
			return w
		}
	}
	return all["en"]
}

func primaryLanguage(locale string) string {
	primary, _, _ := strings.Cut(locale, "-")
	return primary
}

// explained returns a constant with its explanation, or alone if it has none.
func (w messages) explained(kind, name string) string { return withName(w[kind+"."+name], name) }

// withName returns a text with the name of the constant that it explains, or only one of the two if the other is empty.
func withName(text, name string) string {
	if text == "" || name == "" {
		return text + name
	}
	return text + " (" + name + ")"
}

// site returns the name of a site for people.
func (w messages) site(name string) string { return cmp.Or(w["site."+name], name) }

// withdrawn returns why a translation does not give the advice of its code, if it does not.
func (w messages) withdrawn(certain string) string {
	if certain != "false" {
		return ""
	}
	return w["withdrawnText"]
}
