package catalog_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tableLaws are about all rows of a table together. TestTables_Laws checks them.
var tableLaws = []struct {
	name  string
	check func(t *testing.T, all tables)
}{
	{"218 codes of the page, 36 with HTTP 200", counts},
	{"sorted by the code's digits", sorted},
	{"46 of the gateway, 33 of IAM, 13 of KooGallery", gatewayCounts},
	{"other systems sorted by code and HTTP status", gatewaySorted},
	{"HTTP statuses only for codes with several meanings", gatewayMeaningsApart},
	{"no duplicate", func(t *testing.T, all tables) { unique(t, all.codes, "code", "code") }},
	{"equal reasons agree", reasonsAgree},
	{"reason numbers unique", func(t *testing.T, all tables) { unique(t, all.reasons, "reason", "number") }},
	{"reason names unique", func(t *testing.T, all tables) { unique(t, all.reasons, "number", "reason") }},
	{"comments differ", func(t *testing.T, all tables) { unique(t, all.reasons, "reason", "comment") }},
	{"reasons in the order of their numbers", reasonsSorted},
	{"every reason used", reasonsUsed},
	{"fallback reasons present", fallbacksPresent},
	{"errata are corrections", errataAreCorrections},
	{"different retry advice has different sentences", adviceKeptApart},
	{"general advice for each retry advice", generalAdviceComplete},
}

// counts: change the numbers with each new code.
func counts(t *testing.T, all tables) {
	page, withHTTP200 := 0, 0
	for _, r := range all.codes {
		if r["source"] != "page" {
			continue
		}
		page++
		if r["http"] == "200" {
			withHTTP200++
		}
	}
	if page != 218 || withHTTP200 != 36 || len(all.codes) != 278 {
		t.Errorf("%d codes of the page, want 218; %d with HTTP 200, want 36; %d codes, want 278", page, withHTTP200, len(all.codes))
	}
}

func sorted(t *testing.T, all tables) {
	before := -1
	for _, r := range all.codes {
		n, err := strconv.Atoi(strings.TrimPrefix(r["code"], "CBC."))
		if err != nil || n <= before {
			t.Errorf("%s: sorted behind CBC.%04d", r["code"], before)
		}
		before = n
	}
}

// unique checks that no two rows have the same cell in a column. An error names both rows by their keys.
func unique(t *testing.T, table []row, key, column string) {
	seen := map[string]string{}
	for _, r := range table {
		if first, ok := seen[r[column]]; ok {
			t.Errorf("%s and %s: the same %s %q", first, r[key], column, r[column])
		}
		seen[r[column]] = r[key]
	}
}

// reasonsAgree: callers branch on the reason, so all its rows must have the same meaning.
func reasonsAgree(t *testing.T, all tables) {
	first := map[string]row{}
	for _, r := range all.entries() {
		other, ok := first[r["reason"]]
		if !ok {
			first[r["reason"]] = r
			continue
		}
		for _, column := range []string{"status", "retry", "outcome", "wait", "detail"} {
			if r[column] != other[column] {
				t.Errorf("%s: %s %q, but %s of the same reason has %q", r["code"], column, r[column], other["code"], other[column])
			}
		}
	}
}

func reasonsSorted(t *testing.T, all tables) {
	before := 0
	for _, r := range all.reasons {
		n, err := strconv.Atoi(r["number"])
		if err != nil || n < before {
			t.Errorf("%s: number %q sorted behind %d", r["reason"], r["number"], before)
		}
		before = n
	}
}

func reasonsUsed(t *testing.T, all tables) {
	for _, reason := range all.reasons {
		used := func(r row) bool { return r["reason"] == reason["reason"] }
		if slices.ContainsFunc(all.entries(), used) == slices.Contains(fallbacks, reason["reason"]) {
			t.Errorf("%s: want a row with it, or a fallback, and not both", reason["reason"])
		}
	}
}

func fallbacksPresent(t *testing.T, all tables) {
	for _, name := range fallbacks {
		if !slices.ContainsFunc(all.reasons, func(r row) bool { return r["reason"] == name }) {
			t.Errorf("%s: no row in reasons.tsv", name)
		}
	}
}

// errataAreCorrections: a row that corrects nothing would hide a change of the page. README.md states how many correct the page.
func errataAreCorrections(t *testing.T, all tables) {
	errata := rows(t, "errata.tsv")
	seen, ofPage := map[string]bool{}, 0
	for _, r := range errata {
		cell := r["code"] + " " + r["locale"]
		if r["published"] == r["ours"] || seen[cell] || (r["locale"] != "en" && r["locale"] != "zh-CN") {
			t.Errorf("%s: published %q, ours %q", cell, r["published"], r["ours"])
		}
		seen[cell] = true
		if slices.ContainsFunc(all.codes, func(c row) bool { return c["code"] == r["code"] && c["source"] == "page" }) {
			ofPage++
		}
	}
	if ofPage != 27 {
		t.Errorf("%d errata of the page, want 27 as README says", ofPage)
	}
}
