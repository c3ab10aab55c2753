// Command bench measures cbcerrd beside servers that show its limits: a gRPC handler and an HTTP handler that do nothing,
// and the service as everybody writes it. Each server is a process of its own, and all of them are measured in turn in one
// run, so ratios hold on a machine that others share.
//
//	go run ./service/test/bench -report service/test/bench/REPORT.md
//
// The report names every goal and how far the measurement is from it. The program judges nothing: its exit status is 1 only
// if something cannot run. It needs Linux, whose /proc tells CPU time and memory of processes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// config is what a run does.
type config struct {
	rounds  int
	measure time.Duration // of one server on one surface, each round
	warmup  time.Duration // before each measurement
	starts  int
	library time.Duration // of one benchmark of the library
	report  string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == serveCommand {
		return serve(args[1], os.Stdin, os.Stdout)
	}
	c, err := parse(args)
	if err != nil {
		return err
	}
	r, err := measureAll(c)
	if err != nil {
		return err
	}
	return write(c.report, r)
}

func parse(args []string) (c config, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	quick := flags.Bool("quick", false, "run one short round, to see that the program works")
	flags.StringVar(&c.report, "report", "", "write the report to `file` instead of standard output")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	c.rounds, c.measure, c.warmup, c.starts, c.library = 15, 400*time.Millisecond, 100*time.Millisecond, 15, 20*time.Millisecond
	if *quick {
		c.rounds, c.measure, c.warmup, c.starts, c.library = 1, 50*time.Millisecond, 10*time.Millisecond, 1, time.Millisecond
	}
	testing.Init()
	return c, flag.Set("test.benchtime", c.library.String())
}

// measureAll measures servers, library, start and memory.
func measureAll(c config) (*results, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "cbcerrd")
	if err := build(binary); err != nil {
		return nil, err
	}
	r := &results{config: c, Machine: thisMachine(), figures: map[string]figure{}}
	for _, measure := range []func(*results, string) error{measureServers, measureLibrary, measureStarts, measureMemory} {
		if err := measure(r, binary); err != nil {
			return nil, err
		}
	}
	return r, nil
}
