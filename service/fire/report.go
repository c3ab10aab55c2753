package main

import (
	"bytes"
	_ "embed"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/template"

	"github.com/cbcerr/cbcerr/service/machine"
)

// layout is the report without its figures.
//
//go:embed report.md.tmpl
var layout string

// results are all that a run has shown.
type results struct {
	Machine  machine.Machine
	Versions []version
	Quick    bool
	Outcomes []*outcome
	Parts    []part // of these and of those before
}

// A part is what the report says of one scenario: its row of the table, and its section.
type part struct{ Row, Section string }

// writeReport writes the report to a file, or prints it where there is none. What the file says of scenarios that were not made stays.
func writeReport(file string, r *results) error {
	before, err := os.ReadFile(file)
	if err != nil && file != "" && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := report(r, string(before))
	if err != nil {
		return err
	}
	if file == "" {
		_, err = os.Stdout.Write(text)
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// report fills the layout.
func report(r *results, before string) ([]byte, error) {
	parsed, err := template.New("report").Parse(layout)
	if err != nil {
		return nil, err
	}
	for _, s := range scenarios {
		made := slices.IndexFunc(r.Outcomes, func(o *outcome) bool { return o.Name == s.name })
		if made < 0 {
			r.Parts = append(r.Parts, partOf(before, s.name)...)
			continue
		}
		var row, section bytes.Buffer
		if err := errors.Join(parsed.ExecuteTemplate(&row, "row", r.Outcomes[made]), parsed.ExecuteTemplate(&section, "section", r.Outcomes[made])); err != nil {
			return nil, err
		}
		r.Parts = append(r.Parts, part{row.String(), section.String()})
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, r)
	return text.Bytes(), err
}

// partOf is what a report said of a scenario, if it did.
func partOf(report, name string) []part {
	_, row, found := strings.Cut(report, "\n| ["+name+"](#"+name+") |")
	_, section, also := strings.Cut(report, "\n## "+name+"\n")
	if !found || !also {
		return nil
	}
	row, _, _ = strings.Cut(row, "\n")
	section, _, _ = strings.Cut(section, "\n## ")
	return []part{{"| [" + name + "](#" + name + ") |" + row + "\n", "## " + name + "\n" + strings.TrimRight(section, "\n") + "\n"}}
}

// Verdict is the goal in a word.
func (g goal) Verdict() string {
	if g.Met {
		return "met"
	}
	return "**missed**"
}

// Verdict is the scenario in words.
func (o *outcome) Verdict() string {
	missed := 0
	for _, g := range o.Goals {
		if !g.Met {
			missed++
		}
	}
	switch {
	case o.Error != "":
		return "**could not be tried**"
	case o.missed():
		return "**missed**"
	case missed > 0:
		return "met, but for speed"
	}
	return "met"
}
