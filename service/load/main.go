// Command load measures how near cbcerrd is to doing nothing: it puts it under load next to servers that answer with
// constant bytes, in turn, and writes a report. It is for people who doubt a figure; nothing of it is shipped.
//
//	go run ./service/load -report REPORT.md -json results.json
//	go run ./service/load -only '^unary' -agree results.json
//
// Each server is a process of its own, this program once more. It runs on Linux, which tells the memory of processes. The
// exit status is 1 if two runs do not agree, 2 if something could not be measured.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"time"
)

// options are what a run is told.
type options struct {
	rounds int
	time   time.Duration // of a measurement
	warm   time.Duration // before it
	starts int
	only   *regexp.Regexp
	report string
	json   string
	agree  string
	ghz    string
	again  repeats
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == serveCommand {
		exit(serve(os.Args[2], os.Stdin, os.Stdout))
		return
	}
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(&o)
	}
	if errors.Is(err, errDisagree) {
		os.Exit(1)
	}
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(2)
	}
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	o.again.clock = ticksNow
	flags.IntVar(&o.rounds, "rounds", 7, "how often each server is measured")
	flags.DurationVar(&o.time, "time", 1500*time.Millisecond, "how long a measurement is")
	flags.DurationVar(&o.warm, "warm", 300*time.Millisecond, "how long a server is under load before it is measured")
	flags.IntVar(&o.starts, "starts", 15, "how often the daemon is started")
	only := flags.String("only", "", "measure what has a name that fits the regular `expression`")
	flags.StringVar(&o.report, "report", "", "`file` to write the report to; without one it is printed")
	flags.StringVar(&o.json, "json", "", "`file` to write the results to, for -agree")
	flags.StringVar(&o.agree, "agree", "", "`file` of an earlier run's results to compare with")
	flags.StringVar(&o.ghz, "ghz", "", "the `program` ghz, to measure with that client too")
	flags.IntVar(&o.again.left, "again", 100, "how many rounds are measured again at most because others had the processors")
	quick := flags.Bool("quick", false, "few short rounds, only to see that it runs")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *quick {
		o.rounds, o.time, o.warm, o.starts = 2, 50*time.Millisecond, 10*time.Millisecond, 2
	}
	o.only, err = regexp.Compile(*only)
	return o, err
}
