package catalog_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// A row has the cells of a row of a table, by the names of their columns.
type row map[string]string

func rows(t testing.TB, name string) []row {
	t.Helper()
	table := lines(t, os.DirFS("."), name)
	var list []row
	for n, cells := range table[1:] {
		if len(cells) != len(table[0]) {
			t.Fatalf("%s:%d: %d cells, want %d", name, n+2, len(cells), len(table[0]))
		}
		r := row{}
		for i, column := range table[0] {
			r[column] = cells[i]
		}
		list = append(list, r)
	}
	return list
}

// TestTables_Laws checks the laws of the real tables. It does not use the reader of the package, so that no law depends on
// how that reads a cell. Each error names the row.
func TestTables_Laws(t *testing.T) {
	all := tables{rows(t, "codes.tsv"), rows(t, "gateway.tsv"), rows(t, "reasons.tsv"), rows(t, "retries.tsv")}
	for _, law := range codeLaws {
		t.Run(law.name, func(t *testing.T) { checkRows(t, all.codes, "code", law.broken) })
	}
	for _, law := range gatewayLaws {
		t.Run(law.name, func(t *testing.T) { checkRows(t, all.gateway, "code", law.broken) })
	}
	for _, law := range entryLaws {
		t.Run(law.name, func(t *testing.T) { checkRows(t, all.entries(), "code", law.broken) })
	}
	for _, law := range reasonLaws {
		t.Run(law.name, func(t *testing.T) { checkRows(t, all.reasons, "reason", law.broken) })
	}
	for _, law := range adviceLaws {
		t.Run(law.name, func(t *testing.T) { checkRows(t, all.advice(), "reason", law.broken) })
	}
	for _, law := range tableLaws {
		t.Run(law.name, func(t *testing.T) { law.check(t, all) })
	}
}

// tables are the real tables.
type tables struct{ codes, gateway, reasons, retries []row }

// entries returns the rows of codes, of the CBC and of other systems.
func (all tables) entries() []row { return slices.Concat(all.codes, all.gateway) }

func checkRows(t *testing.T, table []row, key string, broken func(row) string) {
	for _, r := range table {
		if complaint := broken(r); complaint != "" {
			t.Errorf("%s %s: %s", r[key], r["http"], complaint)
		}
	}
}

// The sets of mapping.md. No business API returns DATA_LOSS or CANCELLED, and only a gateway returns UNIMPLEMENTED.
var (
	statuses = strings.Fields(`OK UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED
		RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE INTERNAL UNAVAILABLE UNAUTHENTICATED`)
	retries   = strings.Fields("CHANGE_REQUEST FIX_STATE BACKOFF BACKOFF_IF_IDEMPOTENT VERIFY_FIRST")
	outcomes  = strings.Fields("NOT_APPLIED APPLIED ALREADY_APPLIED PARTIALLY_APPLIED IN_PROGRESS UNKNOWN")
	kinds     = strings.Fields("field precondition quota resource")
	fallbacks = strings.Fields("UNRECOGNIZED_CODE FOREIGN_CODE UNRECOGNIZED_RESPONSE CONTRADICTORY_RESPONSE")
)

