package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// collectorSetting is the environment of both servers in the comparison of observability: cbcerrd's default differs from Go's.
const collectorSetting = "GOGC=400"

// comparisons are the surfaces and the servers measured on each. Ratios refer to the first server.
var comparisons = []struct {
	name    string
	open    surface
	servers []string
}{
	{"unary", unary, []string{"noop", "cbcerrd", "baseline"}},
	{"stream", stream, []string{"noop", "cbcerrd", "baseline"}},
	{"batch of 100", batch, []string{"noop", "cbcerrd", "baseline"}},
	{"REST JSON", restJSON, []string{"static", "cbcerrd", "baseline"}},
	{"REST raw", restRaw, []string{"static", "cbcerrd"}},
	{"unary, observability", unary, []string{"bare", "cbcerrd-gogc"}},
}

// startAll starts cbcerrd first: the servers with constant replies use its replies.
func startAll(binary string, q requests) (all map[string]*process, err error) {
	all = map[string]*process{}
	add := func(name string, p *process, failed error) {
		if err = errors.Join(err, failed); failed == nil {
			all[name] = p
		}
	}
	p, failed := startDaemon(binary)
	if add("cbcerrd", p, failed); err != nil {
		return all, err
	}
	a, err := capture(p, q)
	if err != nil {
		return all, fmt.Errorf("replies of cbcerrd: %w", err)
	}
	p, failed = startDaemon(binary, collectorSetting)
	add("cbcerrd-gogc", p, failed)
	for _, c := range comparisons {
		for _, kind := range c.servers {
			if all[kind] != nil {
				continue
			}
			var env []string
			if kind == "bare" {
				env = append(env, collectorSetting)
			}
			p, failed := startSelf(kind, a, env...)
			add(kind, p, failed)
		}
	}
	return all, err
}

func stopAll(all map[string]*process) {
	for _, p := range all {
		p.stop()
	}
}

// measureServers measures each server of each comparison once a round. The order of servers changes with the round.
func measureServers(r *results, binary string) error {
	q, err := plainPairs()
	if err != nil {
		return err
	}
	all, err := startAll(binary, q)
	defer stopAll(all)
	if err != nil {
		return err
	}
	for n := range r.config.rounds {
		fmt.Fprintf(os.Stderr, "bench: servers, round %d of %d\n", n+1, r.config.rounds)
		for _, c := range comparisons {
			costs := map[string]time.Duration{}
			for i := range c.servers {
				name := c.servers[(i+n)%len(c.servers)]
				m, err := measure(all[name], c.open, q, r.config)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", c.name, name, err)
				}
				costs[name] = m.client + m.server
				r.add(c.name+"/"+name+"/rate", m.rate)
				r.add(c.name+"/"+name+"/cpu", micros(m.server))
			}
			for _, name := range c.servers {
				r.add(c.name+"/"+name+"/ratio", float64(costs[c.servers[0]])/float64(costs[name]))
			}
			if baseline := costs["baseline"]; baseline > 0 {
				r.add(c.name+"/baseline", float64(baseline)/float64(costs["cbcerrd"]))
			}
		}
	}
	return nil
}

// A measurement is the result for one server on one surface. Ratios compare the CPU time of a call, of client and server together.
// Both share the same cores, so this equals the ratio of their rates, independent of other processes.
type measurement struct {
	rate           float64       // calls a second
	client, server time.Duration // CPU time of a call
}

func measure(p *process, open surface, q requests, c config) (m measurement, err error) {
	workers, release, err := open(p.endpoint, q)
	if err != nil {
		return m, err
	}
	defer release()
	if _, _, err := load(workers, c.warmup); err != nil {
		return m, err
	}
	runtime.GC() // collect this program's garbage before the measurement
	before, err := p.cpu()
	if err != nil {
		return m, err
	}
	own := processCPU()
	n, elapsed, err := load(workers, c.measure)
	if err != nil {
		return m, err
	}
	own = processCPU() - own
	after, err := p.cpu()
	calls := time.Duration(n)
	return measurement{float64(n) / elapsed.Seconds(), own / calls, (after - before) / calls}, err
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// load runs all workers for a duration. It returns the number of replies and the elapsed time.
func load(workers []worker, d time.Duration) (calls int, elapsed time.Duration, err error) {
	var stopped atomic.Bool
	defer time.AfterFunc(d, func() { stopped.Store(true) }).Stop()
	counts, errs := make([]int, len(workers)), make([]error, len(workers))
	var running sync.WaitGroup
	start := time.Now()
	for i, work := range workers {
		running.Go(func() {
			if counts[i], errs[i] = work(stopped.Load); errs[i] != nil {
				stopped.Store(true)
			}
		})
	}
	running.Wait()
	for _, n := range counts {
		calls += n
	}
	return calls, time.Since(start), errors.Join(errs...)
}
