package main

import (
	"bytes"
	_ "embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// layout is the report without its figures.
//
//go:embed report.md.tmpl
var layout string

// othersFile, beside the report, has figures of other programs, which are measured elsewhere.
const othersFile = "rivals/RESULTS.md"

// writeReport writes the report to a file, or prints it where there is none.
func writeReport(file string, r results) error {
	others, err := os.ReadFile(filepath.Join(filepath.Dir(file), othersFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := report(r, string(others))
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
func report(r results, others string) ([]byte, error) {
	parsed, err := template.New("report").Funcs(template.FuncMap{"number": number}).Parse(layout)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, struct {
		results
		Judgements []judgement
		Others     string
	}{r, r.judge(), nested(others)})
	return text.Bytes(), err
}

// nested makes a document a part of another: its headings stand two levels lower.
func nested(document string) string {
	var text strings.Builder
	for line := range strings.Lines(document) {
		if strings.HasPrefix(line, "#") {
			line = "##" + line
		}
		text.WriteString(line)
	}
	return strings.TrimSpace(text.String())
}
