// Command corpus replays corpora of recorded upstream responses and reports how many translations are as expected.
//
// Each entry becomes a golden case, which goes through every entry point of a running service. Entries state only a part of
// the translation. The first entry point's translation is compared with that part, the others with the first.
//
//	entry.go    entries as golden cases
//	expect.go   the keys of "expect"
//	kind.go     the key "kind", which stands for the meaning in the reviewed tables
//	tables.go   those tables; they are not the ones of the service
//
// Example:
//
//	go run ./.ci/corpus -server http://127.0.0.1:8080 -corpus responses.jsonl -corpus dangerous.jsonl -min 96 -min dangerous.jsonl=175
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/test/replay"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0, 1 if fewer entries pass than -min, or 2 if the entries cannot be read or sent.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	enough := true
	if err == nil {
		enough, err = o.replayAll(ctx, stdout)
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "corpus:", err)
		return 2
	case !enough:
		return 1
	}
	return 0
}

// options are the flags.
type options struct {
	target  replay.Target
	corpora []string
	minimum map[string]int // entries that must pass, by file name; "" is for all other files
	entry   string
	verbose bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{minimum: map[string]int{}}
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.target.REST, "server", "http://127.0.0.1:8080", "base `URL` of the REST server")
	flags.StringVar(&o.target.GRPC, "grpc", "", "`host:port` of the gRPC server; if empty, its entry points are left out")
	flags.StringVar(&o.target.Command, "command", "", "`path` of cbcerr; if empty, its entry points are left out")
	flags.Func("corpus", "corpus `file`, repeatable; its tables are in ../catalog", func(path string) error {
		o.corpora = append(o.corpora, path)
		return nil
	})
	flags.Func("min", "number of entries that must pass, as `N` for every file or FILE=N, repeatable", func(text string) (err error) {
		file, count, named := strings.Cut(text, "=")
		if !named {
			file, count = "", text
		}
		o.minimum[file], err = strconv.Atoi(count)
		return err
	})
	flags.StringVar(&o.entry, "entry", "", "replay only the entry with this `ID`")
	flags.BoolVar(&o.verbose, "v", false, "also print entries that pass")
	err := flags.Parse(args)
	if err == nil && len(o.corpora) == 0 {
		err = errors.New("-corpus is missing")
	}
	return o, err
}

// replayAll sends all corpora and reports whether enough entries of each pass. An unreachable server is an error.
func (o options) replayAll(ctx context.Context, stdout io.Writer) (bool, error) {
	points, err := o.target.EntryPoints()
	if err != nil || len(points) == 0 {
		return false, cmp.Or(err, errors.New("no server"))
	}
	if _, err := points[0].Translate(ctx, golden.Case{Status: 200}); err != nil {
		return false, err
	}
	all := true
	for _, path := range o.corpora {
		enough, err := o.replay(ctx, points, path, stdout)
		if err != nil {
			return false, err
		}
		all = all && enough
	}
	return all, nil
}

func (o options) replay(ctx context.Context, points []replay.EntryPoint, path string, stdout io.Writer) (bool, error) {
	entries, errEntries := readCorpus(path)
	t, errTables := readTables(filepath.Join(filepath.Dir(path), "..", "catalog"))
	if err := errors.Join(errEntries, errTables); err != nil {
		return false, err
	}
	passed, total := 0, 0
	for _, e := range entries {
		if o.entry != "" && o.entry != e.ID {
			continue
		}
		faults := check(ctx, points, t, e)
		total++
		if len(faults) == 0 {
			passed++
		}
		o.print(stdout, e, faults)
	}
	fmt.Fprintf(stdout, "%s: %d/%d\n", filepath.Base(path), passed, total)
	if o.entry != "" {
		return total > 0 && passed == total, nil
	}
	minimum, named := o.minimum[filepath.Base(path)]
	if !named {
		minimum = o.minimum[""]
	}
	return passed >= minimum, nil
}

func (o options) print(stdout io.Writer, e entry, faults []string) {
	if len(faults) > 0 {
		fmt.Fprintf(stdout, "FAIL %s: %s\n", e.ID, strings.Join(faults, "; "))
	} else if o.verbose {
		fmt.Fprintf(stdout, "ok   %s\n", e.ID)
	}
}

// check sends an entry through all entry points and returns its faults.
func check(ctx context.Context, points []replay.EntryPoint, t tables, e entry) []string {
	c := e.golden()
	translation, err := points[0].Translate(ctx, c)
	if err != nil {
		return []string{err.Error()}
	}
	seen, items := factsOf(translation)
	faults := t.expand(e).faults(seen, items)
	faults = append(faults, t.contradictions(e, append(items, seen))...)
	if err := golden.CheckInvariants(translation); err != nil {
		faults = append(faults, err.Error())
	}
	c.Want = translation
	for _, p := range points[1:] {
		if err := p.Check(ctx, c); err != nil {
			faults = append(faults, err.Error())
		}
	}
	return faults
}
