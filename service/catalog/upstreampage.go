package catalog

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A pageRow is one line of the table on upstream's page.
type pageRow struct {
	code  string
	http  int
	texts map[string]string // by locale
}

// DiffPage returns the differences between the codes whose source is Page and a page in upstream's format: new codes, gone
// codes, changed HTTP statuses and changed texts. A text that errata.tsv corrects is no difference while the page has the
// published text. When the page has the corrected text, the kind of the change is "fixed" and the erratum can go.
func (c *Catalog) DiffPage(page io.Reader) ([]Change, error) {
	rows, err := readPage(page)
	if err != nil {
		return nil, err
	}
	var changes []Change
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.code] = true
		changes = append(changes, c.diffRow(r)...)
	}
	for _, e := range c.entries {
		if e.Source == Page && !seen[e.Code] {
			changes = append(changes, Change{"gone", e.Code, e.Reason})
		}
	}
	return changes, nil
}

func (c *Catalog) diffRow(r pageRow) []Change {
	e, ok := c.Lookup(r.code)
	if !ok || e.Source != Page {
		return []Change{{"new", r.code, fmt.Sprintf("%d %q %q", r.http, r.texts["en"], r.texts["zh-CN"])}}
	}
	changes := differ("http", r.code, "http", strconv.Itoa(e.HTTPStatus), strconv.Itoa(r.http))
	for _, tag := range tableLocales {
		changes = append(changes, c.diffCell(r, tag)...)
	}
	return changes
}

func (c *Catalog) diffCell(r pageRow, tag string) []Change {
	ours := c.exactText(r.code, tag)
	for _, e := range c.errata {
		if e.Code == r.code && e.Locale == tag {
			if r.texts[tag] == ours {
				return []Change{{"fixed", r.code, tag + ": the page now has our text; drop the line of errata.tsv"}}
			}
			ours = e.Published
		}
	}
	return differ("text", r.code, tag, ours, r.texts[tag])
}

// readPage reads the lines `| 200 | CBC.0000 | Success. | 成功。 |` of a Markdown page.
func readPage(page io.Reader) ([]pageRow, error) {
	var rows []pageRow
	lines := bufio.NewScanner(page)
	lines.Buffer(nil, 1<<20) // a longer line is no row of a table
	seen := map[string]int{}
	for n := 1; lines.Scan(); n++ {
		cells := cellsOf(lines.Text())
		if cells == nil {
			continue
		}
		r, err := readPageRow(cells, n)
		if err != nil {
			return nil, err
		}
		if first := seen[r.code]; first != 0 {
			return nil, fmt.Errorf("line %d: %s stands on line %d already", n, r.code, first)
		}
		seen[r.code] = n
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if rows == nil {
		return nil, fmt.Errorf("no line like | 200 | %s | … | … |: not a page in upstream's format", Success)
	}
	return rows, nil
}

// cellsOf returns the cells of a row, or nil for prose and the head of the table.
func cellsOf(line string) []string {
	cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
	}
	if row := isDigits(cells[0]) || strings.Contains(line, Prefix); len(cells) < 3 || !row {
		return nil
	}
	return cells
}

func readPageRow(cells []string, n int) (pageRow, error) {
	if len(cells) != 4 {
		return pageRow{}, fmt.Errorf("line %d: %d cells, want status, code, English and Chinese", n, len(cells))
	}
	status, err := strconv.Atoi(cells[0])
	if err != nil || status < 100 || status > 599 {
		return pageRow{}, fmt.Errorf("line %d: %q is not an HTTP status", n, cells[0])
	}
	if Number(cells[1]) == 0 {
		return pageRow{}, fmt.Errorf("line %d: %q is not a code", n, cells[1])
	}
	return pageRow{cells[1], status, map[string]string{"en": cells[2], "zh-CN": cells[3]}}, nil
}
