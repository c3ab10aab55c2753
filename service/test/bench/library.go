package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/translate"
)

// An example is a response and its locale.
type example struct {
	response translate.Response
	locale   string
	size     int // bytes of the HTTP response
}

// measureLibrary measures Translate without a server, on plain pairs and on each golden conversation.
func measureLibrary(r *results, _ string) error {
	c, err := catalog.Embedded()
	if err != nil {
		return err
	}
	t := translate.New(c, translate.DefaultItems)
	pairs, err := pairExamples()
	if err != nil {
		return err
	}
	all, err := goldenExamples()
	if err != nil {
		return err
	}
	rounds := min(r.config.rounds, 7)
	for n := range rounds {
		fmt.Fprintf(os.Stderr, "bench: library, round %d of %d\n", n+1, rounds)
		plain := benchmark(t, pairs)
		r.add("plain/µs", plain.Extra[cpuMetric])
		r.add("plain/allocations", float64(plain.AllocsPerOp()))
		r.addConversations(t, all)
	}
	return nil
}

// addConversations adds the ninth decile over all conversations, and the maximum time per KiB of a response. A smaller response
// counts as one KiB.
func (r *results) addConversations(t *translate.Translator, all []example) {
	var times, allocations, perKiB []float64
	for _, e := range all {
		b := benchmark(t, []example{e})
		times, allocations = append(times, b.Extra[cpuMetric]), append(allocations, float64(b.AllocsPerOp()))
		perKiB = append(perKiB, b.Extra[cpuMetric]*1024/float64(max(1024, e.size)))
	}
	r.add("golden/µs", ninthDecile(times))
	r.add("golden/allocations", ninthDecile(allocations))
	r.add("golden/µs per KiB", slices.Max(perKiB))
}

func ninthDecile(values []float64) float64 {
	slices.Sort(values)
	return values[(len(values)*9+9)/10-1]
}

// cpuMetric is the CPU time of a translation in µs. Other processes affect it less than wall time.
const cpuMetric = "cpu-µs/op"

func benchmark(t *translate.Translator, all []example) testing.BenchmarkResult {
	return testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		before := processCPU()
		for i := 0; b.Loop(); i++ {
			e := &all[i%len(all)]
			t.Translate(e.response, e.locale)
		}
		b.ReportMetric(micros(processCPU()-before)/float64(b.N), cpuMetric)
	})
}

// processCPU returns the CPU time of this process, including the garbage collector.
func processCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it cannot fail with these arguments
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func pairExamples() (all []example, err error) {
	q, err := plainPairs()
	for _, r := range q {
		raw := r.GetResponse()
		all = append(all, example{locale: locale, response: translate.Response{
			Response: envelope.Response{HTTPStatus: int(raw.GetHttpStatus()), Body: raw.GetRaw()},
		}})
	}
	return all, err
}

func goldenExamples() (all []example, err error) {
	dir, err := root()
	if err != nil {
		return nil, err
	}
	cases, err := golden.Read(filepath.Join(dir, "service/translate/testdata"))
	for _, c := range cases {
		all = append(all, example{locale: c.Locale, size: len(c.Response), response: translate.Response{
			Response: envelope.Response{HTTPStatus: c.Status, Headers: c.Headers, Body: c.Body},
			Origin:   translate.Origin{Service: c.Service, Site: c.Site},
		}})
	}
	return all, err
}
