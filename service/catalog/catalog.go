package catalog

import (
	"embed"
	"io/fs"
	"slices"
	"time"
)

//go:embed *.tsv locales
var files embed.FS

// Catalog is everything that is known about the codes. It never changes and is safe for concurrent use.
type Catalog struct {
	entries  []*Entry
	byCode   map[string]*Entry
	gateway  []*Entry
	reasons  []Reason
	overlays []Overlay
	errata   []Erratum
	locales  locales
	version  string

	byGatewayKey map[gatewayKey]*Entry
	hasReason    map[string]bool
	searchable   map[string]string // by key: all that an entry is found by
}

// Page is the source of the codes on upstream's page.
const Page = "page"

// Entry is what a code means: one line of codes.tsv, or of gateway.tsv.
type Entry struct {
	Code       string        // canonical spelling, such as CBC.0250
	Key        string        // unique name, also of its texts: the code, followed by the HTTP status if the entry needs one
	Service    string        // system that the code belongs to; empty for the CBC
	Number     int32         // the value's number in the ErrorCode enum; 0 for other systems, which have none
	HTTPStatus int           // CBC: documented status, 0 if none is; never decides. Others: the status needed, 0 for any
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

// Erratum is a published text that the tables have mended: one line of errata.tsv.
type Erratum struct {
	Code, Locale, Published, Ours string // the code is an entry's key
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
	for _, step := range []func(fs.FS) error{c.readReasons, c.readCodes, c.readGateway, c.readOverlays, c.readErrata, c.readLocales} {
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
	c.relate()
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

// Lookup finds a code of the CBC by its canonical spelling.
func (c *Catalog) Lookup(code string) (*Entry, bool) {
	e, ok := c.byCode[code]
	return e, ok
}

// Entries are all codes of the CBC in the order of their digits.
func (c *Catalog) Entries() []*Entry { return c.entries }

// all are the entries of both tables.
func (c *Catalog) all() []*Entry { return slices.Concat(c.entries, c.gateway) }

// Reasons are all reasons in the order of their numbers.
func (c *Catalog) Reasons() []Reason { return c.reasons }

// Overlays are the special cases, in the order in which they are tried.
func (c *Catalog) Overlays() []Overlay { return c.overlays }

// Version names the content: two catalogues with the same version say the same.
func (c *Catalog) Version() string { return c.version }
