package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// CheckLaws checks the laws of the tables in a folder laid out as this package's own. They protect users from rows that Load
// accepts: an unknown status, a retry that may pay twice, a text too long for trailers. The error has one line for each
// broken law: file and line, row, column, value and rule. Reviewed numbers, such as that of the codes, are no laws.
func CheckLaws(folder fs.FS) error {
	all, err := readTables(folder)
	if err != nil {
		return err
	}
	var errs []error
	for _, check := range []func(*tables) []error{checkCells, checkCodes, checkGateway, checkReasons, checkAdvice, checkErrata} {
		errs = append(errs, check(all)...)
	}
	return errors.Join(errs...)
}

// tables are the rows of the tables that have laws. Their cells are as written.
type tables struct{ codes, gateway, reasons, retries, errata []record }

// readTables reads the tables. The laws do not depend on how Load reads a cell.
func readTables(folder fs.FS) (*tables, error) {
	all := &tables{}
	for _, table := range []struct {
		name, columns string
		rows          *[]record
	}{
		{"codes.tsv", codeColumns, &all.codes},
		{"gateway.tsv", gatewayColumns, &all.gateway},
		{"reasons.tsv", reasonColumns, &all.reasons},
		{"retries.tsv", retryColumns, &all.retries},
		{"errata.tsv", errataColumns, &all.errata},
	} {
		rows, err := readTable(folder, table.name, table.columns)
		if err != nil {
			return nil, err
		}
		*table.rows = rows
	}
	return all, nil
}

// entries returns the rows of codes, of the CBC and of other systems.
func (all *tables) entries() []record { return slices.Concat(all.codes, all.gateway) }

// A rule is a law about one cell of each row of a table.
type rule struct {
	column string
	holds  func(record) bool
	text   string // completes "must be"
}

// check returns an error for each row that breaks a rule.
func check(rows []record, rules []rule) (errs []error) {
	for _, r := range rows {
		for _, rule := range rules {
			if !rule.holds(r) {
				errs = append(errs, r.broken(rule.column, rule.text))
			}
		}
	}
	return errs
}

// broken returns the error of a broken rule: the place, the row, the column, the value and the rule.
func (r record) broken(column, rule string) error {
	return fmt.Errorf("%s: %s: %s: %s must be %s", r.place, r.name(), column, quote(r.cells[column]), rule)
}

// name returns the code, reason or retry advice that a row is about.
func (r record) name() string {
	for _, column := range []string{"code", "reason", "retry"} {
		if name := r.cells[column]; name != "" {
			return name
		}
	}
	return "row without a name"
}

// checkCells checks every cell of the tables.
func checkCells(all *tables) (errs []error) {
	for _, table := range []struct {
		columns string
		rows    []record
	}{{codeColumns, all.codes}, {gatewayColumns, all.gateway}, {reasonColumns, all.reasons}, {retryColumns, all.retries}} {
		for column := range strings.FieldsSeq(table.columns) {
			errs = append(errs, check(table.rows, []rule{{column, clean(column), "without blanks around it or control characters"}})...)
		}
	}
	return errs
}

// checkUnique returns an error for each row whose cell in a column repeats that of an earlier row.
func checkUnique(rows []record, columns ...string) (errs []error) {
	for _, column := range columns {
		seen := map[string]record{}
		for _, r := range rows {
			if first, ok := seen[r.cells[column]]; ok {
				errs = append(errs, r.broken(column, "unique, but "+first.place+" has it too"))
			}
			seen[r.cells[column]] = r
		}
	}
	return errs
}

// checkSorted returns an error for each row whose key is not behind that of the row before.
func checkSorted(rows []record, column string, compare func(a, b record) int) (errs []error) {
	for i := 1; i < len(rows); i++ {
		if compare(rows[i-1], rows[i]) >= 0 {
			errs = append(errs, rows[i].broken(column, fmt.Sprintf("sorted behind %s", quote(rows[i-1].cells[column]))))
		}
	}
	return errs
}
