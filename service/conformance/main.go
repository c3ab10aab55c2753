// Command conformance holds the clients of all languages to one meaning: it starts real daemons, gives each language's
// executor the same cases, and prints a table of what they made of them.
//
//	conformance -daemon cbcerrd -ahead cbcerrd-ahead 'go=go run ./service/conformance/go' 'python=python3 executor.py'
//
// It knows the cases and the contract, and nothing of how the service or a client is made. Each argument is the name of a
// language and the command of its executor, words apart by blanks. The exit status is 0 if every cell is as expected, 1 if
// one is not, 2 if a program did not do its part.
//
// With -changed CODE the daemon is one whose table says something else of that code, and the exit status is 0 if every
// language notices.
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

// Options are what a run needs to know.
type options struct {
	daemon, ahead string // the daemons; where ahead is empty, cases for it are left out
	golden, known string // a folder, and a file
	changed       string // a code that the daemon's table says something else of
}

func main() {
	var o options
	flag.StringVar(&o.daemon, "daemon", "", "the cbcerrd to test")
	flag.StringVar(&o.ahead, "ahead", "", "a cbcerrd whose catalogue is a version ahead; without one, the cases for it are left out")
	flag.StringVar(&o.golden, "golden", "service/translate/testdata", "the folder of golden conversations")
	flag.StringVar(&o.known, "known", "service/conformance/known_failures.txt", "the file of known failures")
	flag.StringVar(&o.changed, "changed", "", "a code that the daemon's table says something else of, which every language has to notice")
	flag.Parse()
	ok, err := run(context.Background(), o, flag.Args(), os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, languages []string, out io.Writer) (bool, error) {
	cases, err := readCases(o.golden)
	if err != nil {
		return false, err
	}
	known, err := readKnownFailures(o.known)
	if err != nil {
		return false, err
	}
	servers, stop, err := startServers(ctx, o)
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
	if o.changed != "" {
		return table.printNoticed(out, o.changed), nil
	}
	return table.print(out, known), nil
}
