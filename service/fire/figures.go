package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// durations are those of calls; all are kept, there are a few hundred thousand at most.
type durations []time.Duration

// percentile is the duration that a share of all, such as 0.99, does not exceed; 0 where there are none.
func (d durations) percentile(share float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(d))
	return sorted[max(1, int(math.Ceil(share*float64(len(d)))))-1]
}

// milliseconds writes a duration with as many digits as count.
func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms >= 100:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 10:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}

// median is the value in the middle, or between the two in the middle; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// A point is a value at a time.
type point struct {
	at    time.Duration
	value float64
}

// slope is how much values grow in an hour: the straight line with the least squares (0 of fewer than two points).
func slope(points []point) float64 {
	var n, x, y, xx, xy float64
	for _, p := range points {
		t := p.at.Hours()
		n, x, y, xx, xy = n+1, x+t, y+p.value, xx+t*t, xy+t*p.value
	}
	below := n*xx - x*x
	if n < 2 || below == 0 {
		return 0
	}
	return (n*xy - x*y) / below
}

// tail are the last two thirds of points: what a process needs to warm up is not growth.
func tail(points []point) []point { return points[len(points)/3:] }

// mean is the average; 0 of none.
func mean(points []point) (sum float64) {
	for _, p := range points {
		sum += p.value / float64(len(points))
	}
	return sum
}
