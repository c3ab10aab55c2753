package catalog_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
)

// A flip changes the values of a column to others that Load accepts. kind and text are of the expected Change.
type flip struct {
	column string
	value  func(old string, n int) string
	kind   string
	text   string // the beginning of Change.Text
}

// flips are those of the columns that both tables of codes have.
var flips = []flip{
	{"status", func(old string, _ int) string { return old + "X" }, "meaning", "status: "},
	{"reason", otherReason, "meaning", "reason: "},
	{"retry", func(old string, _ int) string { return old + "X" }, "meaning", "retry: "},
	{"outcome", func(old string, _ int) string { return old + "X" }, "meaning", "outcome: "},
	{"wait", func(string, int) string { return "59m59s" }, "meaning", "wait: "},
	{"detail", func(old string, _ int) string { return strings.TrimSpace(old + " field:x") }, "meaning", "detail: "},
	{"en", func(old string, _ int) string { return old + "!" }, "text", "en: "},
	{"zh-CN", func(old string, _ int) string { return old + "!" }, "text", "zh-CN: "},
	{"translated", otherLocale, "text", "translated: "},
	{"source", func(old string, _ int) string { return old + "s" }, "source", "source: "},
}

// flipsOf has all flips of a table. A gateway code with another HTTP status is another entry.
var flipsOf = map[string][]flip{
	"codes.tsv": append([]flip{
		{"code", func(_ string, n int) string { return fmt.Sprint("CBC.", 90000000+n) }, "gone", ""},
		{"http", func(string, int) string { return "599" }, "http", "http: "},
	}, flips...),
	"gateway.tsv": append([]flip{
		{"code", func(_ string, n int) string { return fmt.Sprint("ZZZ.", 1000+n) }, "gone", ""},
		{"http", func(_ string, n int) string { return fmt.Sprint(600 + n) }, "gone", ""},
		{"service", func(old string, _ int) string { return old + "s" }, "meaning", "service: "},
	}, flips...),
}

func otherReason(old string, _ int) string {
	if old == "UNRECOGNIZED_CODE" {
		return "FOREIGN_CODE"
	}
	return "UNRECOGNIZED_CODE"
}

func otherLocale(old string, _ int) string {
	if old == "en" {
		return "zh-CN"
	}
	return "en"
}

// TestDiff_EveryCell flips every cell of the tables of codes, a column of all rows at a time: Diff must name each row.
func TestDiff_EveryCell(t *testing.T) {
	before := load(t, copied(t, "."))
	for table, entries := range map[string][]*catalog.Entry{"codes.tsv": before.Entries(), "gateway.tsv": before.Gateway()} {
		for _, flip := range flipsOf[table] {
			t.Run(table+"/"+flip.column, func(t *testing.T) {
				changes := catalog.Diff(before, load(t, flipped(t, table, flip)))
				for _, e := range entries {
					named := func(c catalog.Change) bool {
						return c.Key == e.Key && c.Kind == flip.kind && strings.HasPrefix(c.Text, flip.text)
					}
					if !slices.ContainsFunc(changes, named) {
						t.Errorf("%s: another %s is no %s change", e.Key, flip.column, flip.kind)
					}
				}
			})
		}
		if columns := lines(t, os.DirFS("."), table)[0]; len(columns) != len(flipsOf[table]) {
			t.Errorf("%d columns are flipped, %s has %q", len(flipsOf[table]), table, columns)
		}
	}
}

// flipped returns the real folder with one column changed. It has no overlays and no errata: they name codes and texts that
// the change may remove.
func flipped(t *testing.T, name string, f flip) fs.FS {
	t.Helper()
	folder := copied(t, ".")
	for _, name := range []string{"overlays.tsv", "errata.tsv"} {
		put(folder, name, lines(t, folder, name)[:1])
	}
	table := lines(t, folder, name)
	at := index(t, table[0], f.column)
	for n, cells := range table[1:] {
		cells[at] = f.value(cells[at], n)
	}
	put(folder, name, table)
	return folder
}

// TestWrite_EveryCell also flips every cell. Each change of a row must change a line about it in a generated file, so that
// the diff of the files shows it. The files lack the success codes of other systems and the columns in unwritten.
func TestWrite_EveryCell(t *testing.T) {
	before := load(t, flipped(t, "codes.tsv", flip{"code", func(old string, _ int) string { return old }, "", ""}))
	unwritten := []string{"service", "source", "translated"}
	for table, entries := range map[string][]*catalog.Entry{"codes.tsv": before.Entries(), "gateway.tsv": before.Gateway()} {
		for _, flip := range flipsOf[table] {
			if slices.Contains(unwritten, flip.column) {
				continue
			}
			t.Run(table+"/"+flip.column, func(t *testing.T) {
				after := written(t, load(t, flipped(t, table, flip)))
				lines := slices.Collect(maps.Keys(written(t, before)))
				for _, e := range entries {
					changed := func(line string) bool { return mentions(line, e) && !after[line] }
					if e.Status != "OK" && !slices.ContainsFunc(lines, changed) {
						t.Errorf("%s: another %s changes no generated line", e.Key, flip.column)
					}
				}
			})
		}
	}
}

// mentions reports whether a line is about an entry.
func mentions(line string, e *catalog.Entry) bool {
	return strings.Contains(line, strings.Replace(e.Code, ".", "_", 1)) || strings.Contains(line, e.Code)
}

// written returns the lines of all generated files. The lines of an enum value are joined to one.
func written(t *testing.T, c *catalog.Catalog) map[string]bool {
	t.Helper()
	var codes, others strings.Builder
	if err := errors.Join(c.WriteErrorCodes(&codes), c.WriteErrorReasons(&others), c.WriteCases(&others)); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, value := range strings.Split(codes.String(), "\n  // ") {
		all[value] = true
	}
	for line := range strings.Lines(others.String()) {
		all[line] = true
	}
	return all
}
