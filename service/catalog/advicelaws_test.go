package catalog_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// advice are the sentences of all reasons and of all retry advice. A row has the reason, the retry advice and the outcome
// that the sentence is for, and the sentence as en and zh-CN. Fallbacks and success have no retry advice.
func (all tables) advice() []row {
	meanings := map[string]row{}
	for _, e := range all.entries() {
		meanings[e["reason"]] = e
	}
	var sentences []row
	for _, r := range all.reasons {
		m := meanings[r["reason"]]
		sentences = append(sentences, row{"reason": r["reason"], "retry": m["retry"], "outcome": m["outcome"], "en": r["advice.en"], "zh-CN": r["advice.zh-CN"]})
	}
	for _, r := range all.retries {
		sentences = append(sentences, row{"reason": r["retry"], "retry": r["retry"], "en": r["en"], "zh-CN": r["zh-CN"]})
	}
	return sentences
}

// adviceLaws are about each sentence of advice.
var adviceLaws = []rowLaw{
	{"advice is one English sentence", func(r row) string {
		return unless(englishSentence.MatchString(r["en"]) && !strings.ContainsFunc(r["en"], cjk), "%q", r["en"])
	}},
	{"advice is one Chinese sentence", func(r row) string {
		return unless(chineseSentence.MatchString(r["zh-CN"]) && strings.ContainsFunc(r["zh-CN"], han), "%q", r["zh-CN"])
	}},
	{"advice is short", func(r row) string {
		en, zh := utf8.RuneCountInString(r["en"]), utf8.RuneCountInString(r["zh-CN"])
		return unless(en <= 120 && zh <= 60, "%d and %d characters", en, zh)
	}},
	{"advice agrees with the retry advice", func(r row) string { return disagrees(r, r["retry"]) }},
	{"advice agrees with the outcome", func(r row) string { return disagrees(r, r["outcome"]) }},
}

var (
	englishSentence = regexp.MustCompile(`^[A-Z][^.!?]*[A-Za-z)]\.$`)
	chineseSentence = regexp.MustCompile(`^[^。！？.,:;]*[^。！？，：；]。$`)
)

// adviceForms are what a sentence has to say, and must not say, in a language if its row has this retry advice or outcome.
var adviceForms = []struct {
	of, locale  string
	must, never string
}{
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

// disagrees returns what a sentence lacks or has too much for its retry advice or outcome, or "".
func disagrees(r row, of string) string {
	for _, form := range adviceForms {
		text := r[form.locale]
		switch {
		case form.of != of:
		case !regexp.MustCompile(form.must).MatchString(text):
			return of + " must say " + form.must + ": " + text
		case form.never != "" && regexp.MustCompile(form.never).MatchString(text):
			return of + " must not say " + form.never + ": " + text
		}
	}
	return ""
}

// adviceKeptApart: a sentence tells what kind of advice it is, so reasons share one only if their retry advice is equal.
func adviceKeptApart(t *testing.T, all tables) {
	first := map[string]row{}
	for _, r := range all.advice() {
		for _, locale := range []string{"en", "zh-CN"} {
			other, ok := first[r[locale]]
			if ok && other["retry"] != r["retry"] {
				t.Errorf("%s and %s: %q", other["reason"], r["reason"], r[locale])
			}
			first[r[locale]] = r
		}
	}
}

// generalAdviceComplete: an answer without a row of its own needs a sentence, whatever its retry advice.
func generalAdviceComplete(t *testing.T, all tables) {
	var names []string
	for _, r := range all.retries {
		names = append(names, r["retry"])
	}
	if strings.Join(names, " ") != strings.Join(retries, " ") {
		t.Errorf("general advice for %q, want %q", names, retries)
	}
}
