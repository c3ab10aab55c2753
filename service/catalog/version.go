package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// digest returns the catalogue's version: a hash of its content.
func (c *Catalog) digest() string {
	h := sha256.New()
	for _, e := range c.all() {
		fmt.Fprintf(h, "%q\n", fmt.Sprint(*e))
	}
	fmt.Fprintf(h, "%q\n%q\n", c.reasons, c.overlays)
	for _, l := range c.locales.list {
		for _, key := range c.keys() {
			fmt.Fprintf(h, "%q %q %q\n", l.tag, key, l.texts[key])
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// keys returns the keys of all texts: those of the entries, the reasons, their advice and the general advice.
func (c *Catalog) keys() []string {
	var keys []string
	for _, e := range c.all() {
		keys = append(keys, e.Key)
	}
	for _, r := range c.reasons {
		keys = append(keys, r.Name, adviceKey(r.Name))
	}
	for _, retry := range c.retries {
		keys = append(keys, generalAdviceKey(retry))
	}
	return keys
}
