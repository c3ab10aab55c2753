package main

import (
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/translate"
)

// A growth is what becomes of a cost when something grows.
type growth struct {
	Name, Cost, Unit string
	Points           []point
}

// A point is the cost at one size.
type point struct {
	Size int
	Cost figure
}

// nearlyLinear is the greatest exponent that passes for linear: what is left of an exponent of 1 is noise.
const nearlyLinear = 1.1

// Exponent is that of the power of the size that the cost grows by, in the last step, where what each call costs anyway
// counts least: 1 is linear, 0 is no growth.
func (g growth) Exponent() float64 {
	n := len(g.Points)
	if n < 2 || g.Points[n-2].Cost.Median <= 0 {
		return math.NaN()
	}
	from, to := g.Points[n-2], g.Points[n-1]
	return math.Log(to.Cost.Median/from.Cost.Median) / math.Log(float64(to.Size)/float64(from.Size))
}

// Linear tells whether the cost grows no faster than the size.
func (g growth) Linear() bool { return g.Exponent() <= nearlyLinear }

// served is what grows in requests to a server, which is charged by its processor time.
var served = []struct {
	name  string
	load  load
	sizes []int
	ask   func(q questions, size int) questions
}{
	{"requests of a batch", load{surface: batch}, []int{1, 10, 100, 1000}, questions.cycled},
	{"bytes of a body", load{surface: unary}, []int{100, 1 << 10, 16 << 10, 64 << 10}, func(_ questions, n int) questions { return bodyOf(n) }},
	{"failed items", load{surface: unary}, []int{1, 10, 100, 1000}, func(_ questions, n int) questions { return failing(n) }},
}

// few is how many rounds there are of what takes long and needs no third digit.
const few = 5

// measureServed measures each size once a round.
func (c *child) measureServed(q questions, o *options) (all []growth, err error) {
	for _, s := range served {
		o.progress("growth, " + s.name)
		rounds := make([][]float64, len(s.sizes))
		for range min(o.rounds, few) {
			for i, size := range s.sizes {
				asked := s.ask(q, size)
				l := s.load
				l.inFlight, l.conns, l.batch = 4, 1, len(asked)
				r, err := calmly(&o.again, func() (round, error) { return c.measure(l, asked, o) })
				if err != nil {
					return nil, err
				}
				rounds[i] = append(rounds[i], r.cpu)
			}
		}
		all = append(all, growthOf(s.name, "server CPU of a call", "µs", s.sizes, rounds))
	}
	return all, nil
}

func growthOf(name, cost, unit string, sizes []int, rounds [][]float64) growth {
	g := growth{Name: name, Cost: cost, Unit: unit}
	for i, size := range sizes {
		g.Points = append(g.Points, point{size, figureOf(rounds[i])})
	}
	return g
}

// costs are what a catalogue costs in this process.
type costs struct{ load, heap, call, asked float64 }

// columns names the costs.
var columns = []struct {
	name, unit string
	of         func(costs) float64
}{
	{"reading it", "ms", func(c costs) float64 { return c.load }},
	{"heap it takes", "MiB", func(c costs) float64 { return c.heap }},
	{"heap once all was asked", "MiB", func(c costs) float64 { return c.asked }},
	{"negotiating and translating", "ns", func(c costs) float64 { return c.call }},
}

// catalogues is what grows in a catalogue.
var catalogues = []struct {
	name           string
	sizes          []int
	codes, locales func(size int) int
}{
	{"codes of a catalogue", []int{218, 2000, 20000}, itself, always(2)},
	{"locales of a catalogue", []int{2, 10, 50}, always(218), itself},
}

func itself(n int) int { return n }

func always(n int) func(int) int { return func(int) int { return n } }

// measureCatalogues measures catalogues of each size once a round.
func measureCatalogues(c *catalog.Catalog, o *options) (all []growth, err error) {
	for _, s := range catalogues {
		o.progress("growth, " + s.name)
		rounds := make([][]costs, len(s.sizes))
		for range min(o.rounds, few) {
			for i, size := range s.sizes {
				cost, err := calmly(&o.again, func() (costs, error) { return costsOf(c, s.codes(size), s.locales(size)) })
				if err != nil {
					return nil, err
				}
				rounds[i] = append(rounds[i], cost)
			}
		}
		for _, column := range columns {
			values := each(rounds, func(r []costs) []float64 { return each(r, column.of) })
			all = append(all, growthOf(s.name, column.name, column.unit, s.sizes, values))
		}
	}
	return all, nil
}

// costsOf makes a catalogue and asks it for each code and language once before what is measured.
func costsOf(actual *catalog.Catalog, codes, locales int) (found costs, err error) {
	folder := synthetic(actual, codes, locales)
	before := heap()
	start := time.Now()
	c, err := catalog.Load(folder)
	if err != nil {
		return found, err
	}
	t := translate.New(c, translate.DefaultItems)
	found.load = float64(time.Since(start)) / float64(time.Millisecond)
	found.heap = heap() - before
	responses, wishes := everything(c)
	without := heap()
	var to []byte
	for i := range max(len(responses), len(wishes)) {
		to = t.Append(to[:0], responses[i%len(responses)], c.Negotiate(wishes[i%len(wishes)]))
	}
	for _, tag := range c.Locales() {
		for _, r := range responses[:min(len(responses), 218)] {
			to = t.Append(to[:0], r, tag)
		}
	}
	found.asked = found.heap + heap() - without
	found.call = nanos(testing.Benchmark(func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			to = t.Append(to[:0], responses[i%len(responses)], c.Negotiate(wishes[i%len(wishes)]))
		}
	}))
	runtime.KeepAlive(folder)
	return found, nil
}

// everything is a response of each code, and a browser's wish for each language.
func everything(c *catalog.Catalog) ([]translate.Response, []catalog.Preferences) {
	var q questions
	for i, e := range c.Entries() {
		text, _ := c.Localize(e.Code, catalog.DefaultLocale)
		q = append(q, question(i, plainBody(e.Code, text)))
	}
	wishes := each(c.Locales(), func(tag string) catalog.Preferences {
		return catalog.Preferences{AcceptLanguage: []string{tag + ";q=0.9, en;q=0.5"}}
	})
	return q.responses(), wishes
}

// heap is what is in use after a collection, in MiB.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what pools hold survives the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
