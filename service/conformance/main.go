// Command conformance tests the service and the clients of all languages against the same cases. It starts real daemons and
// runs every case at every entry point. The golden cases run at the entry points of the service and of the command line, too.
// It prints a table of the results.
//
//	conformance -daemon cbcerrd -command cbcerr -next-version cbcerrd-next 'go=go run ./service/conformance/go' 'python=python3 executor.py'
//
// It knows the cases and the contract, and nothing of how the service or a client is made. Each argument is the name of a
// language and the command of its executor, words separated by blanks. The exit status is 0 if every cell is as expected, 1
// if one is not, and 2 if a program failed.
//
// With -changed CODE, the daemon has another meaning of that code. The exit status is then 0 if every language detects it.
// With -wrapped, the daemon is the program wrapping: only Raise is tested, with the clients.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"github.com/cbcerr/cbcerr/service/test/golden"
)

//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf generate --template service/conformance/buf.gen.yaml
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf build service/conformance/proto --as-file-descriptor-set --exclude-source-info -o service/conformance/gen/conformance.binpb

// options are the flags.
type options struct {
	daemon, nextVersion string // paths of daemons
	command             string // path of the command line
	golden, known       string // a folder and a file
	changed             string // a code
	wrapped             bool
}

func main() {
	var o options
	flag.StringVar(&o.daemon, "daemon", "", "`path` of the cbcerrd to test")
	flag.StringVar(&o.nextVersion, "next-version", "", "`path` of a cbcerrd with a newer catalogue; if empty, its cases are left out")
	flag.StringVar(&o.command, "command", "", "`path` of cbcerr; if empty, its entry points are left out")
	flag.StringVar(&o.golden, "golden", "service/translate/testdata", "`folder` of golden cases")
	flag.StringVar(&o.known, "known", "service/conformance/known_failures.txt", "`file` of known failures")
	flag.StringVar(&o.changed, "changed", "", "`code` whose meaning differs in the daemon")
	flag.BoolVar(&o.wrapped, "wrapped", false, "whether the daemon is the program wrapping")
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

// run reports whether all cells are as expected.
func run(ctx context.Context, o options, languages []string, out io.Writer) (bool, error) {
	goldens, errGolden := golden.Read(o.golden)
	cases, errCases := readCases(goldens)
	known, errKnown := readKnownFailures(o.known)
	if err := errors.Join(errGolden, errCases, errKnown); err != nil {
		return false, err
	}
	if o.wrapped {
		cases = wrappedCases(cases)
	}
	servers, stop, err := startServers(ctx, o)
	if err != nil {
		return false, err
	}
	defer stop()
	clients := newTable(rowsOf(cases, servers))
	for _, language := range languages {
		name, command, found := strings.Cut(language, "=")
		if !found {
			return false, fmt.Errorf("%q: want a language and its executor, such as python=./executor.py", language)
		}
		if err := clients.fill(ctx, name, strings.Fields(command)); err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
	}
	if o.changed != "" {
		return clients.printDetected(out, o.changed), nil
	}
	if o.wrapped {
		return clients.print(out, known), nil
	}
	service, err := checkService(ctx, servers[conformancev1.Server_SERVER_UNSPECIFIED], o.command, goldens)
	if err != nil {
		return false, err
	}
	serviceOK := service.print(out, known)
	return clients.print(out, known) && serviceOK, nil
}
