package server

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// However few processors there are and however long a call keeps one: who comes while there is no place is turned away
// before the work of the others is done.
func TestWhoWaitsForAProcessorIsCounted(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	l := load{most: 4}
	var all sync.WaitGroup
	var served, turnedAway atomic.Int64
	for range 100 {
		all.Go(func() {
			if !l.enter() {
				turnedAway.Add(1)
				return
			}
			defer l.leave()
			served.Add(1)
			for start := time.Now(); time.Since(start) < time.Millisecond; { // works, and does not wait
			}
		})
	}
	all.Wait()
	if n := served.Load(); n < 4 || n > 8 { // Go lets one of those that stepped back begin after some sixty others
		t.Errorf("%d of 100 served, %d turned away; want 4 or a few more", n, turnedAway.Load())
	}
}
