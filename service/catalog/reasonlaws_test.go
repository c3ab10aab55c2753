package catalog_test

import (
	"slices"
	"strings"
)

// reasonLaws are about each row of reasons.tsv.
var reasonLaws = []rowLaw{
	{"reason name well-formed", reasonWellFormed},
	{"reason number positive", func(r row) string {
		return unless(between(r["number"], 1, 1<<31-1), "number %q", r["number"])
	}},
	{"comment a sentence", func(r row) string {
		return unless(sentence.MatchString(r["comment"]), "comment %q", r["comment"])
	}},
	{"texts where nothing else speaks", func(r row) string {
		wanted := slices.Contains(fallbacks, r["reason"])
		return unless((r["en"] != "") == wanted && (r["zh-CN"] != "") == wanted, "texts %q and %q", r["en"], r["zh-CN"])
	}},
	{"reason without outer blanks", noOuterBlanks},
	{"reason in English without CJK", func(r row) string {
		return unless(!strings.ContainsFunc(r["en"]+r["comment"], cjk), "%s %s", r["en"], r["comment"])
	}},
	{"reason in Chinese with CJK", func(r row) string {
		return unless(r["zh-CN"] == "" || strings.ContainsFunc(r["zh-CN"], han), "zh-CN: %s", r["zh-CN"])
	}},
	{"texts of reasons fit into trailers", textsFit},
}
