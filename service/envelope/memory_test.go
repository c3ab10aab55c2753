//go:build !race

package envelope

import (
	"runtime"
	"testing"
)

// TestParse_Memory tests that Parse allocates at most six times the body and 192 KiB in total. The race detector needs more.
func TestParse_Memory(t *testing.T) {
	for _, size := range []int{100, 4 << 10, 60 << 10, 200 << 10, 1 << 20} {
		for name, body := range hostile(size) {
			for _, status := range []int{200, 400} {
				r := Response{HTTPStatus: status, Body: []byte(body)}
				if got, most := allocated(func() { Parse(r) }), uint64(6*len(body)+192<<10); got > most {
					t.Errorf("%s of %d bytes, HTTP %d: %d bytes allocated, at most %d", name, len(body), status, got, most)
				}
			}
		}
	}
}

// allocated returns the number of bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
