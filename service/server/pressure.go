package server

import (
	"math"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

// What is held is not counted exactly, and what becomes of it takes memory too. So where that has a limit (GOMEMLIMIT) the server looks at
// what is alive, and if it is too much closes the connections that have the most: to lose some is better than to lose all of them with
// the process.
const (
	tooMuch     = 0.75 // of the limit is alive
	enough      = 0.65 // of it is what is wanted
	leastPart   = 256 << 10
	pressureLag = 50 * time.Millisecond
	takesEffect = 2 // collections, of which one may have begun before
)

// relieveHeap watches over the heap until the server has ended.
func (l *ledger) relieveHeap(ended <-chan struct{}) {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return
	}
	tick := time.NewTicker(pressureLag)
	defer tick.Stop()
	for acted := uint64(0); ; {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		alive, cycles := heap()
		if cycles >= acted+takesEffect && alive > tooMuch*float64(limit) {
			l.unload(int(alive - enough*float64(limit)))
			acted = cycles
		}
	}
}

// heap is how many bytes were alive when they were looked at last, and how often that was.
func heap() (alive float64, cycles uint64) {
	samples := []runtimemetrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	runtimemetrics.Read(samples)
	return float64(samples[0].Value.Uint64()), samples[1].Value.Uint64()
}

// unload closes the connections with the most, until they had as much as this together, or have little: then it is not for connections
// that there is so much.
func (l *ledger) unload(bytes int) {
	for bytes > 0 {
		had := l.close(func(has int) bool { return has >= leastPart })
		if had == 0 {
			return
		}
		bytes -= had
	}
}
