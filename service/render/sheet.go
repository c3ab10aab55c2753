package render

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// A Sheet is text in columns, as a terminal shows it: Chinese characters are two columns wide.
type Sheet struct {
	Colour bool // whether the first column stands out by escape sequences
	rows   [][]string
}

// Add adds a row of harmless texts, but for one that says nothing behind its first cell.
func (s *Sheet) Add(cells ...string) {
	if len(cells) > 1 && strings.Join(cells[1:], "") == "" {
		return
	}
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = Harmless(cell)
	}
	s.rows = append(s.rows, row)
}

// WriteTo writes the sheet, each row on a line of its own.
func (s *Sheet) WriteTo(w io.Writer) (int64, error) {
	widths := s.widths()
	var b strings.Builder
	for _, row := range s.rows {
		line := ""
		for i, cell := range row {
			line += s.painted(i, cell) + strings.Repeat(" ", max(0, widths[i]-columns(cell)+2))
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	n, err := fmt.Fprint(w, b.String())
	return int64(n), err
}

// widths are those of the columns; a row of one cell has none.
func (s *Sheet) widths() map[int]int {
	widths := map[int]int{}
	for _, row := range s.rows {
		for i, cell := range row[:len(row)-1] {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	return widths
}

func (s *Sheet) painted(column int, cell string) string {
	if !s.Colour || column > 0 || cell == "" {
		return cell
	}
	return "\x1b[1m" + cell + "\x1b[0m"
}

// columns is how wide a text is on a terminal.
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

// Harmless is a text on one line, without what a terminal would obey instead of show, such as escape sequences that
// somebody hid in a message.
func Harmless(text string) string { return strings.Map(harmless, text) }

func harmless(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsPrint(r):
		return unicode.ReplacementChar
	}
	return r
}
