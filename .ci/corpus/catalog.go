package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// meaning is what a caller learns of an error.
type meaning struct {
	status, reason, retry, outcome string
	wait                           time.Duration
}

// row is a meaning that may hold for one HTTP status only.
type row struct {
	http string
	meaning
}

// catalog holds the reviewed tables by code.
type catalog map[string][]row

// readCatalog reads the three tables of a folder.
func readCatalog(dir string) (catalog, error) {
	c := catalog{}
	for _, name := range []string{"codes.tsv", "more-codes.tsv", "gateway-codes.tsv"} {
		if err := c.read(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	// The mapping overrules the row: a reason of its own, VERIFY_FIRST.
	delete(c, "CBC.99005042")
	return c, nil
}

func (c catalog) read(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	columns := strings.Split(lines[0], "\t")
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != len(columns) {
			return fmt.Errorf("%s: %d cells in the row %q", path, len(cells), line)
		}
		cell := func(name string) string { return cells[slices.Index(columns, name)] }
		wait, err := duration(cell("wait"))
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, cell("code"), err)
		}
		reason, _, _ := strings.Cut(cell("reason"), " ") // a new one is marked behind a blank
		m := meaning{cell("status"), reason, cell("retry"), cell("outcome"), wait}
		c[canonical(cell("code"))] = append(c[canonical(cell("code"))], row{cell("http"), m})
	}
	return nil
}

// canonical returns the code to look up: APIG and APIGW share one table.
func canonical(code string) string {
	if number, found := strings.CutPrefix(code, "APIG."); found {
		return "APIGW." + number
	}
	return code
}

// lookup returns the meaning of a code. The HTTP status decides only where the
// rows of the code differ. Bare numbers are no codes of the tables.
func (c catalog) lookup(code string, httpStatus int) (meaning, bool) {
	rows := c[canonical(code)]
	if len(rows) == 0 || !strings.Contains(code, ".") {
		return meaning{}, false
	}
	differ := slices.ContainsFunc(rows, func(r row) bool { return r.meaning != rows[0].meaning })
	for _, r := range rows {
		if !differ || r.http == fmt.Sprint(httpStatus) {
			return r.meaning, true
		}
	}
	return meaning{}, false
}

// row returns the meaning of a code that has only one.
func (c catalog) row(code string) meaning {
	m, _ := c.lookup(code, 0)
	return m
}

// careful returns the meaning for a response that is not certain.
func (m meaning) careful(outcome string) meaning {
	m.retry, m.outcome, m.wait = "VERIFY_FIRST", outcome, 0
	if slices.Contains(repeatedByClients(), m.status) {
		m.status = "FAILED_PRECONDITION"
	}
	return m
}

// repeatedByClients returns the statuses that gRPC clients retry unasked.
func repeatedByClients() []string { return []string{"ABORTED", "UNAVAILABLE", "RESOURCE_EXHAUSTED"} }

// fallback returns the meaning of a code without a row, by HTTP status.
func fallback(httpStatus int, reason string) meaning {
	refused := map[int]string{401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}
	if status, found := refused[httpStatus]; found {
		return meaning{status, reason, "FIX_STATE", "NOT_APPLIED", 0}
	}
	byStatus := map[int]string{
		408: "DEADLINE_EXCEEDED", 444: "DEADLINE_EXCEEDED", 460: "DEADLINE_EXCEEDED", 499: "DEADLINE_EXCEEDED", 504: "DEADLINE_EXCEEDED",
		409: "ABORTED", 502: "UNAVAILABLE", 503: "UNAVAILABLE",
	}
	byClass := map[int]string{4: "FAILED_PRECONDITION"}
	return meaning{cmp.Or(byStatus[httpStatus], byClass[httpStatus/100], "UNKNOWN"), reason, "VERIFY_FIRST", "UNKNOWN", 0}
}
