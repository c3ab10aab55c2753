package main

import (
	"bytes"
	_ "embed"
	"os"
	"text/template"
)

// layout is the report without its figures.
//
//go:embed report.md.tmpl
var layout string

// results are all that a run has shown.
type results struct {
	Machine  machine
	Versions []version
	Quick    bool
	Outcomes []*outcome
}

// writeReport writes the report to a file, or prints it where there is none.
func writeReport(file string, r *results) error {
	text, err := report(r)
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
func report(r *results) ([]byte, error) {
	parsed, err := template.New("report").Parse(layout)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, r)
	return text.Bytes(), err
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
