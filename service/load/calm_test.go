package main

import (
	"errors"
	"testing"

	"github.com/cbcerr/cbcerr/service/machine"
)

func TestTicks(t *testing.T) {
	if got := readTicks("cpu  10 20 30 40 50 60 70 80 1000 2000"); got != (ticks{360, 80}) {
		t.Errorf("%+v", got)
	}
	if got := readTicks(machine.Unknown); got != (ticks{}) {
		t.Errorf("where nobody counts: %+v", got)
	}
	if share := (ticks{200, 30}).stolenSince(ticks{100, 10}); share != 0.2 {
		t.Errorf("share %v", share)
	}
}

// TestCalmly: a round that others spoil is measured again while there are repeats, one that fails or is calm is not.
func TestCalmly(t *testing.T) {
	for name, c := range map[string]struct {
		stolen       float64 // of each 100 ticks
		fault        error
		want, repeat int
	}{
		"calm":        {stolen: 5, want: 1},
		"busy":        {stolen: 6, want: 3, repeat: 2},
		"a bad round": {stolen: 50, fault: errors.New("gone"), want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			now := ticks{}
			r := repeats{left: 2, clock: func() ticks { now.all += 100; now.stolen += c.stolen; return now }}
			measured := 0
			got, err := calmly(&r, func() (int, error) { measured++; return measured, c.fault })
			if got != c.want || !errors.Is(err, c.fault) || r.used != c.repeat || r.left != 2-c.repeat {
				t.Errorf("round %d, %v, %+v", got, err, r)
			}
		})
	}
}
