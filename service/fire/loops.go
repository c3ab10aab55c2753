package main

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// openLoop calls at the times of a Poisson process, however long answers take. Latencies count from those times; late is how late calls
// really began, for which the server is not to blame.
func openLoop(perSecond float64, length time.Duration, call func() verdict) (t *tally, late durations) {
	t = new(tally)
	pending := make(chan struct{}, 100_000)
	begun := 0
	start := time.Now()
	for next := start; next.Sub(start) < length; next = next.Add(time.Duration(rand.ExpFloat64() / perSecond * float64(time.Second))) {
		nap(time.Until(next))
		late = append(late, time.Since(next))
		begun++
		go func() {
			v := call()
			t.add(v, time.Since(next))
			pending <- struct{}{}
		}()
	}
	for range begun {
		<-pending
	}
	return t, late
}

// closedLoop has callers call, each waiting for its answer, and counts the right ones.
func closedLoop(callers int, length time.Duration, call func() verdict) (took time.Duration, n int) {
	var all sync.WaitGroup
	var count atomic.Int64
	start := time.Now()
	for range callers {
		all.Go(func() {
			for time.Since(start) < length {
				if call().kind == right {
					count.Add(1)
				}
			}
		})
	}
	all.Wait()
	return time.Since(start), int(count.Load())
}
