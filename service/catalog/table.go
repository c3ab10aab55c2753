package catalog

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A record is one row of a table: its cells by the names of their columns, and its place (file:line) for errors.
type record struct {
	place string
	cells map[string]string
}

// The columns of each table, in order.
const (
	codeColumns    = "code http status reason retry outcome wait detail en zh-CN translated source"
	gatewayColumns = "code http service status reason retry outcome wait detail en zh-CN translated source"
	reasonColumns  = "number reason comment en zh-CN advice.en advice.zh-CN"
	retryColumns   = "retry en zh-CN"
	overlayColumns = "code shape message as"
	errataColumns  = "code locale published ours"
	localeColumns  = "key text"
)

// readTable reads a table with tabs between its cells. The first line names the columns.
func readTable(folder fs.FS, name, columns string) ([]record, error) {
	content, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, err
	}
	want := strings.Fields(columns)
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	if lines[0] != strings.Join(want, "\t") {
		return nil, fmt.Errorf("%s:1: the columns are %s, want %q", name, quote(lines[0]), strings.Join(want, "\t"))
	}
	records := make([]record, 0, len(lines))
	for i, line := range lines[1:] {
		place := fmt.Sprintf("%s:%d", name, i+2)
		if !utf8.ValidString(line) {
			return nil, fmt.Errorf("%s: not valid UTF-8", place)
		}
		cells := strings.Split(line, "\t")
		if len(cells) != len(want) {
			return nil, fmt.Errorf("%s: %d cells, want %d", place, len(cells), len(want))
		}
		records = append(records, record{place, zip(want, cells)})
	}
	return records, nil
}

// maxQuoted is the maximum number of bytes of a value that an error quotes.
const maxQuoted = 64

// quote quotes a value for an error. It cuts a long value and adds its length.
func quote(value string) string {
	if len(value) <= maxQuoted {
		return strconv.Quote(value)
	}
	return fmt.Sprintf("%q… (%d bytes)", strings.ToValidUTF8(value[:maxQuoted], ""), len(value))
}

// readRows reads a table and calls read for each row.
func readRows(folder fs.FS, name, columns string, read func(record) error) error {
	records, err := readTable(folder, name, columns)
	if err != nil {
		return err
	}
	for _, r := range records {
		if err := read(r); err != nil {
			return err
		}
	}
	return nil
}

func zip(names, cells []string) map[string]string {
	m := make(map[string]string, len(names))
	for i, name := range names {
		m[name] = cells[i]
	}
	return m
}

// number reads a cell as a positive 32-bit number.
func (r record) number(column string) (int, error) {
	n, err := strconv.ParseInt(r.cells[column], 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s: %s: %q is not a whole number from 1 to 2147483647", r.place, column, r.cells[column])
	}
	return int(n), nil
}

// optionalNumber reads a cell as number does. An empty cell is 0.
func (r record) optionalNumber(column string) (int, error) {
	if r.cells[column] == "" {
		return 0, nil
	}
	return r.number(column)
}

// duration reads a cell as a duration. An empty cell is 0.
func (r record) duration(column string) (time.Duration, error) {
	if r.cells[column] == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(r.cells[column])
	if err != nil {
		return 0, fmt.Errorf("%s: %s: %q is not a duration", r.place, column, r.cells[column])
	}
	return d, nil
}

// locales reads a cell such as "en,zh-CN". Its tags are columns of the table.
func (r record) locales(column string) ([]string, error) {
	if r.cells[column] == "" {
		return nil, nil
	}
	tags := strings.Split(r.cells[column], ",")
	for _, tag := range tags {
		if !slices.Contains(tableLocales, tag) {
			return nil, fmt.Errorf("%s: %s: %q is none of %q", r.place, column, tag, tableLocales)
		}
	}
	return tags, nil
}

// details reads a cell such as "field:period_type,period_num precondition:FUNDS".
func (r record) details() ([]Detail, error) {
	var list []Detail
	for part := range strings.FieldsSeq(r.cells["detail"]) {
		kind, names, ok := strings.Cut(part, ":")
		if !ok || names == "" {
			return nil, fmt.Errorf("%s: detail: %q is not kind:name", r.place, part)
		}
		list = append(list, Detail{kind, strings.Split(names, ",")})
	}
	return list, nil
}
