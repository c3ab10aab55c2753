package explorer

import "github.com/cbcerr/cbcerr/service/catalog"

// beyondREST is what the page shows of the catalogue that REST does not say.
type beyondREST struct {
	Reasons  []reason  `json:"reasons"`
	Overlays []overlay `json:"overlays"`
}

// A reason is a constant and what it means.
type reason struct {
	Name    string            `json:"name"`
	Comment string            `json:"comment"`
	Texts   map[string]string `json:"texts,omitempty"` // by locale, where no code has one
}

// An overlay is what a code means somewhere else.
type overlay struct {
	Code    string `json:"code"`
	Shape   string `json:"shape,omitempty"`   // where the body has this shape
	Message string `json:"message,omitempty"` // where the message says so
	As      string `json:"as,omitempty"`      // the code whose meaning counts; none where it is the one that the message embeds
}

func reasonsOf(c *catalog.Catalog) []reason {
	var all []reason
	for _, r := range c.Reasons() {
		texts := map[string]string{}
		for _, tag := range c.Locales() {
			if text, found := c.Text(r.Name, tag); text != "" {
				texts[found] = text
			}
		}
		all = append(all, reason{r.Name, r.Comment, texts})
	}
	return all
}

// overlaysOf are those of codes; the others are about responses without one.
func overlaysOf(c *catalog.Catalog) []overlay {
	var all []overlay
	for _, o := range c.Overlays() {
		if o.As == catalog.Nested {
			o.As = ""
		}
		if _, ok := c.Lookup(o.Code); ok {
			all = append(all, overlay{o.Code, o.Shape, o.Message, o.As})
		}
	}
	return all
}
