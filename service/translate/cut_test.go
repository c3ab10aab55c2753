package translate_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/translate"
)

// TestTranslate_CutBody: wherever a body breaks off, its code is the whole one's, the one wrapped around that, or none,
// and no error becomes a success. Only a key that would have come again is beyond telling.
func TestTranslate_CutBody(t *testing.T) {
	translator := newTranslator(t)
	for _, c := range goldens(t) {
		if c.Name != "last_of_two_equal_keys" {
			cutAnywhere(t, translator, c.Name, response(c), c.Locale)
		}
	}
}

func cutAnywhere(t *testing.T, translator *translate.Translator, name string, r translate.Response, locale string) {
	t.Helper()
	want := translator.Translate(r, locale).GetStatus()
	if want.GetCode() == 0 {
		return
	}
	whole := infoOf(t, want).GetMetadata()
	for end := 1; end < len(r.Body); end++ {
		cut := r
		cut.Body = r.Body[:end]
		got := translator.Translate(cut, locale).GetStatus()
		if got.GetCode() == 0 {
			t.Errorf("%s: success of %q", name, cut.Body)
		} else if found := infoOf(t, got).GetMetadata()["code"]; found != "" && found != whole["code"] && found != whole["outerCode"] {
			t.Errorf("%s: code %q of %q, want %q or none", name, found, cut.Body, whole["code"])
		}
	}
}
