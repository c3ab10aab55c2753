// Command fire does to real daemons what production will do: it restarts, kills, overloads, attacks and outlasts them, behind real
// balancers, while clients call. Every answer is held against what it must be. It is for people who want to see it survive;
// nothing of it is shipped.
//
//	go run ./service/fire -report REPORT.md
//	go run ./service/fire -only drain,hostile
//	go run ./service/fire -quick
//
// It runs on Linux and needs nginx and haproxy. The exit status is 1 if a goal is missed that does not depend on how fast the machine
// is, 2 if something could not be tried.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// scenarios are all kinds of trouble, in the order in which they are made.
var scenarios = []scenario{
	{"rolling", "Three replicas are restarted one after another, all the time, while clients call through every way and languages are reloaded every second.", rolling},
	{"drain", "SIGTERM to the only replica that its clients know, under load; no client repeats a call.", drain},
	{"kill", "kill -9 of one of three replicas under load, again and again.", kill},
	{"certificates", "The server's certificate is replaced every second under load; all clients have certificates too.", certificates},
	{"slow", "Clients that ask for much and read nothing, beside calm ones.", slow},
	{"hostile", "Attacks, one after another, each on a fresh daemon that also serves calm clients.", hostile},
	{"soak", "Mixed load at a steady rate on one daemon.", soak},
	{"overload", "Four times as many batches as one processor can answer, over gRPC and over REST, for a daemon with a small --max-calls.", overload},
}

// options are what a run is told.
type options struct {
	quick  bool
	report string
	calls  int
	soak   time.Duration
	only   []string
	daemon string
}

// errMissed says that goals were missed that no machine excuses.
var errMissed = errors.New("goals were missed")

func main() {
	debug.SetGCPercent(800) // who generates load must not be what is measured
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(&o)
	}
	switch {
	case err == nil:
	case errors.Is(err, errMissed):
		fmt.Fprintln(os.Stderr, "fire:", err)
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "fire:", err)
		os.Exit(2)
	}
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("fire", flag.ContinueOnError)
	flags.BoolVar(&o.quick, "quick", false, "all scenarios in a short form; speed is reported and decides nothing")
	flags.StringVar(&o.report, "report", "", "`file` to write the report to; without one it is printed")
	flags.IntVar(&o.calls, "calls", 100_000, "how many calls are made through each way while replicas restart")
	flags.DurationVar(&o.soak, "soak", 15*time.Minute, "how long the soak is")
	only := flags.String("only", "", "`names` of scenarios, with commas between them")
	flags.StringVar(&o.daemon, "daemon", "", "`file` of a cbcerrd that is there already; without one it is built")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	for _, name := range o.only {
		if !slices.ContainsFunc(scenarios, func(s scenario) bool { return s.name == name }) {
			return o, fmt.Errorf("-only: no scenario is %q", name)
		}
	}
	if o.quick {
		o.calls, o.soak = min(o.calls, 3000), min(o.soak, 15*time.Second)
	}
	return o, nil
}

// pick is one value for a quick run and another for a whole one.
func pick[T any](o *options, quick, whole T) T {
	if o.quick {
		return quick
	}
	return whole
}
