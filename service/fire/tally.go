package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// A tally counts what became of calls, from many at once.
type tally struct {
	mu     sync.Mutex
	counts [kinds]int
	took   durations // of right ones
	shed   durations // of those turned away
	said   map[string]int
	last   [kinds]time.Time
}

// mostSaid is how many different words of what went amiss are kept.
const mostSaid = 20

// add counts a call.
func (t *tally) add(v verdict, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[v.kind]++
	t.last[v.kind] = time.Now()
	switch v.kind {
	case right:
		t.took = append(t.took, took)
		return
	case shed:
		t.shed = append(t.shed, took)
	}
	if t.said == nil {
		t.said = map[string]int{}
	}
	said := withoutPorts(v.said)
	if _, known := t.said[said]; known || len(t.said) < mostSaid {
		t.said[said]++
	}
}

// sent is how many calls there were.
func (t *tally) sent() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, count := range t.counts {
		n += count
	}
	return n
}

func (t *tally) count(k kind) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[k]
}

// amiss is how many calls had no right answer.
func (t *tally) amiss() int { return t.sent() - t.count(right) }

// merge counts what another tally has counted.
func (t *tally) merge(other *tally) {
	for k, n := range other.counts {
		t.counts[k] += n
	}
	t.took, t.shed = append(t.took, other.took...), append(t.shed, other.shed...)
	if t.said == nil {
		t.said = map[string]int{}
	}
	for said, n := range other.said {
		t.said[said] += n
	}
}

// words are what was said of calls that had no right answer, the most frequent first.
func (t *tally) words() (lines []string) {
	for said, n := range t.said {
		lines = append(lines, fmt.Sprintf("%d × %.300s", n, said))
	}
	slices.SortFunc(lines, func(a, b string) int { return t.number(b) - t.number(a) })
	return lines
}

func (t *tally) number(line string) (n int) {
	_, _ = fmt.Sscan(line, &n)
	return n
}

// tallyHead is the head of a table of tallies.
func tallyHead(first string) []string {
	return []string{first, "sent", "right", "wrong", "failed", "refused", "lost", "p50", "p99", "max"}
}

// row is the tally in a table.
func (t *tally) row(name string) []string {
	cells := []string{name, fmt.Sprint(t.sent())}
	for _, k := range []kind{right, wrong, failed, refused, lost} {
		cells = append(cells, fmt.Sprint(t.counts[k]))
	}
	return append(cells, milliseconds(t.took.percentile(0.5)), milliseconds(t.took.percentile(0.99)), milliseconds(t.took.percentile(1)))
}

// withoutPorts makes one text of those that differ only in a client's port.
func withoutPorts(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		b.WriteByte(text[i])
		if text[i] == ':' && i+1 < len(text) && digit(text[i+1]) {
			for i+1 < len(text) && digit(text[i+1]) {
				i++
			}
			b.WriteByte('*')
		}
	}
	return b.String()
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
