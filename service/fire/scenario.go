package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/cbcerr/cbcerr/service/machine"
)

// A scenario is one kind of trouble.
type scenario struct {
	name, about string
	run         func(*fire, *outcome) error
}

// A fire is what all scenarios of a run have in common.
type fire struct {
	*options
	binary  string // the daemon
	dir     string // for everything that is written
	machine machine.Machine
}

// An outcome is what a scenario has shown, for the report.
type outcome struct {
	Name, About  string
	Date, Commit string // of its own run: a report may have been renewed in part
	Took         time.Duration
	Tables       []table
	Goals        []goal
	Notes        []string
	Error        string // why it could not be tried
}

// A table is one of the report.
type table struct {
	Title string
	Head  []string
	Rows  [][]string
}

// A goal is something that has to be so.
type goal struct {
	What, Wanted, Measured string
	Met                    bool
	Speed                  bool // depends on how fast the machine is
}

// must notes a goal that holds on every machine.
func (o *outcome) must(met bool, what, wanted, measured string) {
	o.Goals = append(o.Goals, goal{What: what, Wanted: wanted, Measured: measured, Met: met})
}

// should notes a goal about speed.
func (o *outcome) should(met bool, what, wanted, measured string) {
	o.Goals = append(o.Goals, goal{What: what, Wanted: wanted, Measured: measured, Met: met, Speed: true})
}

// none notes that something must never have happened.
func (o *outcome) none(n int, what string) { o.must(n == 0, what, "0", fmt.Sprint(n)) }

func (o *outcome) note(format string, args ...any) {
	o.Notes = append(o.Notes, fmt.Sprintf(format, args...))
}

// missed tells whether a goal was missed that no machine excuses.
func (o *outcome) missed() bool {
	return slices.ContainsFunc(o.Goals, func(g goal) bool { return !g.Met && !g.Speed })
}

// run makes all the trouble that was asked for, and reports.
func run(o *options) error {
	dir, err := os.MkdirTemp("", "cbcerr-fire-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	f := &fire{options: o, dir: dir, binary: o.daemon, machine: machine.This()}
	if f.binary == "" {
		if f.binary, err = build(dir, f.machine.Commit); err != nil {
			return err
		}
	}
	r := results{Machine: f.machine, Versions: f.versions(), Quick: o.quick}
	for _, s := range scenarios {
		if len(o.only) == 0 || slices.Contains(o.only, s.name) {
			r.Outcomes = append(r.Outcomes, f.try(s))
		}
	}
	return errors.Join(writeReport(o.report, &r), r.verdict())
}

// try runs one scenario in a folder of its own.
func (f *fire) try(s scenario) *outcome {
	fmt.Fprintln(os.Stderr, "fire:", s.name)
	own, start := *f, time.Now()
	own.dir = filepath.Join(f.dir, s.name)
	o := &outcome{Name: s.name, About: s.about, Date: f.machine.Date, Commit: f.machine.Commit}
	err := os.Mkdir(own.dir, 0o755)
	if err == nil {
		err = s.run(&own, o)
	}
	if err != nil {
		o.Error = err.Error()
	}
	o.Took = time.Since(start).Round(time.Second)
	for _, g := range o.Goals {
		fmt.Fprintf(os.Stderr, "fire: %s: %s: %s, wanted %s%s\n", s.name, g.What, g.Measured, g.Wanted, map[bool]string{false: ": MISSED"}[g.Met])
	}
	for _, n := range append(o.Notes, o.Error) {
		if n != "" {
			fmt.Fprintf(os.Stderr, "fire: %s: %s\n", s.name, n)
		}
	}
	return o
}

// verdict is nil if all was well.
func (r *results) verdict() error {
	var errs []error
	for _, o := range r.Outcomes {
		if o.Error != "" {
			errs = append(errs, fmt.Errorf("%s: %s", o.Name, o.Error))
		} else if o.missed() {
			errs = append(errs, fmt.Errorf("%s: %w", o.Name, errMissed))
		}
	}
	return errors.Join(errs...)
}
