package main

import (
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

// careful returns the meaning for a response that is not certain.
func (m meaning) careful(items bool) meaning {
	m.retry, m.outcome, m.wait = "VERIFY_FIRST", "UNKNOWN", 0
	if items {
		m.outcome = "PARTIALLY_APPLIED"
	}
	if slices.Contains(repeatedByClients(), m.status) {
		m.status = "FAILED_PRECONDITION"
	}
	return m
}

// repeatedByClients returns the statuses that gRPC clients retry unasked.
func repeatedByClients() []string { return []string{"ABORTED", "UNAVAILABLE", "RESOURCE_EXHAUSTED"} }

// fallback returns the meaning by HTTP status, for a code without a row.
func fallback(httpStatus int, reason string) meaning {
	verify := func(status string) meaning { return meaning{status, reason, "VERIFY_FIRST", "UNKNOWN", 0} }
	fix := func(status string) meaning { return meaning{status, reason, "FIX_STATE", "NOT_APPLIED", 0} }
	switch httpStatus {
	case 401:
		return fix("UNAUTHENTICATED")
	case 403:
		return fix("PERMISSION_DENIED")
	case 404:
		return fix("NOT_FOUND")
	case 409:
		return verify("ABORTED")
	case 408, 444, 460, 499, 504:
		return verify("DEADLINE_EXCEEDED")
	case 502, 503:
		return verify("UNAVAILABLE")
	}
	if httpStatus/100 == 4 {
		return verify("FAILED_PRECONDITION")
	}
	return verify("UNKNOWN")
}
