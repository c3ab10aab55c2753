//go:build !race

package envelope

import (
	"runtime"
	"testing"
)

// TestMemory: what Open allocates, all together and not only at its peak, is at most four times the body and 64 KiB.
// Under the race detector it is more.
func TestMemory(t *testing.T) {
	for _, size := range []int{100, 4 << 10, 60 << 10, 200 << 10, 1 << 20} {
		for name, body := range hostile(size) {
			for _, status := range []int{200, 400} {
				r := Response{HTTPStatus: status, Body: []byte(body)}
				if got, most := allocated(func() { Open(r) }), uint64(4*len(body)+64<<10); got > most {
					t.Errorf("%s of %d bytes, HTTP %d: %d bytes allocated, at most %d", name, len(body), status, got, most)
				}
			}
		}
	}
}

// allocated is how many bytes a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
