package main

import (
	"fmt"
	"time"
)

// kill kills replicas in turn. Calls that a killed replica had taken are lost with it unless somebody makes them again.
func kill(f *fire, o *outcome) error {
	fl, err := f.startFleet()
	if err != nil {
		return err
	}
	defer fl.stop()
	if err := fl.open(4, 4*time.Millisecond, questions); err != nil {
		return err
	}
	recoveries := map[string]time.Duration{}
	kills := pick(f.options, 3, 30)
	err = fl.during(func() error {
		for i := range kills {
			if err := fl.killOne(i%replicas, recoveries); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	fl.report(o)
	t := table{Title: "recovery", Head: []string{"way", "longest time from a kill to the last call that it hurt"}}
	for _, w := range fl.ways {
		t.Rows = append(t.Rows, []string{w.name, milliseconds(recoveries[w.name])})
	}
	o.Tables = append(o.Tables, t)
	bad, all := fl.total().amiss(), fl.total().sent()
	o.should(bad*1000 <= all, "calls hurt by kills", "1 in 1,000 at most", fmt.Sprintf("%d of %d, in %d kills", bad, all, kills))
	for _, w := range fl.ways {
		w.tally = new(tally)
	}
	if err := fl.during(func() error { time.Sleep(pick(f.options, time.Second, 5*time.Second)); return nil }); err != nil {
		return err
	}
	o.none(fl.total().amiss(), "calls without the right answer once all replicas are back")
	return nil
}

// killOne kills a replica, waits until that has shown, and starts it again.
func (fl *fleet) killOne(i int, recoveries map[string]time.Duration) error {
	at := time.Now()
	fl.daemons[i].kill()
	time.Sleep(1500 * time.Millisecond)
	for _, w := range fl.ways {
		if last := w.tally.lastAmiss(); last.After(at) {
			recoveries[w.name] = max(recoveries[w.name], last.Sub(at))
		}
	}
	err := fl.daemons[i].start()
	time.Sleep(settle)
	return err
}

// lastAmiss is when a call last had no right answer.
func (t *tally) lastAmiss() (at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k := wrong; k < kinds; k++ {
		if t.last[k].After(at) {
			at = t.last[k]
		}
	}
	return at
}
