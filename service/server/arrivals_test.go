package server

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// Whatever comes and goes in whichever order, the count is of those that came within the last second and were not read.
func TestArrivalsCountTheLastSecond(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 0))
		var a arrivals
		waiting := map[uint64]int64{} // the model: how many wait of each slot
		now := time.Now()
		for step := range 2000 {
			now = now.Add(time.Duration(random.Int64N(int64(arrivalSlot / 2))))
			if random.IntN(3) > 0 {
				waiting[a.add(now)]++
			} else if at := arrivalTime(now) - random.Uint64N(2*arrivalSlots); waiting[at] > 0 {
				a.read(at)
				waiting[at]--
			}
			all, late := int64(0), int64(0)
			for back := range uint64(arrivalSlots) {
				all += waiting[arrivalTime(now)-back]
				if back >= 2 {
					late += waiting[arrivalTime(now)-back]
				}
			}
			if got := a.count(now); got != all {
				t.Fatalf("seed %d, step %d: %d, want %d", seed, step, got, all)
			}
			if got := a.late(now); got != late {
				t.Fatalf("seed %d, step %d: %d late, want %d", seed, step, got, late)
			}
		}
	}
}

func TestArrivalsOfManyAtOnce(t *testing.T) {
	t.Parallel()
	var a arrivals
	now := time.Now()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10_000 {
				a.read(a.add(now))
				a.add(now)
			}
		})
	}
	all.Wait()
	if got := a.count(now); got != 80_000 {
		t.Errorf("%d, want 80,000", got)
	}
}
