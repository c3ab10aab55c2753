package catalog_test

import (
	"maps"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// counted are the reviewed numbers of rows. No other test fails if a row is added to the tables.
var counted = map[string]int{
	"codes.tsv":                            278,
	"codes.tsv, source page":               218,
	"codes.tsv, source page, HTTP 200":     36,
	"gateway.tsv, apigateway":              46,
	"gateway.tsv, iam":                     33,
	"gateway.tsv, koogallery":              13,
	"gateway.tsv, codes with several rows": 1,
	"errata.tsv, codes with source page":   27,
}

// TestTables_Counts is the only test that fails if a row is added or removed.
func TestTables_Counts(t *testing.T) {
	if diff := cmp.Diff(counted, counts(t)); diff != "" {
		t.Errorf(`the tables have other numbers of rows (-counted +tables):
%s
If you added or removed these rows on purpose:
1. change the numbers in service/catalog/counts_test.go to those of the lines with +
2. change the same numbers in README.md, if it has them
Else the diff of the tables shows the row that should not be there.`, diff)
	}
}

func counts(t *testing.T) map[string]int {
	n := map[string]int{}
	page := map[string]bool{}
	for _, r := range rows(t, "codes.tsv") {
		n["codes.tsv"]++
		if r["source"] == "page" {
			page[r["code"]] = true
			n["codes.tsv, source page"]++
		}
		if r["source"] == "page" && r["http"] == "200" {
			n["codes.tsv, source page, HTTP 200"]++
		}
	}
	several := map[string]int{}
	for _, r := range rows(t, "gateway.tsv") {
		n["gateway.tsv, "+r["service"]]++
		several[r["code"]]++
	}
	maps.DeleteFunc(several, func(_ string, rows int) bool { return rows == 1 })
	n["gateway.tsv, codes with several rows"] = len(several)
	for _, r := range rows(t, "errata.tsv") {
		if page[r["code"]] {
			n["errata.tsv, codes with source page"]++
		}
	}
	return n
}

// A row has the cells of a row of a table, by the names of their columns.
type row map[string]string

// rows returns the rows of a real table. It does not use the reader of the package.
func rows(t testing.TB, name string) []row {
	t.Helper()
	table := lines(t, os.DirFS("."), name)
	var list []row
	for _, cells := range table[1:] {
		r := row{}
		for i, column := range table[0] {
			r[column] = cells[i]
		}
		list = append(list, r)
	}
	return list
}
