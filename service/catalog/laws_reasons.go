package catalog

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// fallbackNames are the reasons of responses without a known code. They have texts of their own, and no row has them.
const fallbackNames = "UNRECOGNIZED_CODE FOREIGN_CODE UNRECOGNIZED_RESPONSE CONTRADICTORY_RESPONSE"

func isFallback(reason string) bool { return slices.Contains(strings.Fields(fallbackNames), reason) }

// reasonRules are about each row of reasons.tsv.
func reasonRules() []rule {
	ownText := func(column string) rule {
		return rule{column, func(r record) bool { return (r.cells[column] != "") == isFallback(r.cells["reason"]) },
			"a text for " + list(strings.Fields(fallbackNames)) + ", and empty for all others"}
	}
	return []rule{
		matches("reason", reasonPattern, "capital letters, digits and _, at most 63"),
		{"number", func(r record) bool { return reasonNumber(r) > 0 }, "a whole number from 1"},
		matches("comment", `^[A-Z].*[^ .]\.$`, "a sentence that begins with a capital letter and ends with a full stop"),
		ownText("en"), ownText("zh-CN"),
		english("comment"), english("en"),
		{"zh-CN", func(r record) bool { return r.cells["zh-CN"] == "" || strings.ContainsFunc(r.cells["zh-CN"], han) }, "Chinese"},
		atMost("en", 512), atMost("zh-CN", MaxText),
	}
}

// reasonNumber returns the number of a row of reasons.tsv; 0 if it is none.
func reasonNumber(r record) int {
	n, err := strconv.ParseInt(r.cells["number"], 10, 32)
	if err != nil {
		return 0
	}
	return int(n)
}

func checkReasons(all *tables) []error {
	byNumber := func(a, b record) int { return cmp.Compare(reasonNumber(a), reasonNumber(b)) }
	return slices.Concat(check(all.reasons, reasonRules()), checkUnique(all.reasons, "reason", "comment"),
		checkSorted(all.reasons, "number", byNumber), checkReasonsUsed(all), checkFallbacks(all))
}

// checkReasonsUsed: a reason without a row is never seen, and a row with a fallback reason contradicts it.
func checkReasonsUsed(all *tables) (errs []error) {
	for _, reason := range all.reasons {
		used := func(r record) bool { return r.cells["reason"] == reason.cells["reason"] }
		if slices.ContainsFunc(all.entries(), used) == isFallback(reason.cells["reason"]) {
			errs = append(errs, reason.broken("reason", "the reason of a code, or one of "+list(strings.Fields(fallbackNames))+" and of no code"))
		}
	}
	return errs
}

func checkFallbacks(all *tables) (errs []error) {
	for name := range strings.FieldsSeq(fallbackNames) {
		if !slices.ContainsFunc(all.reasons, func(r record) bool { return r.cells["reason"] == name }) {
			errs = append(errs, record{"reasons.tsv", map[string]string{"reason": name}}.broken("reason", "in the table"))
		}
	}
	return errs
}

// checkErrata: a row that corrects nothing would hide a change of the page.
func checkErrata(all *tables) (errs []error) {
	seen := map[[2]string]bool{}
	for _, r := range all.errata {
		cell := [2]string{r.cells["code"], r.cells["locale"]}
		switch {
		case r.cells["published"] == r.cells["ours"]:
			errs = append(errs, r.broken("ours", "different from published"))
		case seen[cell]:
			errs = append(errs, r.broken("locale", "unique for a code"))
		case !slices.Contains(tableLocales, cell[1]):
			errs = append(errs, r.broken("locale", "one of "+list(tableLocales)))
		}
		seen[cell] = true
	}
	return errs
}
