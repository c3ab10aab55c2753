package main

import (
	"errors"
	"fmt"
	"io"
)

// errDisagree says that two runs have not measured the same.
var errDisagree = errors.New("two runs do not agree")

// agree compares two runs. Ratios have to agree, since a machine's other work hits both sides of them alike; absolute figures
// are compared for people, and decide nothing. What only one of the runs has measured is left out.
func agree(out io.Writer, earlier, later results) (err error) {
	for _, pair := range pairs(earlier, later) {
		verdict := "agree"
		if !pair.earlier.agrees(pair.later) {
			verdict = "differ"
			if pair.judged {
				verdict, err = "DISAGREE", errDisagree
			}
		}
		fmt.Fprintf(out, "%-40s %-28s %-28s %s\n", pair.name, pair.earlier, pair.later, verdict)
	}
	return err
}

// A pair is the same figure of two runs.
type pair struct {
	name           string
	earlier, later figure
	judged         bool
}

func pairs(earlier, later results) (all []pair) {
	before := map[string]figure{}
	for _, n := range earlier.all() {
		before[n.Name] = n.Figure
	}
	for _, n := range later.all() {
		if old, ok := before[n.Name]; ok {
			all = append(all, pair{n.Name, old, n.Figure, n.Unit == ratio})
		}
	}
	return all
}

// ratio is the unit of what is one rate by another.
const ratio = "ratio"

// all are the figures of a run that another run should find again.
func (r results) all() (list []named) {
	for _, l := range r.Loads {
		list = append(list, named{l.Name, ratio, l.Servers[0].Ratio})
	}
	return append(list, r.Figures...)
}
