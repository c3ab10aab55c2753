package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

// overloadCalls is the daemon's --max-calls: as many as one processor answers within twice what a call takes on a calm day.
const overloadCalls = 4

// batchSize makes a call take the server some tenths of a millisecond.
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

// overload presses a fresh daemon several times and takes the median.
func overload(f *fire, o *outcome) error {
	t := table{Head: []string{"run", "capacity/s", "CPU of a call", "p99 at half", "offered/s", "answered/s", "p99 answered", "shed/s", "p50 shed", "p99 shed", "p99 begun late", "MiB before", "MiB most"}}
	var ratios, goodputs []float64
	invalid, all := 0, new(tally)
	for i := range pick(f.options, 1, 5) {
		p, err := f.press(fmt.Sprint("run", i))
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, p.row(i+1))
		ratios, goodputs = append(ratios, p.ratio()), append(goodputs, p.goodput())
		all.merge(p.hot)
		all.merge(p.calm)
		if !p.valid() {
			invalid++
		}
		o.must(p.most < podMemory, fmt.Sprintf("run %d: memory", i+1), fmt.Sprintf("less than %d MiB", podMemory), fmt.Sprintf("%.0f MiB", p.most))
	}
	o.Tables = append(o.Tables, t)
	o.say("calls", all)
	o.none(all.count(wrong)+all.count(failed)+all.count(lost)+all.count(refused), "calls that were neither answered nor turned away as they must be")
	o.must(all.count(shed) > 0, "calls turned away with RESOURCE_EXHAUSTED, OVERLOADED and RetryInfo", "some", fmt.Sprint(all.count(shed)))
	o.should(invalid == 0, "runs in which the generator kept its times", "all", fmt.Sprintf("all but %d", invalid))
	o.should(median(ratios) <= 2 && invalid == 0, "p99 of what is answered at 4 × capacity, to p99 at half of it (median of runs)", "2 at most", fmt.Sprintf("%.2f", median(ratios)))
	o.should(median(goodputs) >= 0.7, "answered at 4 × capacity, to capacity (median of runs)", "0.70 at least", fmt.Sprintf("%.2f", median(goodputs)))
	return nil
}

func (f *fire) press(name string) (*pressure, error) {
	d, err := f.daemon(name, "--max-calls", fmt.Sprint(overloadCalls))
	if err != nil {
		return nil, err
	}
	d.env = append(d.env, "GOMAXPROCS=1")
	if err := d.start(); err != nil {
		return nil, err
	}
	defer d.kill()
	var conns []*grpc.ClientConn
	for range 4 {
		conn, err := dialOne(new(attempts), d.grpc, nil)
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		conns = append(conns, conn)
	}
	requests, err := heavyRequests(conns[0], 16, batchSize)
	if err != nil {
		return nil, err
	}
	var n atomic.Int64
	call := func() verdict {
		i := int(n.Add(1))
		return requests[i%len(requests)].ask(conns[i%len(conns)])
	}
	return f.measure(d, call), nil
}

func (f *fire) measure(d *daemon, call func() verdict) *pressure {
	p := new(pressure)
	closedLoop(overloadCalls/2, pick(f.options, 300*time.Millisecond, 2*time.Second), call) // warm
	cpu := d.cpu()
	took, calls := closedLoop(overloadCalls/2, pick(f.options, time.Second, 8*time.Second), call)
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

func (p *pressure) row(run int) []string {
	perSecond := func(n int) string { return fmt.Sprintf("%.0f", float64(n)/p.hotFor.Seconds()) }
	return []string{
		fmt.Sprint(run), fmt.Sprintf("%.0f", p.capacity), milliseconds(p.cost), milliseconds(p.calm.took.percentile(0.99)),
		perSecond(p.hot.sent()), perSecond(p.hot.count(right)), milliseconds(p.hot.took.percentile(0.99)),
		perSecond(p.hot.count(shed)), milliseconds(p.hot.shed.percentile(0.5)), milliseconds(p.hot.shed.percentile(0.99)), milliseconds(p.late),
		fmt.Sprintf("%.0f", p.before), fmt.Sprintf("%.0f", p.most),
	}
}

// hasRetryInfo tells whether an error says when to come back.
func hasRetryInfo(err error) bool {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok && info.GetRetryDelay().AsDuration() > 0 {
			return true
		}
	}
	return false
}
