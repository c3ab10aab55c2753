package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// addSource adds the system of a code, where it is published, and which of its texts are translations.
func (w messages) addSource(table *Table, e *errorv1.CatalogEntry) {
	table.Add(w["service"], e.GetService())
	table.Add(w["source"], cmp.Or(w["source."+e.GetSource()], e.GetSource()))
	table.Add(w["ourTranslation"], strings.Join(e.GetTranslatedLocales(), ", "))
}

// note returns the source of a code that is not on upstream's page, and whether the text is a translation.
func (w messages) note(e *errorv1.CatalogEntry, locale string) string {
	switch {
	case e.GetSource() == "page" || e.GetSource() == "":
		return ""
	case slices.Contains(e.GetTranslatedLocales(), locale):
		return " [" + e.GetSource() + " · " + w["ourTranslation"] + "]"
	}
	return " [" + e.GetSource() + "]"
}

// documented returns the HTTP status of an entry: the documented one, or the one that a response must have.
func (w messages) documented(e *errorv1.CatalogEntry) string {
	switch {
	case e.GetHttpStatus() != 0:
		return strconv.Itoa(int(e.GetHttpStatus()))
	case e.GetService() != "":
		return w["any"]
	}
	return w["undocumented"]
}
