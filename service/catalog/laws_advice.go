package catalog

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An adviceForm is what a sentence has to say, and must not say, in a language if its row has this retry advice or outcome.
type adviceForm struct{ of, locale, must, never string }

var adviceForms = []adviceForm{
	{"CHANGE_REQUEST", "en", ``, `(?i)\b(repeat|retry|wait|again)\b`},
	{"CHANGE_REQUEST", "zh-CN", ``, `重试|稍后|等待|再次`},
	{"FIX_STATE", "en", `, then repeat the call\b`, `^(Repeat|Retry|Wait)\b`},
	{"FIX_STATE", "zh-CN", `后重试`, `^请?(稍后|重试|等)`},
	{"BACKOFF", "en", `^Wait\b.*, then repeat the call\b`, `idempotent`},
	{"BACKOFF", "zh-CN", `^请(稍后|等).*重试`, `幂等`},
	{"BACKOFF_IF_IDEMPOTENT", "en", `^Wait\b.*, then repeat the call only if it is idempotent\b`, ``},
	{"BACKOFF_IF_IDEMPOTENT", "zh-CN", `仅当调用幂等时方可(稍后)?重试`, ``},
	{"VERIFY_FIRST", "en", `^(Check|Query|Read|List|Look up)\b`, `(?i)\bthen (repeat|retry)\b|\bretry\b`},
	{"VERIFY_FIRST", "zh-CN", `^请先?(查询|逐项核对)`, `后重试|稍后`},
	{"ALREADY_APPLIED", "en", `^Do nothing: |, and do not `, ``},
	{"ALREADY_APPLIED", "zh-CN", `^无需处理：|，请勿`, ``},
}

// rule returns the rule of a form. The columns of the sentences have a prefix.
func (f adviceForm) rule(prefix string) rule {
	column := prefix + f.locale
	must, never := regexp.MustCompile(f.must), regexp.MustCompile(f.never)
	holds := func(r record) bool {
		if r.cells["retry"] != f.of && r.cells["outcome"] != f.of {
			return true
		}
		return must.MatchString(r.cells[column]) && (f.never == "" || !never.MatchString(r.cells[column]))
	}
	text := "advice that fits " + f.of
	if f.must != "" {
		text += ", matching `" + f.must + "`"
	}
	if f.never != "" {
		text += ", not matching `" + f.never + "`"
	}
	return rule{column, holds, text}
}

// adviceRules are about each sentence of advice. The columns of the sentences have a prefix.
func adviceRules(prefix string) []rule {
	en, zh := prefix+"en", prefix+"zh-CN"
	rules := []rule{
		matches(en, `^[A-Z][^.!?]*[A-Za-z)]\.$`, "one sentence that begins with a capital letter and ends with a full stop"),
		matches(zh, `^[^。！？.,:;]*[^。！？，：；]。$`, "one sentence that ends with 。"),
		english(en), chinese(zh), short(en, 120), short(zh, 60),
	}
	for _, form := range adviceForms {
		rules = append(rules, form.rule(prefix))
	}
	return rules
}

// short returns a rule: the cell has a maximum number of characters.
func short(column string, limit int) rule {
	return rule{column, func(r record) bool { return utf8.RuneCountInString(r.cells[column]) <= limit }, "at most " + strconv.Itoa(limit) + " characters"}
}

func checkAdvice(all *tables) []error {
	reasons := all.reasonsWithMeaning()
	return slices.Concat(check(reasons, adviceRules("advice.")), check(all.retries, adviceRules("")),
		checkGeneralAdvice(all), checkAdviceApart(reasons, all.retries))
}

// reasonsWithMeaning returns the rows of reasons.tsv, with the retry advice and the outcome of a code of the reason.
// Fallbacks and success have no retry advice.
func (all *tables) reasonsWithMeaning() []record {
	meanings := map[string]record{}
	for _, e := range all.entries() {
		meanings[e.cells["reason"]] = e
	}
	rows := make([]record, len(all.reasons))
	for i, r := range all.reasons {
		cells, meaning := maps.Clone(r.cells), meanings[r.cells["reason"]]
		cells["retry"], cells["outcome"] = meaning.cells["retry"], meaning.cells["outcome"]
		rows[i] = record{r.place, cells}
	}
	return rows
}

// checkGeneralAdvice: an answer without a row of its own needs a sentence, whatever its retry advice.
func checkGeneralAdvice(all *tables) (errs []error) {
	names := strings.Fields(retryNames)
	for i, r := range all.retries {
		if i >= len(names) || r.cells["retry"] != names[i] {
			errs = append(errs, r.broken("retry", "in this order, each once: "+list(names)))
		}
	}
	if len(all.retries) < len(names) {
		missing := record{"retries.tsv", map[string]string{"retry": names[len(all.retries)]}}
		errs = append(errs, missing.broken("retry", "in the table"))
	}
	return errs
}

// checkAdviceApart: a sentence tells what kind of advice it is, so reasons share one only if their retry advice is equal.
func checkAdviceApart(reasons, general []record) (errs []error) {
	first := map[string]record{}
	for _, rows := range []struct {
		prefix string
		list   []record
	}{{"advice.", reasons}, {"", general}} {
		for _, r := range rows.list {
			for _, locale := range tableLocales {
				other, ok := first[r.cells[rows.prefix+locale]]
				if ok && other.cells["retry"] != r.cells["retry"] {
					errs = append(errs, r.broken(rows.prefix+locale, "unlike "+other.place+", whose retry advice differs"))
				}
				first[r.cells[rows.prefix+locale]] = r
			}
		}
	}
	return errs
}
