package server

import (
	"sync/atomic"
	"time"
)

// Calls wait twice: for their message, as long as their client takes to send it, and for a processor. Only the second is the
// server's burden, and gRPC tells nobody where one ends and the other begins, nor that a call was given up in between. So a
// call counts from its headers on, but for a second at most if its message does not come.
const (
	arrivalSlot   = 125 * time.Millisecond
	arrivalSlots  = 8         // a second
	arrivalCounts = 1<<24 - 1 // the bits of a slot that count, below those of its time
)

// arrivals counts the calls whose headers came within the last second and whose messages have not been read, in slots of time
// that are forgotten one after another. A slot is its time and its count in one number.
type arrivals struct {
	slots [arrivalSlots]atomic.Uint64
}

func arrivalTime(now time.Time) uint64 { return uint64(now.UnixNano()) / uint64(arrivalSlot) }

// add counts a call and says in which slot.
func (a *arrivals) add(now time.Time) (at uint64) {
	at = arrivalTime(now)
	slot := &a.slots[at%arrivalSlots]
	for {
		before := slot.Load()
		after := before + 1
		if before>>24 != at&(1<<40-1) {
			after = at<<24 + 1
		}
		if slot.CompareAndSwap(before, after) {
			return at
		}
	}
}

// read takes a call off its slot, if that is not forgotten.
func (a *arrivals) read(at uint64) {
	slot := &a.slots[at%arrivalSlots]
	for before := slot.Load(); before>>24 == at&(1<<40-1) && before&arrivalCounts > 0; before = slot.Load() {
		if slot.CompareAndSwap(before, before-1) {
			return
		}
	}
}

// count is how many calls there are now.
func (a *arrivals) count(now time.Time) int64 { return a.since(now, 0) }

// lateAfter is how many slots a call may arrive in before one may wonder about its client: a quarter of a second at most.
const lateAfter = 2

// late is how many calls have arrived for so long that their clients seem to hold them back, or have given them up.
func (a *arrivals) late(now time.Time) int64 { return a.since(now, lateAfter) }

// since counts the calls that are at least so many slots old.
func (a *arrivals) since(now time.Time, age uint64) (n int64) {
	at := arrivalTime(now) & (1<<40 - 1)
	for i := range a.slots {
		slot := a.slots[i].Load()
		if old := at - slot>>24; age <= old && old < arrivalSlots {
			n += int64(slot & arrivalCounts)
		}
	}
	return n
}
