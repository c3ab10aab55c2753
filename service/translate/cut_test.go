package translate_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/translate"
)

// TestCutConversations: wherever a body breaks off, its code is the whole one's, the one wrapped around that, or none,
// and no error becomes a success. Only a key that would have come again is beyond telling.
func TestCutConversations(t *testing.T) {
	translator := newTranslator(t)
	for name, c := range conversations(t) {
		if name != "last_of_two_equal_keys" {
			cutAnywhere(t, translator, name, c.response, c.locale)
		}
	}
}

func cutAnywhere(t *testing.T, translator *translate.Translator, name string, whole translate.Response, locale string) {
	t.Helper()
	want := translator.Translate(whole, locale).GetStatus()
	if want.GetCode() == 0 {
		return
	}
	said := infoOf(t, want).GetMetadata()
	for end := 1; end < len(whole.Body); end++ {
		cut := whole
		cut.Body = whole.Body[:end]
		got := translator.Translate(cut, locale).GetStatus()
		if got.GetCode() == 0 {
			t.Errorf("%s: success of %q", name, cut.Body)
		} else if found := infoOf(t, got).GetMetadata()["code"]; found != "" && found != said["code"] && found != said["outerCode"] {
			t.Errorf("%s: code %q of %q, want %q or none", name, found, cut.Body, said["code"])
		}
	}
}
