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

// median is the middle value, or the mean of the two middle ones.
func (f figure) median() float64 {
	if len(f) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(f))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// String is the median, and the least and the most in parentheses.
func (f figure) String() string {
	if len(f) == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%s (%s–%s)", digits(f.median()), digits(slices.Min(f)), digits(slices.Max(f)))
}

// digits has three of them.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// A goal is a row of what to reach.
type goal struct {
	surface, figure string
	atLeast         bool
	reach, beyond   float64
	unit            string
}

// goals are those of the design. The figure "" is not measured yet.
var goals = []goal{
	{"unary gRPC, stock client, against null", "unary/cbcerrd/ratio", true, 0.85, 0.95, ""},
	{"stream, against null", "stream/cbcerrd/ratio", true, 0.60, 0.72, ""},
	{"batch of 100, against a null batch of the same bytes", "batch of 100/cbcerrd/ratio", true, 0.55, 0.75, ""},
	{"REST JSON, against static", "REST JSON/cbcerrd/ratio", true, 0.48, 0.55, ""},
	{"REST raw, against static", "REST raw/cbcerrd/ratio", true, 0.48, 0.55, ""},
	{"library, plain pair to message", "plain/µs", false, 1, 0.6, " µs"},
	{"library, plain pair: allocations", "plain/allocations", false, 4, 0, ""},
	{"library, golden conversations: 9 of 10 take", "golden/µs", false, 12, 6, " µs"},
	{"library, golden conversations: allocations of 9 of 10", "golden/allocations", false, 40, 20, ""},
	{"library, golden conversations: the most for each KiB", "golden/µs per KiB", false, 60, 30, " µs"},
	{"default observability on / off, unary", "unary, observability/cbcerrd-gogc/ratio", true, 0.90, 0.95, ""},
	{"against naive, unary", "unary/naive", true, 1.3, 1.6, ""},
	{"against naive, stream", "stream/naive", true, 1.3, 1.6, ""},
	{"against naive, batch of 100", "batch of 100/naive", true, 1.3, 1.6, ""},
	{"against naive, REST JSON", "REST JSON/naive", true, 1.3, 1.6, ""},
	{"sidecar: added latency, against `httputil.ReverseProxy`", "", false, 2, 1.3, ""},
	{"start to the first answer", "start", false, 100, 50, " ms"},
	{"memory, idle", "memory/idle", false, 40, 0, " MiB"},
	{"memory, 64 unary calls in flight", "memory/unary", false, 60, 0, " MiB"},
	{"memory, 64 batches in flight", "memory/batch", false, 128, 0, " MiB"},
}

// limit writes a goal's limit; 0 is none.
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

// verdict says whether the median reaches the goal, or by how much it does not.
func (g goal) verdict(f figure) string {
	meets := func(limit float64) bool {
		return limit != 0 && (f.median() >= limit) == g.atLeast || f.median() == limit
	}
	switch {
	case g.figure == "":
		return "not built yet"
	case len(f) == 0:
		return "not measured"
	case meets(g.beyond):
		return "yes, and beyond"
	case meets(g.reach):
		return "yes"
	}
	return fmt.Sprintf("no, by %.0f %%", 100*max(g.reach/f.median(), f.median()/g.reach)-100)
}

// Goals are the rows of the goals' table.
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

// Servers are the rows of the servers' table.
func (r *results) Servers() (rows [][]string) {
	for _, c := range comparisons {
		for _, name := range c.servers {
			at := c.name + "/" + name + "/"
			rows = append(rows, []string{c.name, name, r.figures[at+"ratio"].String(), r.figures[at+"rate"].String(), r.figures[at+"cpu"].String()})
		}
	}
	return rows
}

// Rounds and Measure say how the run measured.
func (r *results) Rounds() int { return r.config.rounds }

// Measure is how long each measurement took.
func (r *results) Measure() time.Duration { return r.config.measure }

// A machine is where and when a run was.
type machine struct {
	CPU, Kernel, Go, Date, Commit string
	Cores                         int
}

func thisMachine() machine {
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
