package catalog_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

// differences change the small catalogue and say what Diff calls it. TestNoCellChangesUnseen has the cells of
// codes.tsv in all rows; here is how a person reads them.
var differences = []struct {
	name  string
	edits []edit
	want  []catalog.Change
}{
	{"nothing", nil, nil},
	{"new code", []edit{{"codes.tsv", 7, "", "CBC.99009999\t400\tUNKNOWN\tLOCKED\tBACKOFF\tUNKNOWN\t\t\tNew.\t新。\t\tpage"}},
		[]catalog.Change{{Kind: "new", Key: "CBC.99009999", Text: "LOCKED"}}},
	{"http", []edit{{"codes.tsv", 3, "http", "503"}},
		[]catalog.Change{{Kind: "http", Key: "CBC.0250", Text: `http: "429" -> "503"`}}},
	{"status", []edit{{"codes.tsv", 3, "status", "UNAVAILABLE"}},
		[]catalog.Change{{Kind: "meaning", Key: "CBC.0250", Text: `status: "RESOURCE_EXHAUSTED" -> "UNAVAILABLE"`}}},
	{"reason", []edit{{"codes.tsv", 3, "reason", "LOCKED"}},
		[]catalog.Change{{Kind: "meaning", Key: "CBC.0250", Text: `reason: "THROTTLED" -> "LOCKED"`}}},
	{"retry", []edit{{"codes.tsv", 3, "retry", "FIX_STATE"}},
		[]catalog.Change{{Kind: "meaning", Key: "CBC.0250", Text: `retry: "BACKOFF" -> "FIX_STATE"`}}},
	{"outcome", []edit{{"codes.tsv", 3, "outcome", "UNKNOWN"}},
		[]catalog.Change{{Kind: "meaning", Key: "CBC.0250", Text: `outcome: "NOT_APPLIED" -> "UNKNOWN"`}}},
	{"wait", []edit{{"codes.tsv", 3, "wait", "1h"}},
		[]catalog.Change{{Kind: "meaning", Key: "CBC.0250", Text: `wait: "1s" -> "1h0m0s"`}}},
	{"the same wait in other words", []edit{{"codes.tsv", 3, "wait", "1000ms"}}, nil},
	{"detail", []edit{{"codes.tsv", 3, "detail", "quota:calls"}},
		[]catalog.Change{{Kind: "meaning", Key: "CBC.0250", Text: `detail: "[{quota [requests]}]" -> "[{quota [calls]}]"`}}},
	{"English text", []edit{{"codes.tsv", 3, "en", "Too fast."}},
		[]catalog.Change{{Kind: "text", Key: "CBC.0250", Text: `en: "Too many requests." -> "Too fast."`}}},
	{"Chinese text", []edit{{"codes.tsv", 3, "zh-CN", "太快。"}},
		[]catalog.Change{{Kind: "text", Key: "CBC.0250", Text: `zh-CN: "请求过多。" -> "太快。"`}}},
	{"translation", []edit{{"codes.tsv", 3, "translated", "en"}},
		[]catalog.Change{{Kind: "text", Key: "CBC.0250", Text: `translated: "" -> "en"`}}},
	{"source", []edit{{"codes.tsv", 3, "source", "live responses"}},
		[]catalog.Change{{Kind: "source", Key: "CBC.0250", Text: `source: "page" -> "live responses"`}}},
	{"text of a reason", []edit{{"reasons.tsv", 2, "en", "A new code."}},
		[]catalog.Change{{Kind: "text", Key: "UNRECOGNIZED_CODE", Text: `en: "An unknown code." -> "A new code."`}}},
	{"advice of a reason", []edit{{"reasons.tsv", 5, "advice.zh-CN", "请开锁。"}},
		[]catalog.Change{{Kind: "text", Key: "advice.LOCKED", Text: `zh-CN: "请解锁后重试。" -> "请开锁。"`}}},
	{"general advice", []edit{{"retries.tsv", 3, "en", "Wait."}},
		[]catalog.Change{{Kind: "text", Key: "retry.BACKOFF", Text: `en: "Wait, then repeat." -> "Wait."`}}},
	{"number", []edit{{"reasons.tsv", 5, "number", "4"}},
		[]catalog.Change{{Kind: "number", Key: "LOCKED", Text: `number: "5" -> "4"`}}},
	{"comment", []edit{{"reasons.tsv", 5, "comment", "Wait for it."}},
		[]catalog.Change{{Kind: "comment", Key: "LOCKED", Text: `comment: "Another operation holds it." -> "Wait for it."`}}},
	{"meaning of a gateway code", []edit{{"gateway.tsv", 3, "retry", "BACKOFF"}},
		[]catalog.Change{{Kind: "meaning", Key: "APIGW.0201/504", Text: `retry: "VERIFY_FIRST" -> "BACKOFF"`}}},
	{"text of a gateway code", []edit{{"gateway.tsv", 3, "en", "Too late."}},
		[]catalog.Change{{Kind: "text", Key: "APIGW.0201/504", Text: `en: "The gateway timed out." -> "Too late."`}}},
	{"HTTP status of a gateway code", []edit{{"gateway.tsv", 4, "http", "429"}},
		[]catalog.Change{{Kind: "gone", Key: "IAM.0012", Text: "LOCKED"}, {Kind: "new", Key: "IAM.0012/429", Text: "LOCKED"}}},
	{"new reason", []edit{{"reasons.tsv", 7, "", "7\tOUT_OF_LUCK\tTry tomorrow.\t\t\tBuy a horseshoe.\t请碰运气。"}},
		[]catalog.Change{{Kind: "new", Key: "OUT_OF_LUCK", Text: "reason number 7"}}},
	{"renamed reason, and a later one with another comment",
		[]edit{{"reasons.tsv", 4, "reason", "TOO_FAST"}, {"codes.tsv", 3, "reason", "TOO_FAST"}, {"reasons.tsv", 5, "comment", "Wait."}},
		[]catalog.Change{{Kind: "comment", Key: "LOCKED", Text: `comment: "Another operation holds it." -> "Wait."`},
			{Kind: "gone", Key: "THROTTLED", Text: "reason number 3"},
			{Kind: "meaning", Key: "CBC.0250", Text: `reason: "THROTTLED" -> "TOO_FAST"`},
			{Kind: "new", Key: "TOO_FAST", Text: "reason number 3"}}},
	{"overlay", []edit{{"overlays.tsv", 2, "message", "faster"}},
		[]catalog.Change{{Kind: "meaning", Key: "overlays", Text: `overlays: ` +
			`"{CBC.3002||too fast|CBC.0250} {CBC.99003002|console||NESTED}" -> "{CBC.3002||faster|CBC.0250} {CBC.99003002|console||NESTED}"`}}},
	{"order of the overlays", []edit{{"overlays.tsv", 2, "", "CBC.99003002\tconsole\t\tNESTED"}, {"overlays.tsv", 3, "", "CBC.3002\t\ttoo fast\tCBC.0250"}},
		[]catalog.Change{{Kind: "meaning", Key: "overlays", Text: `overlays: ` +
			`"{CBC.3002||too fast|CBC.0250} {CBC.99003002|console||NESTED}" -> "{CBC.99003002|console||NESTED} {CBC.3002||too fast|CBC.0250}"`}}},
	{"several kinds, by kind", []edit{{"codes.tsv", 3, "en", "Too fast."}, {"codes.tsv", 3, "http", "503"}, {"reasons.tsv", 5, "number", "4"}},
		[]catalog.Change{{Kind: "http", Key: "CBC.0250", Text: `http: "429" -> "503"`},
			{Kind: "number", Key: "LOCKED", Text: `number: "5" -> "4"`},
			{Kind: "text", Key: "CBC.0250", Text: `en: "Too many requests." -> "Too fast."`}}},
}

