// Command conformance holds the clients of all languages to one meaning: it starts real daemons, gives each language's
// executor the same cases, and prints a table of what they made of them.
//
//	conformance -daemon cbcerrd -ahead cbcerrd-ahead 'go=go run ./service/conformance/go' 'python=python3 executor.py'
//
// It knows the cases and the contract, and nothing of how the service or a client is made. Each argument is the name of a
// language and the command of its executor, words apart by blanks. The exit status is 0 if every cell is as expected.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf generate --template service/conformance/buf.gen.yaml
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf build service/conformance/proto --as-file-descriptor-set --exclude-source-info -o service/conformance/gen/conformance.binpb

// Paths are those of the programs and files that a run needs.
type paths struct {
	daemon, ahead string // the daemons; where ahead is empty, cases for it are left out
	golden, known string
}

func main() {
	var p paths
	flag.StringVar(&p.daemon, "daemon", "", "the cbcerrd to test")
	flag.StringVar(&p.ahead, "ahead", "", "a cbcerrd whose catalogue is a version ahead; without one, the cases for it are left out")
	flag.StringVar(&p.golden, "golden", "service/translate/testdata", "the folder of golden conversations")
	flag.StringVar(&p.known, "known", "service/conformance/known_failures.txt", "the file of known failures")
	flag.Parse()
	ok, err := run(context.Background(), p, flag.Args(), os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(ctx context.Context, p paths, languages []string, out io.Writer) (bool, error) {
	cases, err := readCases(p.golden)
	if err != nil {
		return false, err
	}
	known, err := readKnownFailures(p.known)
	if err != nil {
		return false, err
	}
	servers, stop, err := startServers(ctx, p)
	if err != nil {
		return false, err
	}
	defer stop()
	table := newTable(rowsOf(cases, servers))
	for _, language := range languages {
		name, command, found := strings.Cut(language, "=")
		if !found {
			return false, fmt.Errorf("%q is not a language and its executor, such as python=./executor.py", language)
		}
		if err := table.fill(ctx, name, strings.Fields(command)); err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
	}
	return table.print(out, known), nil
}
