package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// A table is what every language made of every row.
type table struct {
	rows      []row
	languages []string
	faults    map[cell][]string // what is wrong, by cell; none is a pass
}

// A cell is a language at a row.
type cell struct{ language, row string }

func newTable(rows []row) *table { return &table{rows: rows, faults: map[cell][]string{}} }

// fill runs all rows through one executor.
func (t *table) fill(ctx context.Context, language string, command []string) error {
	t.languages = append(t.languages, language)
	e, err := startExecutor(ctx, command)
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		report, err := e.do(r.task)
		if err != nil {
			e.cancel()
			return err
		}
		t.faults[cell{language, r.name}] = check(r, report)
	}
	return e.close()
}

// print writes the table, what is wrong, and what of it was known; it tells whether all is as expected.
func (t *table) print(out io.Writer, known knownFailures) bool {
	ok := true
	width := 0
	for _, r := range t.rows {
		width = max(width, len(r.name))
	}
	fmt.Fprintf(out, "%-*s  %s\n", width, "", strings.Join(t.languages, "  "))
	for _, r := range t.rows {
		fmt.Fprintf(out, "%-*s", width, r.name)
		for _, language := range t.languages {
			fmt.Fprintf(out, "  %-*s", len(language), t.word(known, cell{language, r.name}))
		}
		fmt.Fprintln(out)
	}
	for _, r := range t.rows {
		for _, language := range t.languages {
			ok = t.explain(out, known, cell{language, r.name}) && ok
		}
	}
	passed := 0
	for _, faults := range t.faults {
		if len(faults) == 0 {
			passed++
		}
	}
	fmt.Fprintf(out, "%d of %d cells pass\n", passed, len(t.faults))
	return ok
}

// word is what stands in a cell.
func (t *table) word(known knownFailures, c cell) string {
	switch failed, expected := len(t.faults[c]) > 0, known[c] != ""; {
	case failed && expected:
		return "known"
	case failed:
		return "FAIL"
	case expected:
		return "PASS"
	}
	return "ok"
}

// explain writes what is not as expected in a cell, and what is known of it.
func (t *table) explain(out io.Writer, known knownFailures, c cell) bool {
	switch t.word(known, c) {
	case "known":
		fmt.Fprintf(out, "\n%s %s fails as known: %s\n", c.language, c.row, known[c])
	case "PASS":
		fmt.Fprintf(out, "\n%s %s passes and is among the known failures: %s\n", c.language, c.row, known[c])
		return false
	case "FAIL":
		fmt.Fprintf(out, "\n%s %s, the first of %d faults:\n%s\n", c.language, c.row, len(t.faults[c]), beginning(t.faults[c][0]))
		return false
	}
	return true
}

// printNoticed writes in how many cells each language has a fault about a code; it tells whether every language has one.
func (t *table) printNoticed(out io.Writer, code string) bool {
	ok := true
	for _, language := range t.languages {
		cells := 0
		for _, r := range t.rows {
			if strings.Contains(strings.Join(t.faults[cell{language, r.name}], "\n"), code) {
				cells++
			}
		}
		fmt.Fprintf(out, "%s notices the change of %s in %d cells\n", language, code, cells)
		ok = ok && cells > 0
	}
	return ok
}

// beginning is as much of a fault as one wants to see of each.
func beginning(fault string) string {
	lines := strings.Split(strings.TrimRight(fault, "\n"), "\n")
	return strings.Join(lines[:min(20, len(lines))], "\n")
}
