// Command corpus replays recorded upstream responses through a running server
// and reports how many answers are as expected.
//
// It is a black box: it reads the corpora, the reviewed tables beside them and
// the public contract. It imports no package of this project, so a mistake that
// the packages share cannot hide here.
//
//	corpus.go   reads entries; kind.go reduces one corpus's words to the others'
//	ways.go     every way to send an entry; all of them must give one answer
//	expect.go   one check for each key of "expect"
//	laws.go     what holds for every answer, whatever its entry expects
//
// Example:
//
//	go run ./.ci/corpus -server http://127.0.0.1:8080 -corpus responses.jsonl -corpus dangerous.jsonl -min 96 -min dangerous.jsonl=175
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0, 1 if fewer entries pass than -min, or 2 if
// the entries cannot be read, understood or sent.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	status := 0
	for _, path := range o.corpora {
		enough, err := o.replay(path, stdout)
		if err != nil {
			fmt.Fprintln(stderr, "corpus:", err)
			return 2
		}
		if !enough {
			status = 1
		}
	}
	return status
}

// options are the flags.
type options struct {
	server  string
	corpora []string
	floors  floors
	entry   string
	verbose bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{floors: floors{}}
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.server, "server", "http://127.0.0.1:8080", "base URL of the REST port")
	flags.Func("corpus", "corpus file, repeatable; its tables are in ../catalog", func(path string) error {
		o.corpora = append(o.corpora, path)
		return nil
	})
	flags.Var(o.floors, "min", "entries that must pass, as `N` or FILE=N; repeatable")
	flags.StringVar(&o.entry, "entry", "", "replay only the entry with this `ID`")
	flags.BoolVar(&o.verbose, "v", false, "also print the answers to passing entries")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if len(o.corpora) == 0 {
		fmt.Fprintln(stderr, "corpus: -corpus is missing")
		return o, errors.New("no corpus")
	}
	return o, nil
}

// floors are the entries that must pass, by file name; "" is for all others.
type floors map[string]int

func (f floors) String() string { return "" }

// Set implements flag.Value.
func (f floors) Set(text string) error {
	file, count, named := strings.Cut(text, "=")
	if !named {
		file, count = "", text
	}
	n, err := strconv.Atoi(count)
	f[file] = n
	return err
}

func (f floors) of(path string) int {
	if n, found := f[filepath.Base(path)]; found {
		return n
	}
	return f[""]
}

// replay sends one corpus and reports whether enough entries pass.
func (o options) replay(path string, stdout io.Writer) (bool, error) {
	entries, err := readCorpus(path)
	if err != nil {
		return false, err
	}
	c, err := readCatalog(filepath.Join(filepath.Dir(path), "..", "catalog"))
	if err != nil {
		return false, err
	}
	s := newServer(o.server)
	passed, total := 0, 0
	for _, e := range entries {
		if o.entry != "" && o.entry != e.ID {
			continue
		}
		if e.Door == "command-line" {
			fmt.Fprintf(stdout, "SKIP %s: door %s\n", e.ID, e.Door)
			continue
		}
		total++
		seen, f := s.ask(e)
		if !s.reached {
			return false, fmt.Errorf("cannot reach %s: %s", o.server, f)
		}
		if f = append(f, judge(e, seen, c)...); len(f) > 0 {
			fmt.Fprintf(stdout, "FAIL %s: %s\n", e.ID, f)
			continue
		}
		passed++
		if o.verbose {
			fmt.Fprintf(stdout, "ok   %s: %s\n", e.ID, seen)
		}
	}
	fmt.Fprintf(stdout, "%s: %d/%d\n", filepath.Base(path), passed, total)
	return o.entry != "" || passed >= o.floors.of(path), nil
}

// judge returns what is wrong with an answer, if there is one.
func judge(e entry, seen answer, c catalog) faults {
	if seen.whole == nil {
		return nil
	}
	return append(check(c.expand(e), seen), breaches(e, seen, c)...)
}
