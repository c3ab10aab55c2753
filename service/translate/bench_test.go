package translate_test

import "testing"

// BenchmarkAppend: from a response to the bytes of its answer, the short way.
func BenchmarkAppend(b *testing.B) {
	translator, r, to := newTranslator(b), plain("403", "CBC.99003651", "Another operation is in progress, try again later."), []byte(nil)
	for b.Loop() {
		to = translator.Append(to[:0], r, "zh-CN")
	}
}

// BenchmarkTranslate: from a response to its answer as a message, the short way.
func BenchmarkTranslate(b *testing.B) {
	translator, r := newTranslator(b), plain("403", "CBC.99003651", "Another operation is in progress, try again later.")
	for b.Loop() {
		translator.Translate(r, "zh-CN")
	}
}

// BenchmarkCompose: the same the long way.
func BenchmarkCompose(b *testing.B) {
	translator, r := newTranslator(b), plain("403", "CBC.99003651", "Another operation is in progress, try again later.")
	for b.Loop() {
		translator.Compose(r, "zh-CN")
	}
}
