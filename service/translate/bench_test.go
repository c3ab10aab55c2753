package translate_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/test/golden"
)

// BenchmarkTranslate measures the prepared answer to a plain error, the ordinary answer to it, and the answer to every
// golden conversation. Together they are "all".
func BenchmarkTranslate(b *testing.B) {
	translator, r := newTranslator(b), plain("403", "CBC.99003651", "Another operation is in progress, try again later.")
	b.Run("prepared", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			translator.Translate(r, "zh-CN")
		}
	})
	b.Run("ordinary", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			translator.Ordinary(r, "zh-CN")
		}
	})
	talks, err := golden.Read("testdata")
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range talks {
		b.Run("golden/"+c.Name, func(b *testing.B) {
			b.ReportAllocs()
			for r := response(c); b.Loop(); {
				translator.Translate(r, c.Locale)
			}
		})
	}
}
