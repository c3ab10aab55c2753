package render

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// A Table is text in columns for a terminal, where Chinese characters are two columns wide.
type Table struct {
	Color bool // whether the first column is bold
	rows  [][]string
}

// Add adds a row of sanitized cells. It ignores a row whose cells after the first are all empty.
func (s *Table) Add(cells ...string) {
	if len(cells) > 1 && strings.Join(cells[1:], "") == "" {
		return
	}
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = SanitizeTerminal(cell)
	}
	s.rows = append(s.rows, row)
}

// WriteTo writes the table, one line for each row.
func (s *Table) WriteTo(w io.Writer) (int64, error) {
	widths := s.widths()
	var b strings.Builder
	for _, row := range s.rows {
		line := ""
		for i, cell := range row {
			line += s.bold(i, cell) + strings.Repeat(" ", max(0, widths[i]-columns(cell)+2))
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	n, err := fmt.Fprint(w, b.String())
	return int64(n), err
}

// widths returns the widths of the columns. The last cell of a row does not count.
func (s *Table) widths() map[int]int {
	widths := map[int]int{}
	for _, row := range s.rows {
		for i, cell := range row[:len(row)-1] {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	return widths
}

func (s *Table) bold(column int, cell string) string {
	if !s.Color || column > 0 || cell == "" {
		return cell
	}
	return "\x1b[1m" + cell + "\x1b[0m"
}

// columns returns the width of a text on a terminal.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// SanitizeTerminal returns a text as one line. It replaces characters that a terminal would interpret, such as those of
// escape sequences.
func SanitizeTerminal(text string) string { return strings.Map(sanitize, text) }

func sanitize(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsPrint(r):
		return unicode.ReplacementChar
	}
	return r
}
