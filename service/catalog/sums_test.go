package catalog_test

import (
	"crypto/sha256"
	"encoding/hex"
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
	for _, table := range []string{"codes.tsv", "gateway.tsv"} {
		for _, r := range rows(t, table) {
			if !slices.ContainsFunc(sums, func(s string) bool { return rowOf(s) == table+" "+r["code"] }) {
				t.Errorf("%s: no digest by this name", r["code"])
			}
		}
	}
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
	{"gateway.tsv", 4, "code", "IAM.0013"},
	{"gateway.tsv", 4, "http", "429"},
	{"gateway.tsv", 4, "service", "sts"},
	{"gateway.tsv", 4, "retry", "FIX_STATE"},
	{"gateway.tsv", 4, "zh-CN", "锁定"},
	{"gateway.tsv", 4, "source", "another page"},
	{"reasons.tsv", 2, "en", "Another unknown code."},
	{"reasons.tsv", 2, "comment", "No one knows the code."},
	{"reasons.tsv", 6, "number", "7"},
	{"overlays.tsv", 2, "message", "too slow"},
}
