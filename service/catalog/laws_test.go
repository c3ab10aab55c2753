package catalog_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
)

// lawful is a catalogue that keeps all laws. It never changes.
const lawful = "../test/testserver/tables"

// TestCheckLaws_RealTables checks the laws of the real tables. Each line of the error names a cell and its rule.
func TestCheckLaws_RealTables(t *testing.T) {
	if err := catalog.CheckLaws(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

// A brokenLaw changes one cell of a lawful table. The row is named by its code, reason or retry advice; of a code with
// several rows, it is the first. The error has the place, the row, the column and the value, and the rule.
type brokenLaw struct{ table, row, column, value, rule string }

// TestCheckLaws_BrokenLaw breaks one law at a time.
func TestCheckLaws_BrokenLaw(t *testing.T) {
	if err := catalog.CheckLaws(copied(t, lawful)); err != nil {
		t.Fatalf("the tables before the change: %v", err)
	}
	for _, law := range slices.Concat(brokenCodes, brokenGateway, brokenReasons, brokenAdvice, brokenErrata) {
		t.Run(strings.Join([]string{law.table, law.row, law.column, law.value}, " "), func(t *testing.T) {
			folder := copied(t, lawful)
			place := edit{law.table, lineOf(t, lines(t, folder, law.table), law.row), law.column, law.value}
			place.apply(t, folder)
			err := catalog.CheckLaws(folder)
			want := fmt.Sprintf("%s:%d: %s: %s: %q must be %s", place.file, place.line, law.row, law.column, law.value, law.rule)
			if law.column == "code" || law.column == "reason" && law.table == "reasons.tsv" || law.column == "retry" && law.table == "retries.tsv" {
				want = strings.Replace(want, law.row+": ", law.value+": ", 1) // the row has another name now
			}
			if err == nil || !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool { return strings.HasPrefix(line, want) }) {
				t.Errorf("error:\n%v\nwant a line:\n%s", err, want)
			}
		})
	}
}

// lineOf returns the line of the row with a name in its first two columns, counted from 1.
func lineOf(t *testing.T, table [][]string, name string) int {
	t.Helper()
	i := slices.IndexFunc(table, func(cells []string) bool { return slices.Contains(cells[:2], name) })
	if i < 0 {
		t.Fatalf("no row %s", name)
	}
	return i + 1
}

// A table without its last row lacks what every answer needs.
func TestCheckLaws_MissingRow(t *testing.T) {
	for _, c := range []struct{ table, row, want string }{
		{"reasons.tsv", "FOREIGN_CODE", `reasons.tsv: FOREIGN_CODE: reason: "FOREIGN_CODE" must be in the table`},
		{"retries.tsv", "VERIFY_FIRST", `retries.tsv: VERIFY_FIRST: retry: "VERIFY_FIRST" must be in the table`},
	} {
		folder := copied(t, lawful)
		table := lines(t, folder, c.table)
		i := lineOf(t, table, c.row) - 1
		put(folder, c.table, slices.Delete(table, i, i+1))
		if err := catalog.CheckLaws(folder); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Trailers of at most 6 KiB contain each text twice, and people read advice at a glance.
func TestCheckLaws_LongText(t *testing.T) {
	for _, c := range []struct{ table, row, column, value, want string }{
		{"codes.tsv", "CBC.0250", "en", strings.Repeat("a", 513), "(513 bytes) must be at most 512 bytes"},
		{"gateway.tsv", "APIGW.0308", "zh-CN", strings.Repeat("限流", 171), "(1026 bytes) must be at most 1024 bytes"},
		{"reasons.tsv", "UNRECOGNIZED_CODE", "en", strings.Repeat("a", 513), "(513 bytes) must be at most 512 bytes"},
		{"reasons.tsv", "REQUEST_THROTTLED", "advice.en", "Wait " + strings.Repeat("a", 94) + ", then repeat the call.", "(122 bytes) must be at most 120 characters"},
		{"reasons.tsv", "REQUEST_THROTTLED", "advice.zh-CN", "请稍后" + strings.Repeat("再", 55) + "重试。", "(183 bytes) must be at most 60 characters"},
	} {
		folder := copied(t, lawful)
		edit{c.table, lineOf(t, lines(t, folder, c.table), c.row), c.column, c.value}.apply(t, folder)
		if err := catalog.CheckLaws(folder); err == nil || !strings.HasSuffix(err.Error(), c.want) || !strings.Contains(err.Error(), c.row+": "+c.column) {
			t.Errorf("%s %s: %v, want … %s", c.row, c.column, err, c.want)
		}
	}
}

// A change of a code can break a law about its reason.
func TestCheckLaws_ReasonOfACode(t *testing.T) {
	for _, c := range []struct{ column, value, want string }{
		{"reason", "FOREIGN_CODE", `FOREIGN_CODE: reason: "FOREIGN_CODE" must be the reason of a code, or one of UNRECOGNIZED_CODE, `},
		{"outcome", "ALREADY_APPLIED", "must be advice that fits ALREADY_APPLIED, matching `^Do nothing: |, and do not `"},
		{"outcome", "ALREADY_APPLIED", "must be advice that fits ALREADY_APPLIED, matching `^无需处理：|，请勿`"},
	} {
		folder := copied(t, lawful)
		edit{"codes.tsv", lineOf(t, lines(t, folder, "codes.tsv"), "CBC.99000049"), c.column, c.value}.apply(t, folder)
		if err := catalog.CheckLaws(folder); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Two corrections of one text contradict each other.
func TestCheckLaws_CorrectedTwice(t *testing.T) {
	folder := copied(t, lawful)
	table := lines(t, folder, "errata.tsv")
	put(folder, "errata.tsv", append(table, table[1]))
	if err := catalog.CheckLaws(folder); err == nil || !strings.Contains(err.Error(), `locale: "en" must be unique for a code`) {
		t.Errorf("%v, want one of the second correction", err)
	}
}

func TestCheckLaws_MissingTable(t *testing.T) {
	folder := copied(t, lawful)
	delete(folder, "retries.tsv")
	if err := catalog.CheckLaws(folder); err == nil || !strings.Contains(err.Error(), "retries.tsv") {
		t.Errorf("%v, want one that names retries.tsv", err)
	}
}
