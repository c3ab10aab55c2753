package translate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

// advice is what the tables say of advice.
type advice struct {
	retryOf  map[string]string            // the retry advice of a reason; none for a fallback
	ofReason map[string]map[string]string // the sentence of a reason, by locale
	general  map[string]map[string]string // the sentence of retry advice, by locale
}

func readAdvice(t *testing.T) advice {
	t.Helper()
	a := advice{map[string]string{}, map[string]map[string]string{}, map[string]map[string]string{}}
	for _, row := range slices.Concat(readRows(t), readTable(t, "gateway.tsv")) {
		a.retryOf[row["reason"]] = row["retry"]
	}
	for _, row := range readTable(t, "reasons.tsv") {
		a.ofReason[row["reason"]] = map[string]string{"en": row["advice.en"], "zh-CN": row["advice.zh-CN"]}
	}
	for _, row := range readTable(t, "retries.tsv") {
		a.general[row["retry"]] = row
	}
	return a
}

// allows returns the retry advice of the rows that have a sentence. A sentence may be of several reasons.
func (a advice) allows(sentence string) (retries []string) {
	for reason, sentences := range a.ofReason {
		if sentence == sentences["en"] || sentence == sentences["zh-CN"] {
			retries = append(retries, a.retryOf[reason])
		}
	}
	return retries
}

// fault returns what is wrong with the advice of an error, or "".
func (a advice) fault(info *errdetails.ErrorInfo, locale string) string {
	facts := info.GetMetadata()
	got, retry, want := facts["advice"], facts["retry"], a.general[facts["retry"]][locale]
	if a.retryOf[info.GetReason()] == retry {
		want = a.ofReason[info.GetReason()][locale]
	}
	unsafe := func(other string) bool { return retry == "VERIFY_FIRST" && other != retry }
	if got == "" || got != want || slices.ContainsFunc(a.allows(got), unsafe) {
		return fmt.Sprintf("%s %s: advice %q, want %q", info.GetReason(), retry, got, want)
	}
	return ""
}

// errorsOf returns the errors of a translation: of the whole response, and of each item.
func errorsOf(t *testing.T, got *errorv1.Translation) (all []*errdetails.ErrorInfo) {
	t.Helper()
	if got.GetStatus().GetCode() != 0 {
		all = append(all, infoOf(t, got.GetStatus()))
	}
	for _, item := range got.GetItems() {
		all = append(all, infoOf(t, item.GetStatus()))
	}
	return all
}

// TestAdvice_EveryRow tests every code in every surrounding: an error whose advice is VERIFY_FIRST never has the sentence
// of a row with other advice, and each error has the sentence of its reason if it has the advice of its row.
func TestAdvice_EveryRow(t *testing.T) {
	translator, a := newTranslator(t), readAdvice(t)
	specific, withdrawn := 0, 0
	for i, row := range slices.Concat(readRows(t), readTable(t, "gateway.tsv")) {
		if i%step != 0 {
			continue
		}
		for _, s := range surroundings {
			for i, status := range []int{200, 400, 429, 500, 502} {
				locale := []string{"en", "zh-CN"}[i%2]
				got := translator.Translate(withBody(status, fmt.Sprintf(s.body, row["code"])), locale).Translation
				for _, info := range errorsOf(t, got) {
					if fault := a.fault(info, locale); fault != "" {
						t.Fatalf("%s, %s, HTTP %d: %s", row["code"], s.name, status, fault)
					}
					if a.retryOf[info.GetReason()] == info.GetMetadata()["retry"] {
						specific++
					} else {
						withdrawn++
					}
				}
			}
		}
	}
	if specific < 10000/step || withdrawn < 10000/step {
		t.Errorf("%d errors with the advice of their rows, %d without", specific, withdrawn)
	}
}

// TestAdvice_Fallback: without a known code, an error says what its retry advice means.
func TestAdvice_Fallback(t *testing.T) {
	translator, a, seen := newTranslator(t), readAdvice(t), map[string]bool{}
	for _, body := range []string{`{"error_code":"CBC.99999999"}`, `{"error_code":"XYZ.0001"}`, `{}`, `too many requests`, `{"error_code":"CBC.0000"}`} {
		for status := 300; status <= 599; status++ {
			for _, locale := range []string{"en", "zh-CN"} {
				info := infoOf(t, translator.Translate(withBody(status, body), locale).GetStatus())
				seen[info.GetReason()], seen[info.GetMetadata()["retry"]] = true, true
				if got, want := info.GetMetadata()["advice"], a.general[info.GetMetadata()["retry"]][locale]; got != want || got == "" {
					t.Errorf("HTTP %d %s: %s: advice %q, want %q", status, body, info.GetReason(), got, want)
				}
			}
		}
	}
	for _, name := range []string{"UNRECOGNIZED_CODE", "FOREIGN_CODE", "UNRECOGNIZED_RESPONSE", "CONTRADICTORY_RESPONSE",
		"CHANGE_REQUEST", "FIX_STATE", "BACKOFF", "BACKOFF_IF_IDEMPOTENT", "VERIFY_FIRST"} {
		if !seen[name] {
			t.Errorf("no error is %s", name)
		}
	}
}

// TestAdvice_TruncatedFirst: a status that is just too large loses its advice, and nothing else.
func TestAdvice_TruncatedFirst(t *testing.T) {
	translator, message := newTranslator(t), strings.Repeat("长", 341)
	for size := 1500; size <= 2048; size++ {
		body := fmt.Sprintf(`{"error_code":"CBC.0151","error_msg":%q,"encoded_authorization_message":%q}`, message, strings.Repeat("a", size))
		facts := infoOf(t, translator.Translate(withBody(403, body), "zh-CN").GetStatus()).GetMetadata()
		if facts["truncated"] == "" {
			continue
		}
		if facts["truncated"] != "advice" || facts["advice"] != "" || len(facts["encodedAuthorizationMessage"]) != size || facts["upstreamMessage"] != message {
			t.Errorf("with %d bytes: truncated %q, advice %q", size, facts["truncated"], facts["advice"])
		}
		return
	}
	t.Error("no status was truncated")
}

// TestAdvice_FastPath: both paths have the advice.
func TestAdvice_FastPath(t *testing.T) {
	translator, r := newTranslator(t), plain("400", "CBC.5003", "no")
	if !translator.UsesFastPath(r, "en") {
		t.Fatal("the general path translates it")
	}
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	want, _ := c.Advice("BALANCE_INSUFFICIENT", "en")
	for name, translated := range map[string]translate.Result{"fast": translator.Translate(r, "en"), "general": translator.TranslateGeneral(r, "en")} {
		if got := infoOf(t, translated.GetStatus()).GetMetadata()["advice"]; got != want || got == "" {
			t.Errorf("%s path: advice %q, want %q", name, got, want)
		}
	}
}
