//go:build !race

package translate_test

import (
	"slices"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/test/golden"
)

// TestFastPath_Allocations: the fast path takes two allocations.
func TestFastPath_Allocations(t *testing.T) {
	translator, r := newTranslator(t), plain("403", "CBC.99003651", "upstream's words")
	if n := testing.AllocsPerRun(100, func() { translator.Translate(r, "zh-CN") }); n > 2 {
		t.Errorf("%g allocations, want at most 2", n)
	}
}

// TestTranslate_Allocations: nine of ten golden cases whose code stands under a key of JSON take at most 40 allocations.
func TestTranslate_Allocations(t *testing.T) {
	translator := newTranslator(t)
	var allocations []float64
	for _, c := range goldens(t) {
		r := response(c)
		if _, ok := golden.Document(r.Body); !ok || envelope.Parse(r.Response).InText {
			continue
		}
		allocations = append(allocations, testing.AllocsPerRun(10, func() { translator.Translate(r, c.Locale) }))
	}
	slices.Sort(allocations)
	if got := allocations[len(allocations)*9/10]; got > 40 {
		t.Errorf("nine of ten take up to %g allocations, want at most 40: %v", got, allocations)
	}
}
