package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/machine"
	"github.com/cbcerr/cbcerr/service/translate"
)

// The results are all that a run has measured, as -json writes them.
type results struct {
	Machine machine.Machine
	Method  method
	Loads   []compared
	Figures []named // of the library, the start and the memory
	Growth  []growth
}

// A method is how it was measured.
type method struct {
	Rounds              int
	Time, Warm          time.Duration
	Questions, Question int // how many, and bytes of one
	Answer              int // bytes of one
	Again               int // rounds that were measured again
	Stolen              int // percent of all processors' time that others had
}

// A compared is what was measured of the servers under one load, the first of which is ours and the second its limit.
type compared struct {
	Name    string
	Servers []summary
}

// A summary is what all rounds say of one server.
type summary struct {
	Name               string
	Ratio              figure // its rate to that of the limit in the same round
	Rate               figure // calls a second
	P50, P99           figure // µs
	CPU                figure // µs for a call
	Allocations, Bytes figure // for a call
	Collections        figure // for a thousand calls
	Heap, Memory       figure // MiB
}

// A named is a figure by itself.
type named struct {
	Name, Unit string
	Figure     figure
}

// summarize makes of rounds what they say.
func summarize(l load, rounds map[string][]round) compared {
	all := compared{Name: l.name}
	limits := rounds[l.servers[1]]
	for _, name := range l.servers {
		own := rounds[name]
		of := func(value func(round) float64) figure { return figureOver(own, value) }
		var ratios []float64
		for i, r := range own {
			ratios = append(ratios, r.rate/limits[i].rate)
		}
		all.Servers = append(all.Servers, summary{
			Name: name, Ratio: figureOf(ratios), Rate: of(func(r round) float64 { return r.rate }),
			P50: of(func(r round) float64 { return r.p50 }), P99: of(func(r round) float64 { return r.p99 }),
			CPU:         of(func(r round) float64 { return r.cpu }),
			Allocations: of(func(r round) float64 { return r.allocations }), Bytes: of(func(r round) float64 { return r.bytes }),
			Collections: of(func(r round) float64 { return r.collections }),
			Heap:        of(func(r round) float64 { return r.heap }), Memory: of(func(r round) float64 { return r.memory }),
		})
	}
	return all
}

// String writes the figure with its unit.
func (n named) String() string { return strings.TrimSpace(n.Figure.String() + " " + n.Unit) }

// run measures, reports, and compares with an earlier run.
func run(o *options) error {
	r, err := measureAll(o)
	if err != nil {
		return err
	}
	if err := writeReport(o.report, r); err != nil {
		return err
	}
	if err := writeResults(o.json, r); err != nil {
		return err
	}
	if o.agree == "" {
		return nil
	}
	earlier, err := readResults(o.agree)
	if err != nil {
		return err
	}
	return agree(os.Stdout, earlier, r)
}

// measureAll measures what was asked for.
func measureAll(o *options) (r results, err error) {
	c, err := catalog.Embedded()
	if err != nil {
		return r, err
	}
	q, before := realistic(c), ticksNow()
	r.Machine = machine.This()
	r.Method = method{Rounds: o.rounds, Time: o.time, Warm: o.warm, Questions: len(q), Question: q.meanSize()}
	f, s, err := startFleet(q)
	if err != nil {
		return r, err
	}
	defer f.stop()
	r.Method.Answer = len(s.Answers.Translate)
	if err := r.measureLoads(f, q, o); err != nil {
		return r, err
	}
	err = r.measureRest(f, c, q, o)
	r.Method.Again, r.Method.Stolen = o.again.used, int(100*ticksNow().stolenSince(before)+0.5)
	return r, err
}

func (r *results) measureLoads(f fleet, q questions, o *options) error {
	for _, l := range append(loads, ghzLoads(o.ghz)...) {
		if !o.only.MatchString(l.name) {
			continue
		}
		o.progress(l.name)
		rounds, err := f.compare(l, q, o)
		if err != nil {
			return err
		}
		r.Loads = append(r.Loads, summarize(l, rounds))
	}
	return nil
}

// measureRest measures what is no load, by the names of its sections.
func (r *results) measureRest(f fleet, c *catalog.Catalog, q questions, o *options) error {
	if err := benchmarkFor(o.time / 5); err != nil { // there are many, and each is steady
		return err
	}
	if o.only.MatchString("library") {
		o.progress("library")
		r.Figures = measureLibrary(c, translate.New(c, translate.DefaultItems), q, o)
	}
	if o.only.MatchString("start") {
		figures, err := measureStarts(q, o)
		if err != nil {
			return err
		}
		r.Figures = append(r.Figures, figures...)
	}
	if !o.only.MatchString("growth") {
		return nil
	}
	served, err := f["cbcerr"].measureServed(q, o)
	if err != nil {
		return err
	}
	r.Growth = served
	own, err := measureCatalogues(c, o)
	r.Growth = append(r.Growth, own...)
	return err
}

// progress tells whoever waits what is measured.
func (o *options) progress(name string) { fmt.Fprintln(os.Stderr, "load:", name) }

func writeResults(file string, r results) error {
	if file == "" {
		return nil
	}
	content, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(content, '\n'), 0o644)
}

func readResults(file string) (r results, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(content, &r)
}
