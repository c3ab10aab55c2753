package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// DefaultLocale is the locale of the texts that a language lacks.
const DefaultLocale = "en"

// MaxText is the maximum size of a text in bytes: a status of at most 6 KiB contains the localized text twice.
const MaxText = 1024

// tableLocales are the locales with a column in the tables.
var tableLocales = []string{DefaultLocale, "zh-CN"}

// locales are the locales of a catalogue: the default first, the others in alphabetical order.
type locales struct {
	list    []*locale
	exact   map[string]*locale // by the tag, as it is and in lower case
	matcher language.Matcher
}

type locale struct {
	tag    string
	parsed language.Tag
	texts  map[string]string // by the key of an entry, the reason of a response without a known code, adviceKey or generalAdviceKey
}

// Locales returns the tags of all locales: the default first, the others in alphabetical order.
func (c *Catalog) Locales() []string {
	tags := make([]string, len(c.locales.list))
	for i, l := range c.locales.list {
		tags[i] = l.tag
	}
	return tags
}

// Text returns the text of an entry's Key in the locale of a tag of Locales, in any letter case, and the tag of the text.
// If the locale lacks the text, Text returns the English one. Instead of a Key, it takes the reason of a response without
// a known code. The text of an unknown key is empty.
func (c *Catalog) Text(key, tag string) (text, found string) {
	if l, ok := c.locales.exact[tag]; ok && l.texts[key] != "" {
		return l.texts[key], l.tag
	}
	return c.locales.exact[DefaultLocale].texts[key], DefaultLocale
}

// readOwnTexts reads the texts of a row of codes.tsv, gateway.tsv or reasons.tsv.
func (c *Catalog) readOwnTexts(r record, key string) error {
	for _, tag := range tableLocales {
		if text := r.cells[tag]; text != "" {
			if err := c.locales.add(tag, key, text); err != nil {
				return fmt.Errorf("%s: %w", r.place, err)
			}
		}
	}
	return nil
}

// readAdvice reads the sentences of a line of reasons.tsv or retries.tsv. Their columns have a prefix. None may be missing.
func (c *Catalog) readAdvice(r record, prefix, key string) error {
	for _, tag := range tableLocales {
		if err := c.locales.add(tag, key, r.cells[prefix+tag]); err != nil {
			return fmt.Errorf("%s: %w", r.place, err)
		}
	}
	return nil
}

// Advice returns one sentence of what to do about a reason, and its tag. The tags are as in Text.
func (c *Catalog) Advice(reason, tag string) (text, found string) {
	return c.Text(adviceKey(reason), tag)
}

// GeneralAdvice returns one sentence of what retry advice says whatever the reason, and its tag. The tags are as in Text.
func (c *Catalog) GeneralAdvice(retry, tag string) (text, found string) {
	return c.Text(generalAdviceKey(retry), tag)
}

func adviceKey(reason string) string { return "advice." + reason }

func generalAdviceKey(retry string) string { return "retry." + retry }

// readLocales reads the folder locales, which may be missing.
func (c *Catalog) readLocales(folder fs.FS) error {
	return c.readTexts(folder, "locales")
}

// readTexts reads each <tag>.tsv of a folder.
func (c *Catalog) readTexts(folder fs.FS, dir string) error {
	names, err := fs.Glob(folder, path.Join(dir, "*.tsv"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if path.Base(name) == overlaysFile {
			continue
		}
		if err := c.readLocale(folder, name); err != nil {
			return err
		}
	}
	return nil
}

func (c *Catalog) readLocale(folder fs.FS, name string) error {
	records, err := readTable(folder, name, localeColumns)
	if err != nil {
		return err
	}
	tag := strings.TrimSuffix(path.Base(name), ".tsv")
	if _, err := c.locales.open(tag); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, r := range records {
		if text, _ := c.Text(r.cells["key"], DefaultLocale); text == "" {
			return fmt.Errorf("%s: key: %s must be the key of an English text, such as CBC.0250 or advice.BALANCE_INSUFFICIENT", r.place, quote(r.cells["key"]))
		}
		if err := c.locales.add(tag, r.cells["key"], r.cells["text"]); err != nil {
			return fmt.Errorf("%s: %w", r.place, err)
		}
	}
	return nil
}

// add adds a text.
func (ls *locales) add(tag, key, text string) error {
	l, err := ls.open(tag)
	switch {
	case err != nil:
		return err
	case text == "" || strings.TrimSpace(text) != text:
		return fmt.Errorf("%s text of %s: empty or with blanks around it", tag, key)
	case len(text) > MaxText:
		return fmt.Errorf("%s text of %s: %d bytes, at most %d", tag, key, len(text), MaxText)
	case l.texts[key] != "":
		return fmt.Errorf("%s text of %s: there is one already", tag, key)
	}
	l.texts[key] = text
	return nil
}

// open returns the locale of a tag. It creates the locale on first use.
func (ls *locales) open(tag string) (*locale, error) {
	if l, ok := ls.exact[tag]; ok {
		return l, nil
	}
	parsed, err := language.Parse(tag)
	if err != nil || parsed.String() != tag {
		return nil, fmt.Errorf("%q is not a language tag in its canonical spelling", tag)
	}
	l := &locale{tag, parsed, map[string]string{}}
	if ls.exact == nil {
		ls.exact = map[string]*locale{}
	}
	ls.list = append(ls.list, l)
	ls.exact[tag] = l
	return l, nil
}

// index sorts the locales and prepares their lookup.
func (ls *locales) index() {
	slices.SortFunc(ls.list[1:], func(a, b *locale) int { return strings.Compare(a.tag, b.tag) })
	tags := make([]language.Tag, len(ls.list))
	for i, l := range ls.list {
		tags[i] = l.parsed
		ls.exact[strings.ToLower(l.tag)] = l
	}
	ls.matcher = language.NewMatcher(tags)
}
