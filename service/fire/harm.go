package main

import (
	"fmt"
	"slices"
	"strings"
)

// floor is the part of their usual calls that calm clients must at least have made meanwhile: less than that, and each waits for more than a
// second for each answer. It is small because it holds for floods that take all processors, which are the calm clients' too: that some
// calls get through is judged there, how fast is told.
const floor = 0.02

// judge notes the goals, in one line if all are met.
func (a *attack) judge(o *outcome, h *harm, missed error) {
	goals := h.goals(missed)
	if !slices.ContainsFunc(goals, func(g goal) bool { return !g.Met }) {
		o.must(true, a.name+": calm clients, life, memory, refusals", "all well", "all well")
		return
	}
	for _, g := range goals {
		o.must(g.Met, a.name+": "+g.What, g.Wanted, g.Measured)
	}
}

// goals are what has to be so whatever the attack is; missed is why that had not what it must have.
func (h *harm) goals(missed error) []goal {
	said := "yes"
	if missed != nil {
		said = strings.ReplaceAll(missed.Error(), "\n", "; ") // it becomes a cell
	}
	least := int(floor * float64(h.usual)) // 0 of what is over at once
	none := func(what string, n float64) goal {
		return goal{What: what, Wanted: "0", Measured: fmt.Sprint(n), Met: h.figures && n == 0}
	}
	return []goal{
		{What: "calm calls without the right answer", Wanted: "0", Measured: fmt.Sprint(h.calm.amiss()), Met: h.calm.amiss() == 0},
		{What: "calm calls meanwhile", Wanted: fmt.Sprintf("%d at least, of %d", least, h.usual), Measured: fmt.Sprint(h.meanwhile), Met: h.meanwhile >= least},
		{What: "alive", Wanted: "true", Measured: fmt.Sprint(h.alive), Met: h.alive},
		{What: "figures can be read afterwards", Wanted: "true", Measured: fmt.Sprint(h.figures), Met: h.figures},
		none("panics", h.panics), none("calls in flight afterwards", h.inFlight),
		{What: "memory", Wanted: fmt.Sprintf("less than %d MiB", podMemory), Measured: fmt.Sprintf("%.0f MiB", h.most), Met: h.most < podMemory},
		{What: "happened, and got what it must get", Wanted: "yes", Measured: said, Met: missed == nil},
	}
}

func harmTable(first string) table {
	return table{Head: []string{first, "what it got", "calm calls", "meanwhile", "not right", "p50", "p99", "max", "MiB before", "most", "after", "alive"}}
}

func (h *harm) cells() []string {
	mib := func(n float64) string { return fmt.Sprintf("%.0f", n) }
	return []string{
		fmt.Sprint(h.calm.sent()), fmt.Sprintf("%d of %d", h.meanwhile, h.usual), fmt.Sprint(h.calm.amiss()),
		milliseconds(h.calm.took.percentile(0.5)), milliseconds(h.calm.took.percentile(0.99)), milliseconds(h.calm.took.percentile(1)),
		mib(h.before), mib(h.most), mib(h.after), map[bool]string{true: "yes", false: "**no**"}[h.alive],
	}
}
