package main

import (
	"flag"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// ways are what the library makes of a response, without any server.
var ways = []struct {
	name string
	of   func(*translate.Translator, []translate.Response) func(*testing.B)
}{
	{name: "library, response to wire", of: appending},
	{name: "library, response to status", of: translating},
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

// measureLibrary measures each way once a round.
func measureLibrary(t *translate.Translator, q questions, o options) (all []named) {
	for _, r := range q.responses() {
		t.Translate(r, locale) // the first answer of each code makes its template
	}
	rounds := map[string][]testing.BenchmarkResult{}
	for range o.rounds {
		for _, way := range ways {
			rounds[way.name] = append(rounds[way.name], testing.Benchmark(way.of(t, q.responses())))
		}
	}
	for _, way := range ways {
		own := rounds[way.name]
		all = append(all,
			named{way.name, "ns", figureOver(own, nanos)},
			named{way.name + ": allocations", "", figureOver(own, func(r testing.BenchmarkResult) float64 { return float64(r.AllocsPerOp()) })},
			named{way.name + ": memory", "B", figureOver(own, func(r testing.BenchmarkResult) float64 { return float64(r.AllocedBytesPerOp()) })})
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
