package catalog

import (
	"embed"
	"io/fs"
	"slices"
	"time"
)

//go:embed *.tsv locales
var files embed.FS

// A Catalog is a set of codes and their meanings. It never changes and is safe for concurrent use.
type Catalog struct {
	entries  []*Entry
	byCode   map[string]*Entry
	gateway  []*Entry
	reasons  []Reason
	retries  []string // names of the retry advice
	overlays []Overlay
	errata   []Erratum
	locales  locales
	version  string

	byGatewayKey map[gatewayKey]*Entry
	hasReason    map[string]bool
	searchable   map[string]searchable // by key
	vocabulary   []string              // the words that Search looks in, in lower case and sorted
}

// Page is the source of the codes of upstream's page.
const Page = "page"

// An Entry is the meaning of a code: one row of codes.tsv or gateway.tsv.
type Entry struct {
	Code       string        // canonical spelling, such as CBC.0250
	Key        string        // unique; the code, followed by the HTTP status if the entry needs one
	Service    string        // the system of the code; empty for the CBC
	Number     int32         // number in the ErrorCode enum; 0 for other systems
	HTTPStatus int           // CBC: the documented status, informational, 0 if none is. Others: the status required, 0 for any
	Status     string        // name of the canonical google.rpc.Code
	Reason     string        // the constant to branch on
	Retry      string        // name of the retry advice; empty for the success code
	Outcome    string        // name of the outcome
	Wait       time.Duration // the retry delay; 0 if none is advised
	Details    []Detail      // the standard error details
	Related    []string      // the other codes with the same reason
	Source     string        // Page, the name of another page, or "live responses"
	Translated []string      // locales whose text is a translation by this project
}

// A Detail is a standard error detail: its kind (field, precondition, quota, resource) and names.
type Detail struct {
	Kind  string
	Names []string
}

// Names returns the names of a kind of detail, or nil if the error does not carry it.
func (e *Entry) Names(kind string) []string {
	for _, d := range e.Details {
		if d.Kind == kind {
			return d.Names
		}
	}
	return nil
}

// A Reason is a constant of ErrorInfo.reason: one row of reasons.tsv.
type Reason struct {
	Number  int32 // published numbers never change
	Name    string
	Comment string
}

// An Overlay gives a response the meaning of another code: one row of overlays.tsv. The first
// three fields are conditions; an empty Shape or Message holds for every response.
type Overlay struct {
	Code    string // a code in its canonical spelling; empty for responses without one
	Shape   string // name of a shape of package envelope
	Message string // part of the message, in any letter case
	As      string // the code whose meaning counts, or Nested
}

// Nested is the As of a code that wraps another: if the message embeds a code, its meaning counts.
const Nested = "NESTED"

// An Erratum is a published text that the tables correct: one row of errata.tsv.
type Erratum struct {
	Code, Locale, Published, Corrected string // Code is an entry's key
}

// Embedded returns the catalogue that the program was built with, extended by further folders.
func Embedded(more ...fs.FS) (*Catalog, error) { return Load(files, more...) }

// Load reads a catalogue from a folder laid out as this package's own. Further folders add languages (<tag>.tsv) and
// overlays (overlays.tsv), which take precedence. An error names the file and the line.
func Load(base fs.FS, more ...fs.FS) (*Catalog, error) {
	c := &Catalog{}
	if _, err := c.locales.open(DefaultLocale); err != nil { // Locales begins with it
		return nil, err
	}
	for _, step := range []func(fs.FS) error{c.readReasons, c.readRetries, c.readCodes, c.readGateway, c.readOverlays, c.readErrata, c.readLocales} {
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
	c.linkRelated()
	c.makeSearchable()
	c.makeVocabulary()
	c.version = c.digest()
	return c, nil
}

// add reads a further folder.
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

// Lookup returns the entry of a code of the CBC in its canonical spelling. Callers must not modify the entry.
func (c *Catalog) Lookup(code string) (*Entry, bool) {
	e, ok := c.byCode[code]
	return e, ok
}

// Entries returns the entries of the CBC in the order of their digits. Callers must not modify the slice or the entries.
func (c *Catalog) Entries() []*Entry { return c.entries }

// all returns the entries of both tables.
func (c *Catalog) all() []*Entry { return slices.Concat(c.entries, c.gateway) }

// Reasons returns the reasons in the order of their numbers. Callers must not modify the slice.
func (c *Catalog) Reasons() []Reason { return c.reasons }

// Overlays returns the overlays in the order of precedence. Callers must not modify the slice.
func (c *Catalog) Overlays() []Overlay { return c.overlays }

// Version identifies the content: catalogues with the same version are equal.
func (c *Catalog) Version() string { return c.version }
