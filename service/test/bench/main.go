// Command bench compares cbcerrd with reference servers: no-op gRPC and HTTP handlers, and a straightforward implementation of
// the service. Each server is a process. One run measures all of them in turn, so ratios hold on a shared machine.
//
//	go run ./service/test/bench -report service/test/bench/REPORT.md
//
// The report states how far each measurement is from its goal. A missed goal is no error: the exit status is 1 only if a
// measurement fails. The program needs /proc of Linux for the CPU time and memory of processes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// config configures a run.
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
	quick := flags.Bool("quick", false, "run one short round, to test the program")
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

// measureAll measures servers, the library, startup, memory and the sidecar.
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
	r := &results{config: c, Machine: currentMachine(), figures: map[string]figure{}}
	for _, measure := range []func(*results, string) error{measureServers, measureLibrary, measureStarts, measureMemory, measureSidecar} {
		if err := measure(r, binary); err != nil {
			return nil, err
		}
	}
	return r, nil
}
