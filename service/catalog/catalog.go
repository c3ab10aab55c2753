package catalog

import (
	"embed"
	"io/fs"
	"time"
)

//go:embed *.tsv locales
var files embed.FS

// Catalog is everything that is known about the codes. It never changes and is safe for concurrent use.
type Catalog struct {
	entries  []*Entry
	byCode   map[string]*Entry
	reasons  []Reason
	overlays []Overlay
	errata   []Erratum
	locales  locales
	version  string

	hasReason  map[string]bool
	searchable map[string]string // by code: all that it is found by
}

// Page is the source of the codes on upstream's page.
const Page = "page"

// Entry is what a code means: one line of codes.tsv.
type Entry struct {
	Code       string        // canonical spelling, such as CBC.0250
	Key        string        // key of the entry's texts: the code
	Number     int32         // the value's number in the ErrorCode enum
	HTTPStatus int           // as its source prints it, 0 if it prints none; documents, never decides
	Status     string        // name of the canonical google.rpc.Code
	Reason     string        // the constant to branch on
	Retry      string        // name of the retry advice; empty for the success code
	Outcome    string        // name of the outcome
	Wait       time.Duration // before a repetition; 0 where none is advised
	Details    []Detail      // the standard details that the error carries
	Related    []string      // the other codes with the same reason
	Source     string        // where the code is published: Page, the name of another page, or live responses
	Translated []string      // locales of the table whose text is a translation by this project
}

// Detail names one standard error detail: a kind (field, precondition, quota, resource) and what it is about.
type Detail struct {
	Kind  string
	Names []string
}

// Reason is a constant of ErrorInfo.reason: one line of reasons.tsv.
type Reason struct {
	Number  int32 // published numbers never change
	Name    string
	Comment string
}

// Overlay gives a response another meaning than its code has by itself: one line of overlays.tsv. Empty conditions
// always hold.
type Overlay struct {
	Code    string // the code in its canonical spelling; empty for a response without one
	Shape   string // the name of the envelope's shape
	Message string // words that the message contains, in any letter case
	As      string // the code whose meaning counts, or Nested
}

// Nested in the As column says that the code wraps another one, which counts where the message embeds it.
const Nested = "NESTED"

// Erratum is a cell of the upstream page that the table has mended: one line of errata.tsv.
type Erratum struct {
	Code, Locale, Published, Ours string
}

// Embedded is the catalogue that the program was built with, and what further folders add to it.
func Embedded(more ...fs.FS) (*Catalog, error) { return Load(files, more...) }

// Load reads a catalogue from a folder laid out as this package's own. Further folders add languages, <tag>.tsv each, and
// special cases, overlays.tsv, which are tried before those that there are. The error names the file and the line.
func Load(base fs.FS, more ...fs.FS) (*Catalog, error) {
	c := &Catalog{}
	if _, err := c.locales.open(DefaultLocale); err != nil { // the first, whatever the tables begin with
		return nil, err
	}
	for _, step := range []func(fs.FS) error{c.readReasons, c.readCodes, c.readOverlays, c.readErrata, c.readLocales} {
		if err := step(base); err != nil {
			return nil, err
		}
	}
	for _, folder := range more {
		if err := c.add(folder); err != nil {
			return nil, err
		}
	}
	c.locales.index()
	c.makeSearchable()
	c.version = c.digest()
	return c, nil
}

// add takes in a further folder.
func (c *Catalog) add(folder fs.FS) error {
	if _, err := fs.Stat(folder, overlaysFile); err == nil {
		before := c.overlays
		c.overlays = nil
		if err := c.readOverlays(folder); err != nil {
			return err
		}
		c.overlays = append(c.overlays, before...)
	}
	return c.readTexts(folder, ".")
}

// Lookup finds a code by its canonical spelling.
func (c *Catalog) Lookup(code string) (*Entry, bool) {
	e, ok := c.byCode[code]
	return e, ok
}

// Entries are all codes in the order of their digits.
func (c *Catalog) Entries() []*Entry { return c.entries }

// Reasons are all reasons in the order of their numbers.
func (c *Catalog) Reasons() []Reason { return c.reasons }

// Overlays are the special cases, in the order in which they are tried.
func (c *Catalog) Overlays() []Overlay { return c.overlays }

// Version names the content: two catalogues with the same version say the same.
func (c *Catalog) Version() string { return c.version }
