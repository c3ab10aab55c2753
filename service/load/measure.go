package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A worker calls once, and again until it is told to stop, and says of each call how long it took.
type worker func(stop func() bool, took func(time.Duration)) error

// A session is callers and their connections to one server.
type session interface {
	// run has all of them call for a time, and tells how long it was until the last of them had finished.
	run(time.Duration) (*histogram, time.Duration, error)
	close()
}

// A crew is a session of this program's own callers.
type crew struct {
	workers []worker
	release func() // ends the connections
}

func (c *crew) close() { c.release() }

// inTurn makes a worker that makes one call after the other, beginning with the request at a place.
func inTurn[R any](first int, requests []R, call func(R) error) worker {
	return func(stop func() bool, took func(time.Duration)) error {
		for i := first; i == first || !stop(); i++ {
			start := time.Now()
			if err := call(requests[i%len(requests)]); err != nil {
				return err
			}
			took(time.Since(start))
		}
		return nil
	}
}

func (c *crew) run(d time.Duration) (*histogram, time.Duration, error) {
	var stopped atomic.Bool
	defer time.AfterFunc(d, func() { stopped.Store(true) }).Stop()
	parts, faults := make([]histogram, len(c.workers)), make([]error, len(c.workers))
	var working sync.WaitGroup
	start := time.Now()
	for i, work := range c.workers {
		working.Go(func() {
			if faults[i] = work(stopped.Load, parts[i].add); faults[i] != nil {
				stopped.Store(true)
			}
		})
	}
	working.Wait()
	elapsed := time.Since(start)
	all := new(histogram)
	for i := range parts {
		all.merge(&parts[i])
	}
	return all, elapsed, errors.Join(faults...)
}

// A round is what was measured of one server once.
type round struct {
	rate               float64 // calls a second
	p50, p99           float64 // µs, as the client sees it
	cpu                float64 // µs of the server's processor time for a call
	allocations, bytes float64 // of the server for a call
	collections        float64 // of the server for a thousand calls
	heap, memory       float64 // MiB that the server has afterwards: in use by Go, resident in all
}

// measure puts a server under load, first for a time that does not count.
func (c *child) measure(l load, q questions, o *options) (round, error) {
	s, err := l.surface(c.endpoint, l, q)
	if err != nil {
		return round{}, err
	}
	defer s.close()
	if _, _, err := s.run(o.warm); err != nil {
		return round{}, err
	}
	before, err := c.usage()
	if err != nil {
		return round{}, err
	}
	calls, elapsed, err := s.run(o.time)
	if err != nil {
		return round{}, err
	}
	after, err := c.usage()
	return newRound(calls, elapsed, before, after), err
}

func newRound(calls *histogram, elapsed time.Duration, before, after usage) round {
	n := float64(max(calls.count, 1))
	return round{
		rate: n / elapsed.Seconds(), p50: micros(calls.percentile(0.5)), p99: micros(calls.percentile(0.99)),
		cpu:         micros(after.CPU-before.CPU) / n,
		allocations: float64(after.Allocations-before.Allocations) / n,
		bytes:       float64(after.Bytes-before.Bytes) / n,
		collections: 1000 * float64(after.Collections-before.Collections) / n,
		heap:        float64(after.Heap) / (1 << 20), memory: after.memory,
	}
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// compare measures each server of a load once a round, each round in another order, so that what the machine does
// besides hits all of them alike.
func (f fleet) compare(l load, q questions, o *options) (map[string][]round, error) {
	all := map[string][]round{}
	for n := range o.rounds {
		one, err := calmly(&o.again, func() (map[string]round, error) { return f.turn(l, n, q, o) })
		if err != nil {
			return nil, err
		}
		for name, r := range one {
			all[name] = append(all[name], r)
		}
	}
	return all, nil
}

// turn measures each server once, beginning with the one at a place.
func (f fleet) turn(l load, first int, q questions, o *options) (map[string]round, error) {
	all := map[string]round{}
	for i := range l.servers {
		name := l.servers[(i+first)%len(l.servers)]
		runtime.GC() // the client's, so that it does not have to while the server is measured
		r, err := f[name].measure(l, q, o)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", l.name, name, err)
		}
		all[name] = r
	}
	return all, nil
}
