package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/cbcerr/cbcerr/service/catalog"
)

// tablesDir is the directory of the tables below the root of the repository.
const tablesDir = "service/catalog"

// generatedFiles returns the functions that write the generated files, by path.
func generatedFiles(c *catalog.Catalog) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"proto/cbc/error/v1/error_code.proto":        c.WriteErrorCodes,
		"proto/cbc/error/v1/error_reason.proto":      c.WriteErrorReasons,
		"gen/go/cbcerr/reason.go":                    c.WriteGoReasons,
		"service/conformance/cases/every_code.txtpb": c.WriteCases,
	}
}

// generate writes the generated files. If a law of the tables is broken, it writes nothing.
func generate(root string) error {
	dir := filepath.Join(root, tablesDir)
	tables := os.DirFS(dir)
	if err := catalog.CheckLaws(tables); err != nil {
		return fmt.Errorf("%s: nothing is generated:\n%w", dir, err)
	}
	c, err := catalog.Load(tables)
	if err != nil {
		return err
	}
	return writeGenerated(root, c)
}

func writeGenerated(root string, c *catalog.Catalog) error {
	for name, write := range generatedFiles(c) {
		var content bytes.Buffer
		if err := write(&content); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(root, name), content.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// updates are the commands that change all other files that depend on the tables. The second rewrites the expected output of
// tests, which no generated file depends on.
var updates = [][]string{
	{"go", "generate", "./..."},
	{"go", "test", "-count=1", "-timeout=10m", "-run=^(TestTranslate_Golden|TestScripts)$", "./service/translate", "./cmd/cbcerr", "-update"},
}

const nextSteps = `All files that depend on the tables are up to date. Now
1. read git diff
2. run go test ./... and, if the number of rows has changed, do what TestTables_Counts says
`

// update generates the files and runs the commands of updates.
func update(root string, out io.Writer) error {
	if err := generate(root); err != nil {
		return err
	}
	for _, args := range updates {
		fmt.Fprintln(out, "running", strings.Join(args, " "))
		command := exec.Command(args[0], args[1:]...)
		command.Dir, command.Stdout, command.Stderr = root, out, os.Stderr
		if err := command.Run(); err != nil {
			return fmt.Errorf("%s: %w; after the cause is removed, run cbccatalog update", strings.Join(args, " "), err)
		}
	}
	_, err := io.WriteString(out, nextSteps)
	return err
}
