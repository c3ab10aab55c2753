package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tables holds the reviewed meanings of each code.
type tables map[string][]row

// A row is a meaning that may hold for one HTTP status only.
type row struct {
	httpStatus string
	meaning    expectation
}

// meaning returns the expectation of a meaning.
func meaning(status, reason, retry, outcome, delay string) expectation {
	return expectation{"status": status, "reason": reason, "retry": retry, "outcome": outcome, "retry_info": delay}
}

// readTables reads the three tables of a folder.
func readTables(dir string) (tables, error) {
	t := tables{}
	var failed []error
	for _, name := range []string{"codes.tsv", "more-codes.tsv", "gateway-codes.tsv"} {
		failed = append(failed, t.read(filepath.Join(dir, name)))
	}
	delete(t, "CBC.99005042") // the mapping replaces this row: it has another reason and VERIFY_FIRST
	return t, errors.Join(failed...)
}

func (t tables) read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	lines, err := r.ReadAll()
	if err != nil {
		return err
	}
	for _, line := range lines[1:] {
		cell := func(name string) string { return line[slices.Index(lines[0], name)] }
		reason, _, _ := strings.Cut(cell("reason"), " ") // a new reason has a mark after a blank
		code := canonical(cell("code"))
		t[code] = append(t[code], row{cell("http"), meaning(cell("status"), reason, cell("retry"), cell("outcome"), wait(cell("wait")))})
	}
	return nil
}

// wait normalizes a delay, such as "3600s". It returns any other text unchanged.
func wait(text string) string {
	if d, err := time.ParseDuration(text); err == nil {
		return d.String()
	}
	return text
}

// canonical returns the code to look up: APIG and APIGW share one table.
func canonical(code string) string {
	if number, found := strings.CutPrefix(code, "APIG."); found {
		return "APIGW." + number
	}
	return code
}

// lookup returns the meaning of a code. The HTTP status decides only if the rows of the code differ. The tables have
// no bare numbers.
func (t tables) lookup(code string, httpStatus int) (expectation, bool) {
	rows := t[canonical(code)]
	if len(rows) == 0 || !strings.Contains(code, ".") {
		return nil, false
	}
	differ := slices.ContainsFunc(rows, func(r row) bool { return !reflect.DeepEqual(r.meaning, rows[0].meaning) })
	for _, r := range rows {
		if !differ || r.httpStatus == strconv.Itoa(httpStatus) {
			return maps.Clone(r.meaning), true
		}
	}
	return nil, false
}

// row returns the meaning of a code with a single meaning.
func (t tables) row(code string) expectation {
	m, _ := t.lookup(code, 0)
	return m
}

// careful returns the form of a meaning for a response that is not certain.
func (x expectation) careful(outcome string) expectation {
	status := x["status"].(string)
	if slices.Contains([]string{"ABORTED", "UNAVAILABLE", "RESOURCE_EXHAUSTED"}, status) { // gRPC clients retry these
		status = "FAILED_PRECONDITION"
	}
	return meaning(status, x["reason"].(string), "VERIFY_FIRST", outcome, "")
}

// fallback returns the meaning of a code without a row, by HTTP status.
func fallback(httpStatus int, reason string) expectation {
	rejected := map[int]string{401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}
	if status, found := rejected[httpStatus]; found {
		return meaning(status, reason, "FIX_STATE", "NOT_APPLIED", "")
	}
	byStatus := map[int]string{
		408: "DEADLINE_EXCEEDED", 444: "DEADLINE_EXCEEDED", 460: "DEADLINE_EXCEEDED", 499: "DEADLINE_EXCEEDED", 504: "DEADLINE_EXCEEDED",
		409: "ABORTED", 502: "UNAVAILABLE", 503: "UNAVAILABLE",
	}
	byClass := map[int]string{4: "FAILED_PRECONDITION"}
	return meaning(cmp.Or(byStatus[httpStatus], byClass[httpStatus/100], "UNKNOWN"), reason, "VERIFY_FIRST", "UNKNOWN", "")
}
