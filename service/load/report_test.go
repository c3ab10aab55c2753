package main

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/machine"
	"github.com/google/go-cmp/cmp"
)

// fixed are results that nobody has measured.
func fixed() results {
	flat := func(value float64) figure { return figure{value, value, value} }
	server := func(name string, ratio figure) summary {
		return summary{
			Name: name, Ratio: ratio, Rate: figure{20000, 18000, 21000}, P50: flat(2500), P99: flat(7000), CPU: flat(34.56),
			Allocations: flat(55), Bytes: flat(4200), Collections: flat(0.5), Heap: flat(4), Memory: flat(21),
		}
	}
	return results{
		Machine: machine.Machine{
			CPU: "a processor", Cores: 2, Memory: "8.0 GiB", Kernel: "linux 6", Go: "go1 amd64", Date: "2026-01-02", Commit: "0123abcd",
		},
		Method: method{Rounds: 7, Time: 1500 * time.Millisecond, Warm: 300 * time.Millisecond, Questions: 43, Question: 202, Answer: 1058},
		Loads: []compared{
			{"unary/64", []summary{server("cbcerr", figure{0.97, 0.94, 1.01}), server("null", flat(1))}},
			{"stream/64", []summary{server("cbcerr", figure{0.6, 0.5, 0.7}), server("null", flat(1))}},
		},
		Figures: []named{
			{"library, response to wire", "ns", figure{120, 110, 140}},
			{"library, response to wire: allocations", "", figure{}},
		},
		Growth: []growth{
			{"failed items", "server CPU of a call", "µs", []point{{1, flat(10)}, {10, flat(20)}, {100, flat(200)}}},
			{"codes of a catalogue", "reading it", "ms", []point{{1, flat(1)}, {10, flat(100)}}},
		},
	}
}

var update = flag.Bool("update", false, "rewrite the report of the test")

// TestReport: the same results make the same report, to the letter.
func TestReport(t *testing.T) {
	got, err := report(fixed(), "# Rivals\n\nSlower.\n")
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/report.md"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

// TestOthers: what stands beside the report is part of it, and nothing is said where nothing stands there.
func TestOthers(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "REPORT.md")
	for _, content := range []string{"Not measured.", "Slower."} {
		if content == "Slower." {
			if err := os.Mkdir(filepath.Join(folder, "rivals"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, othersFile), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := writeReport(file, fixed()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil || !strings.HasSuffix(string(text), "## Others\n\n"+content+"\n") {
			t.Errorf("%v: %s", err, text)
		}
	}
}

// TestTargets: each names a figure that there is.
func TestTargets(t *testing.T) {
	names := map[string]bool{"start, first answer over gRPC": true, "start, first answer over REST": true, "memory, idle": true}
	for _, l := range loads {
		names[l.name], names["memory, "+l.name] = true, true
	}
	for _, way := range ways {
		names[way.name], names[way.name+": allocations"], names[way.name+": in lookups"] = true, true, true
	}
	for _, target := range targets {
		if !names[target.figure] {
			t.Errorf("nothing measures %q", target.figure)
		}
	}
}

// TestAgree: a run agrees with itself after it was written and read, and not with one whose ratios are others; other figures
// decide nothing.
func TestAgree(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.json")
	if err := writeResults(file, fixed()); err != nil {
		t.Fatal(err)
	}
	earlier, err := readResults(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fixed(), earlier); diff != "" {
		t.Error(diff)
	}
	later := fixed()
	later.Figures[0].Figure = figure{500, 490, 510}
	var out strings.Builder
	if err := agree(&out, earlier, later); err != nil || strings.Count(out.String(), "\n") != 4 || !strings.Contains(out.String(), "differ\n") {
		t.Errorf("%v\n%s", err, &out)
	}
	later.Loads[1].Servers[0].Ratio = figure{0.8, 0.75, 0.85}
	if err := agree(&out, earlier, later); !errors.Is(err, errDisagree) || !strings.Contains(out.String(), "DISAGREE\n") {
		t.Errorf("%v\n%s", err, &out)
	}
}
