package main

import (
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/service/machine"
)

// ticks are what Linux has counted of all processors' time since it started: all of it, and what a virtual machine's host
// gave to others meanwhile. They are zero where nobody counts.
type ticks struct{ all, stolen float64 }

// The columns of the processors' line in /proc/stat, behind its name; those after them are parts of others.
const (
	stolenColumn = 7
	columnsOfAll = 8
)

func ticksNow() ticks { return readTicks(machine.FirstLine("/proc/stat")) }

func readTicks(line string) (t ticks) {
	for i, cell := range strings.Fields(strings.TrimPrefix(line, "cpu ")) {
		n, err := strconv.ParseFloat(cell, 64)
		if err != nil || i >= columnsOfAll {
			break
		}
		t.all += n
		if i == stolenColumn {
			t.stolen = n
		}
	}
	return t
}

// stolenSince is the share that others had, from 0 to 1.
func (t ticks) stolenSince(before ticks) float64 {
	return (t.stolen - before.stolen) / max(1, t.all-before.all)
}

// calmStolen is the share up to which a round counts: a twentieth less is within what figures differ by anyway.
const calmStolen = 0.05

// repeats count the rounds that were measured again, and those that may be yet.
type repeats struct {
	used, left int
	clock      func() ticks
}

// calmly measures, and measures again as long as others had too much of the processors meanwhile and repeats are left.
func calmly[T any](r *repeats, measure func() (T, error)) (T, error) {
	for {
		before := r.clock()
		result, err := measure()
		if err != nil || r.clock().stolenSince(before) <= calmStolen || r.left == 0 {
			return result, err
		}
		r.left--
		r.used++
	}
}
