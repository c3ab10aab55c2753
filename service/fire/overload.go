package main

import (
	"fmt"
	"time"
)

// overloadCalls is the daemon's --max-calls, twice its processors: one call is worked on while the next one is there. Go looks for what has
// come over the network when nobody is ready to work, so whoever comes waits for the calls before it, is counted, waits for
// those that came with it, and its answer for those behind.
const overloadCalls = 2

// batchSize makes a call take the server some milliseconds.
const batchSize = 100

// factor is how many times the capacity is asked for.
const factor = 4

// A pressure is one run: what the daemon can do, how fast it is at half of that, and what becomes of it at four times.
type pressure struct {
	capacity  float64 // calls a second
	cost      time.Duration
	calm, hot *tally
	late      time.Duration // p99 of how late calls began
	hotFor    time.Duration
	before    float64 // MiB
	most      float64
}

// overload presses a daemon over gRPC and over REST.
func overload(f *fire, o *outcome) error {
	for _, s := range []surface{{"gRPC", heavyGRPC}, {"REST", heavyREST}} {
		t, err := f.overloaded(o, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		o.Tables = append(o.Tables, t)
	}
	return nil
}

// A surface is one that a daemon can be pressed over: open returns what makes a heavy call.
type surface struct {
	name string
	open func(*daemon) (call func() verdict, release func(), err error)
}

// overloaded presses a fresh daemon several times and takes the median of the runs in which the generator was not late itself; others are
// made again, a few times.
func (f *fire) overloaded(o *outcome, s surface) (table, error) {
	t := table{Title: s.name, Head: []string{"run", "capacity/s", "CPU of a call", "p99 at half", "shed at half", "offered/s", "answered/s", "p99 answered", "shed/s", "p50 shed", "p99 shed", "p99 begun late", "MiB before", "MiB most"}}
	var ratios, goodputs []float64
	all := new(tally)
	for i := 0; len(ratios) < pick(f.options, 1, 5) && i < pick(f.options, 1, 7); i++ {
		p, err := f.press(fmt.Sprint(s.name, i), s.open)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, p.row(i+1))
		all.merge(p.hot)
		all.merge(p.calm)
		if p.valid() {
			ratios, goodputs = append(ratios, p.ratio()), append(goodputs, p.goodput())
		}
		o.must(p.most < podMemory, fmt.Sprintf("%s, run %d: memory", s.name, i+1), fmt.Sprintf("less than %d MiB", podMemory), fmt.Sprintf("%.0f MiB", p.most))
	}
	o.say(s.name, all)
	o.none(all.count(wrong)+all.count(failed)+all.count(lost)+all.count(refused), s.name+": calls that were neither answered nor turned away as they must be")
	o.must(all.count(shed) > 0, s.name+": calls turned away as OVERLOADED, with the time to come back", "some", fmt.Sprint(all.count(shed)))
	o.should(len(ratios) > 0, s.name+": runs in which the generator kept its times, which alone count", "some", fmt.Sprintf("%d of %d", len(ratios), len(t.Rows)))
	o.should(len(ratios) > 0 && median(ratios) <= 2, s.name+": p99 of what is answered at 4 × capacity, to p99 at half of it (median of runs)", "2 at most", fmt.Sprintf("%.2f", median(ratios)))
	o.should(median(goodputs) >= 0.7, s.name+": answered at 4 × capacity, to capacity (median of runs)", "0.70 at least", fmt.Sprintf("%.2f", median(goodputs)))
	return t, nil
}

// press presses a fresh daemon with one processor.
func (f *fire) press(name string, open func(*daemon) (func() verdict, func(), error)) (*pressure, error) {
	d, err := f.daemon(name, "--max-calls", fmt.Sprint(overloadCalls))
	if err != nil {
		return nil, err
	}
	d.env = append(d.env, "GOMAXPROCS=1")
	if err := d.start(); err != nil {
		return nil, err
	}
	defer d.kill()
	call, release, err := open(d)
	if err != nil {
		return nil, err
	}
	defer release()
	return f.measure(d, call), nil
}

func (f *fire) measure(d *daemon, call func() verdict) *pressure {
	p := new(pressure)
	closedLoop(overloadCalls, pick(f.options, 300*time.Millisecond, 2*time.Second), call) // warm
	cpu := d.cpu()
	took, calls := closedLoop(overloadCalls, pick(f.options, time.Second, 8*time.Second), call)
	p.capacity, p.cost = float64(calls)/took.Seconds(), (d.cpu()-cpu)/time.Duration(max(1, calls))
	p.calm, _ = openLoop(p.capacity/2, pick(f.options, 2*time.Second, 15*time.Second), call)
	p.before = d.resident()
	watch := watchMemory(d)
	p.hotFor = pick(f.options, 2*time.Second, 20*time.Second)
	hot, late := openLoop(p.capacity*factor, p.hotFor, call)
	p.hot, p.late = hot, late.percentile(0.99)
	p.most = watch()
	return p
}

func (p *pressure) ratio() float64 {
	return float64(p.hot.took.percentile(0.99)) / float64(max(1, p.calm.took.percentile(0.99)))
}

func (p *pressure) goodput() float64 {
	return float64(p.hot.count(right)) / p.hotFor.Seconds() / p.capacity
}

// valid tells whether the generator kept its times: what it is late, calls seem to take.
func (p *pressure) valid() bool {
	return p.late <= max(time.Millisecond, p.calm.took.percentile(0.99)/4)
}

// lateness is how late calls began, and whether that spoils the run.
func (p *pressure) lateness() string {
	if p.valid() {
		return milliseconds(p.late)
	}
	return milliseconds(p.late) + ", **spoilt**"
}

func (p *pressure) row(run int) []string {
	perSecond := func(n int) string { return fmt.Sprintf("%.0f", float64(n)/p.hotFor.Seconds()) }
	return []string{
		fmt.Sprint(run), fmt.Sprintf("%.0f", p.capacity), milliseconds(p.cost), milliseconds(p.calm.took.percentile(0.99)), fmt.Sprintf("%.1f %%", 100*float64(p.calm.count(shed))/float64(max(1, p.calm.sent()))),
		perSecond(p.hot.sent()), perSecond(p.hot.count(right)), milliseconds(p.hot.took.percentile(0.99)),
		perSecond(p.hot.count(shed)), milliseconds(p.hot.shed.percentile(0.5)), milliseconds(p.hot.shed.percentile(0.99)), p.lateness(),
		fmt.Sprintf("%.0f", p.before), fmt.Sprintf("%.0f", p.most),
	}
}
