package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"text/template"
	"time"
)

// results are all figures of a run by name.
type results struct {
	config  config
	Machine machine
	figures map[string]figure
}

// A figure is one value for each round.
type figure []float64

func (r *results) add(name string, value float64) { r.figures[name] = append(r.figures[name], value) }

// median returns the middle value, or the mean of the two middle values.
func (f figure) median() float64 {
	if len(f) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(f))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// String returns the median, with the minimum and the maximum in parentheses.
func (f figure) String() string {
	if len(f) == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%s (%s–%s)", formatValue(f.median()), formatValue(slices.Min(f)), formatValue(slices.Max(f)))
}

// formatValue formats a value with three digits.
func formatValue(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// A goal is the target of a figure. beyond is a more ambitious target.
type goal struct {
	surface, figure string
	atLeast         bool
	reach, beyond   float64
	unit            string
}

// goals are the performance goals.
var goals = []goal{
	{"unary gRPC, stock client, against noop", "unary/cbcerrd/ratio", true, 0.85, 0.95, ""},
	{"stream, against noop", "stream/cbcerrd/ratio", true, 0.60, 0.72, ""},
	{"batch of 100, against a noop batch of the same bytes", "batch of 100/cbcerrd/ratio", true, 0.55, 0.75, ""},
	{"REST JSON, against static", "REST JSON/cbcerrd/ratio", true, 0.48, 0.55, ""},
	{"REST raw, against static", "REST raw/cbcerrd/ratio", true, 0.48, 0.55, ""},
	{"library, plain pair to message", "plain/µs", false, 1, 0.6, " µs"},
	{"library, plain pair: allocations", "plain/allocations", false, 4, 0, ""},
	{"library, golden conversations: 9 of 10 take", "golden/µs", false, 12, 6, " µs"},
	{"library, golden conversations: allocations of 9 of 10", "golden/allocations", false, 40, 20, ""},
	{"library, golden conversations: maximum per KiB", "golden/µs per KiB", false, 60, 30, " µs"},
	{"default observability on / off, unary", "unary, observability/cbcerrd-gogc/ratio", true, 0.90, 0.95, ""},
	{"against baseline, unary", "unary/baseline", true, 1.3, 1.6, ""},
	{"against baseline, stream", "stream/baseline", true, 1.3, 1.6, ""},
	{"against baseline, batch of 100", "batch of 100/baseline", true, 1.3, 1.6, ""},
	{"against baseline, REST JSON", "REST JSON/baseline", true, 1.3, 1.6, ""},
	{"sidecar: added latency of a success, against `httputil.ReverseProxy`", "sidecar/success", false, 2, 1.3, ""},
	{"sidecar: added latency of an error, against `httputil.ReverseProxy`", "sidecar/error", false, 2, 1.3, ""},
	{"start to the first reply", "start", false, 100, 50, " ms"},
	{"memory, idle", "memory/idle", false, 40, 0, " MiB"},
	{"memory, 64 unary calls in flight", "memory/unary", false, 60, 0, " MiB"},
	{"memory, 64 batches in flight", "memory/batch", false, 128, 0, " MiB"},
}

// limit formats a target, 0 as empty.
func (g goal) limit(value float64) string {
	if value == 0 {
		return ""
	}
	sign := "≤ "
	if g.atLeast {
		sign = "≥ "
	}
	return sign + fmt.Sprint(value) + g.unit
}

// verdict states whether the median reaches the goal, or by how much it misses it.
func (g goal) verdict(f figure) string {
	meets := func(limit float64) bool {
		return limit != 0 && (f.median() >= limit) == g.atLeast || f.median() == limit
	}
	switch {
	case len(f) == 0:
		return "not measured"
	case meets(g.beyond):
		return "yes, and beyond"
	case meets(g.reach):
		return "yes"
	}
	return fmt.Sprintf("no, by %.0f %%", 100*max(g.reach/f.median(), f.median()/g.reach)-100)
}

// Goals returns the rows of the table of goals.
func (r *results) Goals() (rows [][]string) {
	for _, g := range goals {
		f := r.figures[g.figure]
		measured := f.String()
		if len(f) > 0 {
			measured += g.unit
		}
		rows = append(rows, []string{g.surface, g.limit(g.reach), g.limit(g.beyond), measured, g.verdict(f)})
	}
	return rows
}

// Servers returns the rows of the table of servers.
func (r *results) Servers() (rows [][]string) {
	for _, c := range comparisons {
		for _, name := range c.servers {
			at := c.name + "/" + name + "/"
			rows = append(rows, []string{c.name, name, r.figures[at+"ratio"].String(), r.figures[at+"rate"].String(), r.figures[at+"cpu"].String()})
		}
	}
	return rows
}

// Rounds returns the number of rounds.
func (r *results) Rounds() int { return r.config.rounds }

// Measure returns the duration of each measurement.
func (r *results) Measure() time.Duration { return r.config.measure }

// A machine describes where and when a run took place.
type machine struct {
	CPU, Kernel, Go, Date, Commit string
	Cores                         int
}

func currentMachine() machine {
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	commit, _ := exec.Command("git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=12").Output()
	return machine{
		CPU: procField("/proc/cpuinfo", "model name"), Kernel: strings.TrimSpace(string(kernel)), Go: runtime.Version(),
		Date: time.Now().UTC().Format(time.DateOnly), Commit: strings.TrimSpace(string(commit)), Cores: runtime.NumCPU(),
	}
}

//go:embed report.md.tmpl
var layout string

// write writes the report to a file, or to standard output if the name is empty.
func write(name string, r *results) error {
	t, err := template.New("").Funcs(template.FuncMap{"row": func(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }}).Parse(layout)
	if err != nil {
		return err
	}
	var out io.Writer = os.Stdout
	if name != "" {
		file, err := os.Create(name)
		if err != nil {
			return err
		}
		defer file.Close()
		out = file
	}
	return t.Execute(out, r)
}
