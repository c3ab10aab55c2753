package main

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"
)

// A figure is what several rounds say of one thing: the median, and the least and the most of all rounds as its spread.
type figure struct {
	Median, Low, High float64
}

// figureOf makes a figure of the rounds' values; of none it is zero.
func figureOf(values []float64) figure {
	if len(values) == 0 {
		return figure{}
	}
	sorted := slices.Sorted(slices.Values(values))
	return figure{median(sorted), sorted[0], sorted[len(sorted)-1]}
}

// figureOver makes a figure of what each round says.
func figureOver[T any](rounds []T, value func(T) float64) figure {
	var values []float64
	for _, round := range rounds {
		values = append(values, value(round))
	}
	return figureOf(values)
}

// median is the value in the middle of sorted ones, or between the two in the middle.
func median(sorted []float64) float64 {
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// has tells whether a value lies within the spread.
func (f figure) has(value float64) bool { return f.Low <= value && value <= f.High }

// agrees tells whether two runs measured the same: the median of one lies within the spread of the other. Of two runs of
// seven rounds of the same thing, one pair in about eighty disagrees by chance.
func (f figure) agrees(other figure) bool { return f.has(other.Median) || other.has(f.Median) }

// String writes the median and the spread.
func (f figure) String() string {
	return fmt.Sprintf("%s (%s–%s)", number(f.Median), number(f.Low), number(f.High))
}

// number writes a value with three digits that count, and at most as many behind the point.
func number(value float64) string {
	places := 2
	switch size := math.Abs(value); {
	case value == 0 || size >= 100:
		places = 0
	case size >= 10:
		places = 1
	case size < 1:
		places = 3
	}
	return fmt.Sprintf("%.*f", places, value)
}

// fineness is how many buckets a power of two of a histogram has, as a power of two: a percentile is right within 3 %.
const fineness = 5

// A histogram counts durations in buckets whose widths grow as the durations do. The zero value is empty.
type histogram struct {
	buckets [64 << fineness]uint32
	count   int
}

// add counts a duration.
func (h *histogram) add(d time.Duration) {
	h.buckets[bucket(uint64(max(d, 0)))]++
	h.count++
}

// merge counts what another histogram has counted.
func (h *histogram) merge(other *histogram) {
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.count += other.count
}

// percentile is the duration that a share of all, such as 0.99, does not exceed; 0 where there are none.
func (h *histogram) percentile(share float64) time.Duration {
	rank := max(1, int(math.Ceil(share*float64(h.count))))
	for i, n := range h.buckets {
		if rank -= int(n); rank <= 0 && n > 0 {
			return time.Duration(lowest(i) + (lowest(i+1)-lowest(i))/2)
		}
	}
	return 0
}

// bucket is the place of a value: its highest bit, and the bits after it.
func bucket(value uint64) int {
	power := bits.Len64(value >> fineness)
	if power == 0 {
		return int(value)
	}
	return power<<fineness + int(value>>(power-1))&(1<<fineness-1)
}

// lowest is the least value of a bucket.
func lowest(bucket int) uint64 {
	power, rest := bucket>>fineness, uint64(bucket&(1<<fineness-1))
	if power == 0 {
		return rest
	}
	return (1<<fineness | rest) << (power - 1)
}
