package main

import (
	"os"
	"strconv"
	"strings"
)

// metrics are what a daemon says of itself: lines of a name with labels, and a value.
type metrics []struct {
	series string
	value  float64
}

// metrics asks for them.
func (d *daemon) metrics() (metrics, error) {
	text, err := d.get("/metrics")
	return readMetrics(text), err
}

func readMetrics(text string) (m metrics) {
	for line := range strings.Lines(text) {
		series, value, ok := cutLast(strings.TrimSpace(line), " ")
		if n, err := strconv.ParseFloat(value, 64); ok && err == nil && !strings.HasPrefix(line, "#") {
			m = append(m, struct {
				series string
				value  float64
			}{series, n})
		}
	}
	return m
}

// sum adds up all series of a name that have the labels.
func (m metrics) sum(name string, labels ...string) (total float64) {
	for _, s := range m {
		own, _, _ := strings.Cut(s.series, "{")
		fits := own == name
		for _, label := range labels {
			fits = fits && strings.Contains(s.series, label)
		}
		if fits {
			total += s.value
		}
	}
	return total
}

func cutLast(text, separator string) (before, after string, ok bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// said is the log of a daemon.
func (p *process) said() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}
