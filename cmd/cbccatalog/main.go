// Command cbccatalog generates files from the tables of the catalogue and compares catalogues. It is a tool for
// maintainers.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/spf13/pflag"
)

//go:generate go run . generate ../..
//go:generate go -C ../.. run ./cmd/protodeps
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf generate
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf build proto --as-file-descriptor-set -o gen/cbcerr.binpb

const usage = `usage:
  cbccatalog generate ROOT            write the generated files below the root of the repository
  cbccatalog diff OLD NEW             compare two directories like service/catalog
  cbccatalog diff --page FILE [DIR]   compare a catalogue, by default the embedded one, with upstream's page

diff prints one line for each change: kind, code and change. The exit status is 0 if there is no change, 1 if there is
one, and 2 if an error occurs.
`

func main() {
	status, err := run(os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cbccatalog:", err)
		status = 2
	}
	os.Exit(status)
}

func run(args []string, out io.Writer) (status int, err error) {
	flags := pflag.NewFlagSet("cbccatalog", pflag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(out, usage) }
	page := flags.String("page", "", "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return 0, nil
		}
		return 2, err
	}
	switch operands := flags.Args(); {
	case len(operands) == 2 && operands[0] == "generate" && *page == "":
		return 0, generate(operands[1])
	case len(operands) == 3 && operands[0] == "diff" && *page == "":
		return diffDirs(operands[1], operands[2], out)
	case len(operands) > 0 && len(operands) <= 2 && operands[0] == "diff" && *page != "":
		return diffPage(operands[1:], *page, out)
	}
	return 2, fmt.Errorf("invalid arguments: %q\n%s", args, usage)
}

// generatedFiles returns the functions that write the generated files, by path.
func generatedFiles(c *catalog.Catalog) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"proto/cbc/error/v1/error_code.proto":        c.WriteErrorCodes,
		"proto/cbc/error/v1/error_reason.proto":      c.WriteErrorReasons,
		"gen/go/cbcerr/reason.go":                    c.WriteGoReasons,
		"service/conformance/cases/every_code.txtpb": c.WriteCases,
	}
}

func generate(root string) error {
	c, err := catalog.Embedded()
	if err != nil {
		return err
	}
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

func diffDirs(old, new string, out io.Writer) (int, error) {
	before, err := catalog.Load(os.DirFS(old))
	if err != nil {
		return 2, fmt.Errorf("%s: %w", old, err)
	}
	after, err := catalog.Load(os.DirFS(new))
	if err != nil {
		return 2, fmt.Errorf("%s: %w", new, err)
	}
	return report(catalog.Diff(before, after), out), nil
}

func diffPage(dir []string, page string, out io.Writer) (int, error) {
	c, err := openCatalog(dir)
	if err != nil {
		return 2, fmt.Errorf("%q: %w", dir, err)
	}
	f, err := os.Open(page)
	if err != nil {
		return 2, err
	}
	defer f.Close()
	changes, err := c.DiffPage(f)
	if err != nil {
		return 2, fmt.Errorf("%s: %w", page, err)
	}
	return report(changes, out), nil
}

// openCatalog loads the catalogue in a directory, or the embedded one if there is no operand.
func openCatalog(dir []string) (*catalog.Catalog, error) {
	if len(dir) == 0 {
		return catalog.Embedded()
	}
	return catalog.Load(os.DirFS(dir[0]))
}

// report prints the changes and returns the exit status.
func report(changes []catalog.Change, out io.Writer) int {
	for _, change := range changes {
		fmt.Fprintln(out, change)
	}
	return min(len(changes), 1)
}
