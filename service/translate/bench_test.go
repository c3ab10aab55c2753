package translate_test

import (
	"testing"
)

// BenchmarkTranslate measures the fast path and the general path for an object of error_code and error_msg, and every golden
// case.
func BenchmarkTranslate(b *testing.B) {
	translator, r := newTranslator(b), plain("403", "CBC.99003651", "Another operation is in progress, try again later.")
	b.Run("fast", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			translator.Translate(r, "zh-CN")
		}
	})
	b.Run("general", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			translator.TranslateGeneral(r, "zh-CN")
		}
	})
	for _, c := range goldens(b) {
		b.Run("golden/"+c.Name, func(b *testing.B) {
			b.ReportAllocs()
			for r := response(c); b.Loop(); {
				translator.Translate(r, c.Locale)
			}
		})
	}
}
