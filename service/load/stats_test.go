package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestMedian: half of the values lie on either side.
func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   figure
	}{
		{nil, figure{}},
		{[]float64{3}, figure{3, 3, 3}},
		{[]float64{4, 1}, figure{2.5, 1, 4}},
		{[]float64{9, 1, 2}, figure{2, 1, 9}},
		{[]float64{1, 8, 2, 4}, figure{3, 1, 8}},
	} {
		if got := figureOf(c.values); got != c.want {
			t.Errorf("%v: %v, want %v", c.values, got, c.want)
		}
	}
}

// TestAgreement: one median within the other's spread is enough, whichever it is.
func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		a, b figure
		want bool
	}{
		{figure{1, 0.9, 1.1}, figure{1, 1, 1}, true},
		{figure{1, 0.9, 1.1}, figure{1.2, 0.95, 1.3}, true},
		{figure{1, 0.9, 1.1}, figure{1.2, 1.05, 1.3}, false},
		{figure{1, 0.9, 1.1}, figure{2, 1.9, 2.1}, false},
	} {
		if c.a.agrees(c.b) != c.want || c.b.agrees(c.a) != c.want {
			t.Errorf("%v and %v: want %v both ways", c.a, c.b, c.want)
		}
	}
}

// TestPercentiles: each is within 3 % of the exact one, whatever the durations are, and merging loses nothing.
func TestPercentiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var all [2]histogram
	var exact []time.Duration
	for i := range 10_001 {
		d := time.Duration(math.Exp(20 * random.Float64()))
		all[i%2].add(d)
		exact = append(exact, d)
	}
	all[0].merge(&all[1])
	slices.Sort(exact)
	for _, share := range []float64{0, 0.01, 0.5, 0.9, 0.99, 1} {
		want := exact[max(0, int(math.Ceil(share*float64(len(exact))))-1)]
		got := all[0].percentile(share)
		if off := math.Abs(float64(got - want)); off > 1 && off > 0.03*float64(want) {
			t.Errorf("%v: %v, want %v", share, got, want)
		}
	}
	if all[0].count != len(exact) {
		t.Errorf("%d counted, want %d", all[0].count, len(exact))
	}
}

// TestBuckets: every value lies in its bucket, the buckets have no gaps, and no duration is too long for all of them.
func TestBuckets(t *testing.T) {
	for _, value := range []uint64{0, 1, 31, 32, 33, 63, 64, 65, 1000, 123_456_789, 1 << 40, math.MaxInt64} {
		b := bucket(value)
		if lowest(b) > value || value >= lowest(b+1) {
			t.Errorf("%d is in the bucket from %d to %d", value, lowest(b), lowest(b+1))
		}
	}
	var h histogram
	h.add(math.MaxInt64)
	h.add(-1)
	if h.percentile(1) < math.MaxInt64/2 || h.percentile(0.1) != 0 {
		t.Errorf("%v and %v", h.percentile(1), h.percentile(0.1))
	}
	if empty := new(histogram); empty.percentile(0.5) != 0 {
		t.Error("nothing has a percentile")
	}
}

// TestExponent: the last step decides.
func TestExponent(t *testing.T) {
	points := func(costs ...float64) (g growth) {
		for i, cost := range costs {
			g.Points = append(g.Points, point{int(math.Pow10(i)), figure{Median: cost}})
		}
		return g
	}
	for _, c := range []struct {
		g      growth
		want   float64
		linear bool
	}{
		{points(5, 5, 5), 0, true},
		{points(5, 6, 60), 1, true},
		{points(5, 5, 500), 2, false},
		{points(5, 50, 25), -0.301, true},
	} {
		if math.Abs(c.g.Exponent()-c.want) > 0.001 || c.g.Linear() != c.linear {
			t.Errorf("%v: %v, linear %v", c.g.Points, c.g.Exponent(), c.g.Linear())
		}
	}
	if !math.IsNaN(points(1).Exponent()) || points(1).Linear() {
		t.Error("one point is no growth")
	}
}

// TestNumbers: three digits count.
func TestNumbers(t *testing.T) {
	for value, want := range map[float64]string{
		0: "0", 0.9555: "0.956", 1: "1.00", 9.876: "9.88", 12.34: "12.3", 123.4: "123", 12345.6: "12346",
	} {
		if got := number(value); got != want {
			t.Errorf("%v: %s, want %s", value, got, want)
		}
	}
}
