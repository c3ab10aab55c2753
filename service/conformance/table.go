package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// A table holds the faults of every language in every row.
type table struct {
	rows      []row
	languages []string
	faults    map[cell][]string // by cell; a cell without faults passes
}

// A cell is a language and a row.
type cell struct{ language, row string }

func newTable(rows []row) *table { return &table{rows: rows, faults: map[cell][]string{}} }

// fill runs all rows in the executor of a language.
func (t *table) fill(ctx context.Context, language string, command []string) error {
	t.languages = append(t.languages, language)
	e, err := startExecutor(ctx, command)
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		response, err := e.do(r.request)
		if err != nil {
			e.cancel()
			return err
		}
		t.faults[cell{language, r.name}] = check(r, response)
	}
	return e.close()
}

// print writes the table and its faults, and reports whether all cells are as expected.
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

// word returns the word in a cell.
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

// explain writes the fault of a cell, or the reason of a known one. It reports whether the cell is as expected.
func (t *table) explain(out io.Writer, known knownFailures, c cell) bool {
	switch t.word(known, c) {
	case "known":
		fmt.Fprintf(out, "\n%s %s fails as expected: %s\n", c.language, c.row, known[c])
	case "PASS":
		fmt.Fprintf(out, "\n%s %s passes, but is a known failure: %s\n", c.language, c.row, known[c])
		return false
	case "FAIL":
		fmt.Fprintf(out, "\n%s %s, the first of %d faults:\n%s\n", c.language, c.row, len(t.faults[c]), beginning(t.faults[c][0]))
		return false
	}
	return true
}

// printDetected writes the number of cells in which each language has a fault about a code. It reports whether every
// language has one.
func (t *table) printDetected(out io.Writer, code string) bool {
	ok := true
	for _, language := range t.languages {
		cells := 0
		for _, r := range t.rows {
			if strings.Contains(strings.Join(t.faults[cell{language, r.name}], "\n"), code) {
				cells++
			}
		}
		fmt.Fprintf(out, "%s detects the change of %s in %d cells\n", language, code, cells)
		ok = ok && cells > 0
	}
	return ok
}

// beginning returns the first 20 lines of a fault.
func beginning(fault string) string {
	lines := strings.Split(strings.TrimRight(fault, "\n"), "\n")
	return strings.Join(lines[:min(20, len(lines))], "\n")
}
