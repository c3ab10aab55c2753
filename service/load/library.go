package main

import (
	"flag"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// ways are what the library makes of a response, without any server.
var ways = []struct {
	name string
	of   way
}{
	{name: "library, response to wire", of: bare(appending)},
	{name: "library, response to status", of: bare(translating)},
	{name: "library, response with two headers to wire", of: appending},
}

// yardstick is what the ways are also told in: absolute times differ by half from machine to machine, and on one that others
// share from minute to minute.
const yardstick = "library, a lookup among the codes"

// lookingUp finds entries by the codes of the responses, in the same turn.
func lookingUp(c *catalog.Catalog, all []translate.Response) func(*testing.B) {
	var codes []string
	for i := range all {
		p, _ := all[i].Plain()
		codes = append(codes, string(p.Code))
	}
	return func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			c.Lookup(codes[i%len(codes)])
		}
	}
}

// appending makes the bytes of answers, each in the place of the one before.
func appending(t *translate.Translator, all []translate.Response) func(*testing.B) {
	return func(b *testing.B) {
		to := make([]byte, 0, 4<<10)
		for i := 0; b.Loop(); i++ {
			to = t.Append(to[:0], all[i%len(all)], locale)
		}
	}
}

// translating makes answers as messages.
func translating(t *translate.Translator, all []translate.Response) func(*testing.B) {
	return func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			t.Translate(all[i%len(all)], locale)
		}
	}
}

// A way makes a benchmark of responses.
type way = func(*translate.Translator, []translate.Response) func(*testing.B)

// bare is a way for the status and the body alone.
func bare(of way) way {
	return func(t *translate.Translator, all []translate.Response) func(*testing.B) {
		for i := range all {
			all[i].Headers = nil
		}
		return of(t, all)
	}
}

// responses are what the questions are about.
func (q questions) responses() []translate.Response {
	var all []translate.Response
	for _, r := range q {
		raw := r.GetResponse()
		all = append(all, translate.Response{Response: envelope.Response{
			HTTPStatus: int(raw.GetHttpStatus()), Headers: raw.GetHeaders(), Body: raw.GetRaw(),
		}})
	}
	return all
}

// measureLibrary measures each way once a round, beside the yardstick.
func measureLibrary(c *catalog.Catalog, t *translate.Translator, q questions, o *options) (all []named) {
	for _, r := range q.responses() {
		t.Translate(r, locale) // the first answer of each code makes its template
	}
	rounds := map[string][]testing.BenchmarkResult{}
	for range o.rounds {
		one, _ := calmly(&o.again, func() (map[string]testing.BenchmarkResult, error) { return benchmarks(c, t, q), nil })
		for name, r := range one {
			rounds[name] = append(rounds[name], r)
		}
	}
	all = append(all, named{yardstick, "ns", figureOver(rounds[yardstick], nanos)})
	for _, way := range ways {
		own := rounds[way.name]
		var lookups []float64
		for i, r := range own {
			lookups = append(lookups, nanos(r)/nanos(rounds[yardstick][i]))
		}
		all = append(all,
			named{way.name, "ns", figureOver(own, nanos)},
			named{way.name + ": in lookups", "lookups", figureOf(lookups)},
			named{way.name + ": allocations", "", figureOver(own, func(r testing.BenchmarkResult) float64 { return float64(r.AllocsPerOp()) })},
			named{way.name + ": memory", "B", figureOver(own, func(r testing.BenchmarkResult) float64 { return float64(r.AllocedBytesPerOp()) })})
	}
	return all
}

// benchmarks measures each way and the yardstick once.
func benchmarks(c *catalog.Catalog, t *translate.Translator, q questions) map[string]testing.BenchmarkResult {
	all := map[string]testing.BenchmarkResult{yardstick: testing.Benchmark(lookingUp(c, q.responses()))}
	for _, way := range ways {
		all[way.name] = testing.Benchmark(way.of(t, q.responses()))
	}
	return all
}

// nanos is how long one of many took.
func nanos(r testing.BenchmarkResult) float64 { return float64(r.T) / float64(max(r.N, 1)) }

// benchmarkFor tells the testing package how long a benchmark is.
func benchmarkFor(d time.Duration) error {
	testing.Init()
	return flag.Set("test.benchtime", d.String())
}
