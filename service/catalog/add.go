package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Addition is a new row of codes.tsv or gateway.tsv. Its cells are by the names of their columns.
type Addition struct {
	Row    map[string]string // status, retry, outcome, wait and detail may be left to the other rows of the reason
	Reason map[string]string // comment, advice.en and advice.zh-CN of a new reason; empty if the table has the reason
}

// Add returns the catalogue with a new row, and the tables that change, by name. Nothing is written. The row is in its place,
// with the service of its code. A new reason gets the next number. The error has one line for each broken law.
func Add(folder fs.FS, a Addition) (*Catalog, map[string][]byte, error) {
	all, err := readTables(folder)
	if err != nil {
		return nil, nil, err
	}
	changed := edited{folder, map[string][]byte{}}
	if err := errors.Join(a.checkCharacters(), a.addReason(all, changed), a.addRow(all, changed)); err != nil {
		return nil, nil, err
	}
	if err := CheckLaws(changed); err != nil {
		return nil, nil, err
	}
	c, err := Load(changed)
	return c, changed.files, err
}

// edited is a folder in which some files have other contents.
type edited struct {
	fs.FS
	files map[string][]byte
}

// ReadFile implements fs.ReadFileFS.
func (e edited) ReadFile(name string) ([]byte, error) {
	if content, ok := e.files[name]; ok {
		return content, nil
	}
	return fs.ReadFile(e.FS, name)
}

// insert inserts a row into a table, before the row with an index.
func (e edited) insert(table, columns string, at int, row map[string]string) error {
	content, err := e.ReadFile(table)
	if err != nil {
		return err
	}
	var cells []string
	for column := range strings.FieldsSeq(columns) {
		cells = append(cells, row[column])
	}
	lines := slices.Insert(strings.SplitAfter(string(content), "\n"), at+1, strings.Join(cells, "\t")+"\n")
	e.files[table] = []byte(strings.Join(lines, ""))
	return nil
}

// checkCharacters returns an error for each cell that would break the table apart.
func (a Addition) checkCharacters() (err error) {
	for _, cells := range []map[string]string{a.Row, a.Reason} {
		for _, column := range slices.Sorted(maps.Keys(cells)) {
			if text := cells[column]; strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) {
				err = errors.Join(err, fmt.Errorf("%s: %s must be UTF-8 without control characters", column, quote(text)))
			}
		}
	}
	return err
}

// addReason adds the row of a new reason.
func (a Addition) addReason(all *tables, changed edited) error {
	name := a.Row["reason"]
	at := slices.IndexFunc(all.reasons, func(r record) bool { return r.cells["reason"] == name })
	switch {
	case at < 0 && len(a.Reason) == 0:
		return fmt.Errorf("reason: reasons.tsv has no %s; a new reason needs a comment, advice.en and advice.zh-CN", quote(name))
	case at < 0:
		row := map[string]string{"number": strconv.Itoa(nextNumber(all.reasons)), "reason": name}
		maps.Copy(row, a.Reason)
		return changed.insert("reasons.tsv", reasonColumns, len(all.reasons), row)
	case len(a.Reason) > 0:
		return fmt.Errorf("reason: %s is in %s; its comment and advice must be changed there", quote(name), all.reasons[at].place)
	}
	return nil
}

// nextNumber returns the number of a new reason. The last row has the greatest number.
func nextNumber(reasons []record) int {
	if len(reasons) == 0 {
		return 1
	}
	return reasonNumber(reasons[len(reasons)-1]) + 1
}

// addRow adds the row of the code.
func (a Addition) addRow(all *tables, changed edited) error {
	code := a.Row["code"]
	table, columns, rows, compare := "gateway.tsv", gatewayColumns, all.gateway, compareGateway
	if IsCBC(strings.ToUpper(code)) {
		table, columns, rows, compare = "codes.tsv", codeColumns, all.codes, compareDigits
	}
	row := record{table, map[string]string{"service": ServiceOf(code)}}
	maps.Copy(row.cells, a.Row)
	if err := row.completeMeaning(all); err != nil {
		return err
	}
	at, found := slices.BinarySearchFunc(rows, row, compare)
	if found {
		return fmt.Errorf("code: %s is in %s already; its row must be changed there", quote(code), rows[at].place)
	}
	return changed.insert(table, columns, at, row.cells)
}

// completeMeaning sets the empty cells of the meaning to those of the reason, as all rows of a reason have one meaning.
func (r record) completeMeaning(all *tables) error {
	entries := all.entries()
	i := slices.IndexFunc(entries, func(e record) bool { return e.cells["reason"] == r.cells["reason"] })
	if i < 0 {
		return nil
	}
	for _, column := range meaningColumns {
		other := entries[i].cells[column]
		if r.cells[column] = cmp.Or(r.cells[column], other); r.cells[column] != other {
			return fmt.Errorf("%s: %s must be %s as in %s, which has the same reason", column, quote(r.cells[column]), quote(other), entries[i].place)
		}
	}
	return nil
}
