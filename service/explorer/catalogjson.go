package explorer

import "github.com/cbcerr/cbcerr/service/catalog"

// catalogData is the data of the catalogue that the REST API does not return.
type catalogData struct {
	Reasons  []reason  `json:"reasons"`
	Overlays []overlay `json:"overlays"`
}

// A reason is an ErrorReason without its prefix, and its texts by locale.
type reason struct {
	Name   string            `json:"name"`
	Advice map[string]string `json:"advice"`
	Texts  map[string]string `json:"texts,omitempty"` // empty if the texts are those of the codes
}

// An overlay is another meaning of a code under a condition.
type overlay struct {
	Code    string `json:"code"`
	Shape   string `json:"shape,omitempty"`   // condition: shape of the body
	Message string `json:"message,omitempty"` // condition: text that the message contains
	As      string `json:"as,omitempty"`      // code whose meaning applies; empty for the code within the message
}

// reasonsOf returns all reasons.
func reasonsOf(c *catalog.Catalog) []reason {
	var all []reason
	for _, r := range c.Reasons() {
		texts, advice := map[string]string{}, map[string]string{}
		for _, tag := range c.Locales() {
			if text, found := c.Text(r.Name, tag); text != "" {
				texts[found] = text
			}
			text, found := c.Advice(r.Name, tag)
			advice[found] = text
		}
		all = append(all, reason{r.Name, advice, texts})
	}
	return all
}

// overlaysOf returns the overlays of catalogued codes. Other overlays concern responses without a code.
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
