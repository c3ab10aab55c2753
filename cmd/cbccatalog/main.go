// Command cbccatalog is the maintainer's tool for the table of codes: it writes the contract's enums from the table
// and compares catalogues.
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

//go:generate go run . project ../..
//go:generate go -C ../.. run ./cmd/protodeps
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf generate
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf build proto --as-file-descriptor-set -o gen/cbcerr.binpb

const usage = `usage:
  cbccatalog project ROOT                write what follows from the table, at its places below ROOT
  cbccatalog diff OLD NEW                compare two folders laid out as service/catalog
  cbccatalog diff --page FILE [FOLDER]   compare a catalogue (the embedded one) with a page in upstream's format

diff prints a line per change (kind, code, what) and exits with 1 where there is one, 2 on trouble.
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
	switch words := flags.Args(); {
	case len(words) == 2 && words[0] == "project" && *page == "":
		return 0, project(words[1])
	case len(words) == 3 && words[0] == "diff" && *page == "":
		return diffFolders(words[1], words[2], out)
	case len(words) > 0 && len(words) <= 2 && words[0] == "diff" && *page != "":
		return diffPage(words[1:], *page, out)
	}
	return 2, fmt.Errorf("not understood: %q\n%s", args, usage)
}

// projections are the files that follow from the table.
func projections(c *catalog.Catalog) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"proto/cbc/error/v1/error_code.proto":        c.WriteErrorCodes,
		"proto/cbc/error/v1/error_reason.proto":      c.WriteErrorReasons,
		"gen/go/cbcerr/reason.go":                    c.WriteGoReasons,
		"service/conformance/cases/every_code.txtpb": c.WriteCases,
	}
}

func project(root string) error {
	c, err := catalog.Embedded()
	if err != nil {
		return err
	}
	for name, write := range projections(c) {
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

func diffFolders(old, new string, out io.Writer) (int, error) {
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

func diffPage(folder []string, page string, out io.Writer) (int, error) {
	c, err := open(folder)
	if err != nil {
		return 2, fmt.Errorf("%q: %w", folder, err)
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

func open(folder []string) (*catalog.Catalog, error) {
	if len(folder) == 0 {
		return catalog.Embedded()
	}
	return catalog.Load(os.DirFS(folder[0]))
}

func report(changes []catalog.Change, out io.Writer) int {
	for _, change := range changes {
		fmt.Fprintln(out, change)
	}
	return min(len(changes), 1)
}
