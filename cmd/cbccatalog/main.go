// Command cbccatalog adds codes to the tables of the catalogue, generates files from them and compares catalogues. It is a
// tool for maintainers.
//
//	go run ./cmd/cbccatalog add CBC.5099 --http 400 --reason BALANCE_INSUFFICIENT --source 'live responses' --en "…" --zh "…"
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/spf13/pflag"
)

// The packages are generated in the order of their paths. This one is the first: each of the others may depend on the Go
// code and on gen/cbcerr.binpb that it writes.
//
//go:generate go run . generate ../..
//go:generate go -C ../.. run ./cmd/protodeps
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf generate
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf build proto --as-file-descriptor-set -o gen/cbcerr.binpb

// helpWidth is the width at which pflag wraps a line of the help. It exceeds it by up to 5 columns, so lines have at most 100.
const helpWidth = 95

// usage returns the help.
func usage() string {
	return `usage:
  cbccatalog add CODE [flags]         add a code to the tables, then update
  cbccatalog update [ROOT]            update generated files and golden files from the tables
  cbccatalog generate ROOT            write the files that are generated from the tables alone
  cbccatalog diff OLD NEW             compare two directories like service/catalog
  cbccatalog diff --page FILE [DIR]   compare a catalogue with upstream's page

add, update and generate check the laws of the tables first and write nothing if one is broken.
ROOT is the root of the repository, by default the working directory. DIR is a directory like
service/catalog, by default the embedded catalogue. diff prints one line for each change: kind,
code and change. The exit status is 0 if there is no change, 1 if there is one, and 2 if an error
occurs.

flags of add; without status, retry, outcome, wait and detail, the code means what its reason means:
` + newAddCommand().FlagUsagesWrapped(helpWidth)
}

func main() {
	status, err := run(os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cbccatalog:", err)
		status = 2
	}
	os.Exit(status)
}

func run(args []string, out io.Writer) (status int, err error) {
	if len(args) > 0 && args[0] == "add" {
		err = add(args[1:], out)
	} else {
		status, err = runOthers(args, out)
	}
	if errors.Is(err, pflag.ErrHelp) {
		_, err = io.WriteString(out, usage())
		return 0, err
	}
	if err != nil {
		status = 2
	}
	return status, err
}

// runOthers runs the commands without flags of their own.
func runOthers(args []string, out io.Writer) (status int, err error) {
	flags := pflag.NewFlagSet("cbccatalog", pflag.ContinueOnError)
	flags.Usage = func() {} // run prints it
	page := flags.String("page", "", "")
	if err := flags.Parse(args); err != nil {
		return 2, err
	}
	switch operands := flags.Args(); {
	case len(operands) == 2 && operands[0] == "generate" && *page == "":
		return 0, generate(operands[1])
	case len(operands) == 1 && operands[0] == "update" && *page == "":
		return 0, update(".", out)
	case len(operands) == 2 && operands[0] == "update" && *page == "":
		return 0, update(operands[1], out)
	case len(operands) == 3 && operands[0] == "diff" && *page == "":
		return diffDirs(operands[1], operands[2], out)
	case len(operands) > 0 && len(operands) <= 2 && operands[0] == "diff" && *page != "":
		return diffPage(operands[1:], *page, out)
	}
	return 2, fmt.Errorf("invalid arguments: %q\n%s", args, usage())
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
