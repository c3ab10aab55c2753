package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// addSource says to which system a code belongs, where it is published and which of its texts are translations.
func (w words) addSource(sheet *Sheet, e *errorv1.CatalogEntry) {
	sheet.Add(w["service"], e.GetService())
	sheet.Add(w["source"], cmp.Or(w["source."+e.GetSource()], e.GetSource()))
	sheet.Add(w["ourTranslation"], strings.Join(e.GetTranslatedLocales(), ", "))
}

// note says after a text where a code that is not on upstream's page is published, and whether the text is a translation.
func (w words) note(e *errorv1.CatalogEntry, locale string) string {
	switch {
	case e.GetSource() == "page" || e.GetSource() == "":
		return ""
	case slices.Contains(e.GetTranslatedLocales(), locale):
		return " [" + e.GetSource() + " · " + w["ourTranslation"] + "]"
	}
	return " [" + e.GetSource() + "]"
}

// documented is the HTTP status of an entry: what is documented, or what a response needs to mean it.
func (w words) documented(e *errorv1.CatalogEntry) string {
	switch {
	case e.GetHttpStatus() != 0:
		return strconv.Itoa(int(e.GetHttpStatus()))
	case e.GetService() != "":
		return w["any"]
	}
	return w["undocumented"]
}
