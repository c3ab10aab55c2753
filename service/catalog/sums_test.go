package catalog_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
)

const regenerate = "run `go generate ./...` and look at the diff"

// TestSums is why no cell changes unseen: the digests are committed, and a change of a table without them fails here.
func TestSums(t *testing.T) {
	want, got := committedSums(t), embeddedSums(t)
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%s changed or is new: %s", rowOf(line), regenerate)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%s changed or is gone: %s", rowOf(line), regenerate)
		}
	}
	if !t.Failed() && !slices.Equal(want, got) {
		t.Errorf("the rows of testdata/rows.sum stand in another order than the tables': %s", regenerate)
	}
}

func committedSums(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile("testdata/rows.sum")
	if err != nil {
		t.Fatalf("%v: %s", err, regenerate)
	}
	return strings.Split(string(content), "\n")
}

func embeddedSums(t *testing.T) []string {
	t.Helper()
	content, err := catalog.Sums()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(content), "\n")
}

// rowOf is the part of a digest's line that people know: the table and the code or reason.
func rowOf(line string) string {
	return line[:max(0, strings.LastIndexByte(line, ' '))]
}

// TestSumsCoverWholeLines takes the digests by itself, over every byte of every line of every table in the folder: a
// table or a cell that Sums leaves out would change unseen.
func TestSumsCoverWholeLines(t *testing.T) {
	want, got := map[string][]string{}, map[string][]string{}
	for name, file := range copied(t, ".") {
		for line := range strings.Lines(string(file.Data)) {
			sum := sha256.Sum256([]byte(strings.TrimSuffix(line, "\n")))
			want[name] = append(want[name], hex.EncodeToString(sum[:8]))
		}
	}
	for _, line := range embeddedSums(t) {
		if fields := strings.Fields(line); len(fields) == 3 {
			got[fields[0]] = append(got[fields[0]], fields[2])
		}
	}
	for name := range want {
		if !slices.Equal(want[name], got[name]) {
			t.Errorf("%s: Sums has not one digest of the whole line per line", name)
		}
	}
}

// TestSumsNameRows: a digest nobody can tell the row of would not help who reads the diff.
func TestSumsNameRows(t *testing.T) {
	sums := embeddedSums(t)
	for _, r := range rows(t, "codes.tsv") {
		if !slices.ContainsFunc(sums, func(s string) bool { return rowOf(s) == "codes.tsv "+r["code"] }) {
			t.Errorf("%s: no digest by this name", r["code"])
		}
	}
}

// flips gives each column of codes.tsv another value that Load takes, and says how Diff must name the change.
var flips = []struct {
	column string
	value  func(old string, n int) string
	kind   string
	what   string // what the description begins with
}{
	{"code", func(_ string, n int) string { return fmt.Sprint("CBC.", 90000000+n) }, "gone", ""},
	{"http", func(string, int) string { return "599" }, "http", "http: "},
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

// TestNoCellChangesUnseen flips every cell of codes.tsv, a column of all rows at a time: the catalogue must answer
// differently for every row, or else something reads past that cell.
func TestNoCellChangesUnseen(t *testing.T) {
	before := load(t, copied(t, "."))
	for _, flip := range flips {
		t.Run(flip.column, func(t *testing.T) {
			changes := catalog.Diff(before, load(t, flipped(t, flip.column, flip.value)))
			for _, e := range before.Entries() {
				named := func(c catalog.Change) bool {
					return c.Key == e.Code && c.Kind == flip.kind && strings.HasPrefix(c.What, flip.what)
				}
				if !slices.ContainsFunc(changes, named) {
					t.Errorf("%s: another %s is no %s change", e.Code, flip.column, flip.kind)
				}
			}
		})
	}
	if columns := lines(t, os.DirFS("."), "codes.tsv")[0]; len(columns) != len(flips) {
		t.Errorf("%d columns are flipped, the table has %q", len(flips), columns)
	}
}

// flipped is the real folder with one column changed. It has neither overlays nor errata, which would rightly refuse
// codes and texts they do not know.
func flipped(t *testing.T, column string, value func(string, int) string) fs.FS {
	t.Helper()
	folder := copied(t, ".")
	for _, name := range []string{"overlays.tsv", "errata.tsv"} {
		put(folder, name, lines(t, folder, name)[:1])
	}
	table := lines(t, folder, "codes.tsv")
	at := index(t, table[0], column)
	for n, cells := range table[1:] {
		cells[at] = value(cells[at], n)
	}
	put(folder, "codes.tsv", table)
	return folder
}

// TestVersion changes what callers can be told, one cell at a time: caches must not keep the old answer.
func TestVersion(t *testing.T) {
	before := load(t, copied(t, small)).Version()
	if again := load(t, copied(t, small)).Version(); again != before {
		t.Errorf("the same folder has the versions %s and %s", before, again)
	}
	for _, e := range spoken {
		folder := copied(t, small)
		e.apply(t, folder)
		if after := load(t, folder).Version(); after == before {
			t.Errorf("%s:%d: %s %q leaves the version as it was", e.file, e.line, e.column, e.value)
		}
	}
	if load(t, copied(t, small), german).Version() == before {
		t.Error("a further language leaves the version as it was")
	}
}

var spoken = []edit{
	{"codes.tsv", 5, "code", "CBC.30000002"},
	{"codes.tsv", 5, "http", "500"},
	{"codes.tsv", 5, "status", "NOT_FOUND"},
	{"codes.tsv", 5, "reason", "THROTTLED"},
	{"codes.tsv", 5, "retry", "FIX_STATE"},
	{"codes.tsv", 5, "outcome", "APPLIED"},
	{"codes.tsv", 5, "wait", "2s"},
	{"codes.tsv", 5, "detail", "field:phone,mail precondition:VERIFICATION"},
	{"codes.tsv", 5, "en", "The telephone is wrong."},
	{"codes.tsv", 5, "zh-CN", "电话错误。"},
	{"codes.tsv", 5, "translated", "zh-CN"},
	{"codes.tsv", 5, "source", "live responses"},
	{"reasons.tsv", 2, "en", "Another unknown code."},
	{"reasons.tsv", 2, "comment", "No one knows the code."},
	{"reasons.tsv", 6, "number", "7"},
	{"overlays.tsv", 2, "message", "too slow"},
}
