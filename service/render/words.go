package render

import (
	"cmp"
	_ "embed" // for words.tsv
	"strings"
	"sync"
)

// wordsTable has a row for each text and a column for each language. English comes first.
//
//go:embed words.tsv
var wordsTable string

// words are the texts of one language by key. A key with a dot explains a constant: retry.BACKOFF.
type words map[string]string

// wordsByLocale reads the table once.
var wordsByLocale = sync.OnceValue(Words)

// Words returns what the command line and the explorer say to people besides the catalogue's texts: by locale, then by
// key. In a text, {} stands for a value. The result is the caller's own.
func Words() map[string]map[string]string {
	lines := strings.Split(strings.TrimSpace(wordsTable), "\n")
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

// wordsOf returns the words of a locale's primary language, else the English ones.
func wordsOf(locale string) words {
	all := wordsByLocale()
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

// explained returns what a constant means, with the constant; the constant alone if it has no words.
func (w words) explained(kind, name string) string {
	meaning := w[kind+"."+name]
	if meaning == "" {
		return name
	}
	return meaning + " (" + name + ")"
}

// site returns the name of a site in words.
func (w words) site(name string) string { return cmp.Or(w["site."+name], name) }

// withdrawn says why an answer does not give the advice of its code, if it does not.
func (w words) withdrawn(certain string) string {
	if certain != "false" {
		return ""
	}
	return w["withdrawnWhy"]
}

// Certainty says whether a condition of certainty holds, as a sentence in the language of the locale. It returns the
// name of a condition that has no words.
func Certainty(name string, holds bool, locale string) string {
	verdict := "fails"
	if holds {
		verdict = "holds"
	}
	return cmp.Or(wordsOf(locale)["certainty."+name+"."+verdict], name)
}