var (
	wellFormedCode   = regexp.MustCompile(`^CBC\.([0-9]{4}|[1-9][0-9]{7})$`)
	wellFormedReason = regexp.MustCompile(`^[A-Z][A-Z0-9_]+[A-Z0-9]$`)
	wellFormedDetail = regexp.MustCompile(`^([a-z]+):[A-Za-z0-9_]+(,[A-Za-z0-9_]+)*$`)
	wellFormedSource = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ,;:()/_-]*$`)
	placeholder      = regexp.MustCompile(`%[(a-z]|[{}]`)
	sentence         = regexp.MustCompile(`^[A-Z].*[^ .]\.$`)
)

// A rowLaw is about each row of a table. broken returns what is wrong with a row, empty if nothing is.
type rowLaw struct {
	name   string
	broken func(row) string
}

var codeLaws = []rowLaw{
	{"code well-formed", func(r row) string { return unless(wellFormedCode.MatchString(r["code"]), "not CBC. and 4 or 8 digits") }},
	{"http is a status", httpIsStatus},
	{"status canonical", func(r row) string { return among(statuses, r["status"]) }},
}

// entryLaws are about each row of both tables of codes.
var entryLaws = []rowLaw{
	{"only success is OK", func(r row) string { return unless(succeeds(r) == (r["status"] == "OK"), "status %s", r["status"]) }},
	{"reason well-formed", reasonWellFormed},
	{"retry known", retryKnown},
	{"outcome known", func(r row) string { return among(outcomes, r["outcome"]) }},
	{"wait allowed", waitAllowed},
	{"money safe", moneySafe},
	{"detail known", detailKnown},
	{"nothing empty", nothingEmpty},
	{"no outer blanks", noOuterBlanks},
	{"English without CJK", func(r row) string { return unless(!strings.ContainsFunc(r["en"], cjk), "en: %s", r["en"]) }},
	{"Chinese with CJK", func(r row) string { return unless(strings.ContainsFunc(r["zh-CN"], han), "zh-CN: %s", r["zh-CN"]) }},
	{"texts fit into trailers", textsFit},
	{"source for people", sourceForPeople},
	{"translated known", translatedKnown},
	{"no placeholder", func(r row) string {
		return unless(!placeholder.MatchString(r["en"]+r["zh-CN"]), "%s %s", r["en"], r["zh-CN"])
	}},
}

// httpIsStatus: the page documents the HTTP status of each of its codes; other sources may not.
func httpIsStatus(r row) string {
	undocumented := r["http"] == "" && r["source"] != "page"
	return unless(undocumented || between(r["http"], 100, 599), "http %q", r["http"])
}

// sourceForPeople: readers of any language see the source, so it is short and ASCII.
func sourceForPeople(r row) string {
	return unless(wellFormedSource.MatchString(r["source"]) && len(r["source"]) <= 64, "source %q", r["source"])
}

// translatedKnown: the page has both texts of its codes. For other sources this project may have translated one or both.
func translatedKnown(r row) string {
	if r["source"] == "page" {
		return unless(r["translated"] == "", "translated %q", r["translated"])
	}
	return among([]string{"", "en", "zh-CN", "en,zh-CN"}, r["translated"])
}

func reasonWellFormed(r row) string {
	return unless(wellFormedReason.MatchString(r["reason"]) && len(r["reason"]) <= 63, "reason %q", r["reason"])
}

func succeeds(r row) bool { return r["code"] == "CBC.0000" || r["code"] == "MKT.0000" }

// retryKnown: success needs no advice, every error does.
func retryKnown(r row) string {
	if succeeds(r) {
		return unless(r["retry"] == "", "retry %s", r["retry"])
	}
	return among(retries, r["retry"])
}

// waitAllowed: a wait says that the same call may succeed after it. It is in whole seconds.
func waitAllowed(r row) string {
	if r["wait"] == "" {
		return ""
	}
	d, err := time.ParseDuration(r["wait"])
	backoff := r["retry"] == "BACKOFF" || r["retry"] == "BACKOFF_IF_IDEMPOTENT"
	valid := err == nil && d > 0 && d <= time.Hour && d%time.Second == 0
	return unless(backoff && valid, "wait %s with retry %s", r["wait"], r["retry"])
}

// moneySafe: if the call may have taken effect, nothing may cause an automatic retry. CBC.99003115 is an exception, because
// its text orders a retry. If it becomes safe, remove the exception.
func moneySafe(r row) string {
	open := slices.Contains([]string{"IN_PROGRESS", "UNKNOWN", "PARTIALLY_APPLIED"}, r["outcome"])
	repeated := slices.Contains([]string{"UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED"}, r["status"]) || r["wait"] != ""
	if r["code"] == "CBC.99003115" {
		return unless(open && repeated, "no longer an exception")
	}
	return unless(!open || !repeated, "outcome %s with status %s and wait %q", r["outcome"], r["status"], r["wait"])
}

func detailKnown(r row) string {
	for part := range strings.FieldsSeq(r["detail"]) {
		match := wellFormedDetail.FindStringSubmatch(part)
		if match == nil || !slices.Contains(kinds, match[1]) {
			return fmt.Sprintf("detail %q", part)
		}
	}
	return ""
}

func nothingEmpty(r row) string {
	for column, cell := range r {
		mayBe := slices.Contains([]string{"http", "wait", "detail", "translated"}, column) || column == "retry" && succeeds(r)
		if cell == "" && !mayBe {
			return column + " is empty"
		}
	}
	return ""
}

func noOuterBlanks(r row) string {
	for column, cell := range r {
		if strings.TrimSpace(cell) != cell {
			return fmt.Sprintf("%s %q", column, cell)
		}
	}
	return ""
}

// textsFit: trailers of at most 6 KiB contain the English text twice and the localized text twice.
func textsFit(r row) string {
	return unless(len(r["en"]) <= 512 && len(r["zh-CN"]) <= 1024, "%d and %d bytes", len(r["en"]), len(r["zh-CN"]))
}

func unless(fine bool, format string, args ...any) string {
	if fine {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func among(set []string, name string) string {
	return unless(slices.Contains(set, name), "%q is not one of %q", name, set)
}

func between(text string, low, high int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && low <= n && n <= high
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// cjk reports whether a character is Han, kana, or ideographic or full-width punctuation.
func cjk(r rune) bool {
	return han(r) || 0x3000 <= r && r <= 0x30ff || 0xff00 <= r && r <= 0xffef
}
