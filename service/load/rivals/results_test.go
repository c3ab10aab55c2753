package rivals

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var results = flag.String("results", "", "`file` to write the comparison to; without one nothing is measured")

// rounds is how often each way is measured, in turns.
const rounds = 7

// TestResults writes the comparison as a table.
func TestResults(t *testing.T) {
	if *results == "" {
		return
	}
	measured := map[string][]testing.BenchmarkResult{}
	for range rounds {
		for _, w := range ways {
			run := w.prepare(t)
			measured[w.name] = append(measured[w.name], testing.Benchmark(func(b *testing.B) {
				for b.Loop() {
					run()
				}
			}))
		}
	}
	if err := os.WriteFile(*results, []byte(table(measured)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// table writes the median, the least and the most of all rounds; ratios are of each round to cbcerr's bytes.
func table(measured map[string][]testing.BenchmarkResult) string {
	var b strings.Builder
	b.WriteString("From the same response, a plain pair with HTTP 403 and two headers, by `go test -run TestResults` in `service/load/rivals`. Each way reads the body\n" +
		"and its own result's code. Median of 7 rounds, least and most in parentheses.\n\n" +
		"| way | ns | times cbcerr's bytes | bytes | allocations | gives |\n|---|---|---|---|---|---|\n")
	for _, w := range ways {
		own := measured[w.name]
		var times, ratios []float64
		for i, r := range own {
			times = append(times, float64(r.T)/float64(r.N))
			limit := measured[ways[0].name][i]
			ratios = append(ratios, times[i]/(float64(limit.T)/float64(limit.N)))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %s |\n", w.name, spread("%.0f", times), spread("%.1f", ratios), own[0].AllocedBytesPerOp(), own[0].AllocsPerOp(), w.gives)
	}
	return b.String()
}

func spread(format string, values []float64) string {
	slices.Sort(values)
	return fmt.Sprintf(format+" ("+format+"–"+format+")", values[len(values)/2], values[0], values[len(values)-1])
}
