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
	floors  map[string]int // entries that must pass, by file name; "" is for the other files
	entry   string
	verbose bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{floors: map[string]int{}}
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.server, "server", "http://127.0.0.1:8080", "base URL of the REST port")
	flags.Func("corpus", "corpus `file`, repeatable; its tables are in ../catalog", func(path string) error {
		o.corpora = append(o.corpora, path)
		return nil
	})
	flags.Func("min", "entries that must pass, as `N` for every file or FILE=N, repeatable", func(text string) (err error) {
		file, count, named := strings.Cut(text, "=")
		if !named {
			file, count = "", text
		}
		o.floors[file], err = strconv.Atoi(count)
		return err
	})
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

// floor returns how many entries of a file must pass.
func (o options) floor(path string) int {
	if n, found := o.floors[filepath.Base(path)]; found {
		return n
	}
	return o.floors[""]
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
		switch {
		case o.entry != "" && o.entry != e.ID:
			continue
		case e.Door == "command-line":
			fmt.Fprintf(stdout, "SKIP %s: command line\n", e.ID)
			continue
		}
		seen, f := s.ask(e)
		if !s.reached {
			return false, fmt.Errorf("cannot reach %s: %s", o.server, f)
		}
		f = append(f, judge(e, seen, c)...)
		total++
		if len(f) == 0 {
			passed++
		}
		o.print(stdout, e, seen, f)
	}
	fmt.Fprintf(stdout, "%s: %d/%d\n", filepath.Base(path), passed, total)
	if o.entry != "" {
		return total > 0 && passed == total, nil
	}
	return passed >= o.floor(path), nil
}

func (o options) print(stdout io.Writer, e entry, seen answer, f faults) {
	if len(f) > 0 {
		fmt.Fprintf(stdout, "FAIL %s: %s\n", e.ID, f)
	} else if o.verbose {
		fmt.Fprintf(stdout, "ok   %s: %s\n", e.ID, seen)
	}
}

// judge returns what is wrong with an answer, if there is one.
func judge(e entry, seen answer, c catalog) faults {
	if seen.text == nil {
		return nil
	}
	return append(check(c.expand(e), seen), breaches(e, seen, c)...)
}
