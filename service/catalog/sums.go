package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// tables are the files whose every line has a digest.
var tables = []string{"codes.tsv", "gateway.tsv", "reasons.tsv", "overlays.tsv", "errata.tsv"}

// Sums is a digest for each line of each table of the embedded catalogue, so that no cell changes unseen: a line
// `codes.tsv CBC.0250 <digest>` per row.
func Sums() ([]byte, error) {
	var b bytes.Buffer
	for _, name := range tables {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(content)) {
			line = strings.TrimSuffix(line, "\n")
			sum := sha256.Sum256([]byte(line))
			fmt.Fprintf(&b, "%s %s %s\n", name, rowName(line), hex.EncodeToString(sum[:8]))
		}
	}
	return b.Bytes(), nil
}

// rowName names a line by its first cell that is not empty, so that people know it again.
func rowName(line string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(line, "\t"), "\t")
	return strings.ReplaceAll(name, " ", "_")
}

// digest is the catalogue's version: a hash of all that it says.
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

// keys are all that can be said: the entries, then the reasons.
func (c *Catalog) keys() []string {
	var keys []string
	for _, e := range c.all() {
		keys = append(keys, e.Key)
	}
	for _, r := range c.reasons {
		keys = append(keys, r.Name)
	}
	return keys
}