func TestDiff(t *testing.T) {
	for _, tc := range differences {
		t.Run(tc.name, func(t *testing.T) {
			folder := copied(t, small)
			before := load(t, folder)
			for _, e := range tc.edits {
				e.apply(t, folder)
			}
			if diff := cmp.Diff(tc.want, catalog.Diff(before, load(t, folder))); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiff_GoneCode: a code that goes is named once; its texts go without saying.
func TestDiff_GoneCode(t *testing.T) {
	folder := copied(t, small)
	before := load(t, folder)
	put(folder, "codes.tsv", append(lines(t, folder, "codes.tsv")[:4:4], lines(t, folder, "codes.tsv")[5]))
	changes := catalog.Diff(before, load(t, folder))
	if want := (catalog.Change{Kind: "gone", Key: "CBC.30000001", Text: "PHONE_WRONG"}); len(changes) != 1 || changes[0] != want {
		t.Errorf("changes %q, want just %q", changes, want)
	}
}

// TestDiff_Locales: a language that comes, changes or goes shows in each of its texts.
func TestDiff_Locales(t *testing.T) {
	without := load(t, copied(t, small))
	halt := load(t, copied(t, small), localeFile("de.tsv", "CBC.0250\tHalt."))
	stop := load(t, copied(t, small), localeFile("de.tsv", "CBC.0250\tStopp."))
	for _, tc := range []struct {
		name     string
		old, new *catalog.Catalog
		want     string
	}{
		{"comes", without, halt, `de: "" -> "Halt."`},
		{"changes", halt, stop, `de: "Halt." -> "Stopp."`},
		{"goes", stop, without, `de: "Stopp." -> ""`},
	} {
		want := []catalog.Change{{Kind: "text", Key: "CBC.0250", Text: tc.want}}
		if diff := cmp.Diff(want, catalog.Diff(tc.old, tc.new)); diff != "" {
			t.Errorf("a language %s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestChange_String(t *testing.T) {
	change := catalog.Change{Kind: "http", Key: "CBC.0250", Text: `http: "429" -> "503"`}
	if got, want := change.String(), `http     CBC.0250  http: "429" -> "503"`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
