// Command corpus replays a corpus of raw upstream responses through a running
// daemon over REST and says how many came out as expected.
//
// It is a black box: it knows the corpus, the reviewed table beside it and the
// published contract, and imports no room of the project, so a mistake the
// rooms share cannot hide here. What counts as right is in expected.go, what
// was seen is read in answer.go.
//
//	go run ./.ci/corpus -server http://127.0.0.1:8080 -corpus ../shared/corpus/responses.jsonl
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	server  string
	corpus  string
	floor   int
	verbose bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.server, "server", "http://127.0.0.1:8080", "base URL of the daemon's REST port")
	flags.StringVar(&o.corpus, "corpus", "../shared/corpus/responses.jsonl", "corpus, one JSON object per line")
	flags.IntVar(&o.floor, "min", 0, "exit 1 when fewer entries pass")
	flags.BoolVar(&o.verbose, "v", false, "also print what passing entries became")
	return o, flags.Parse(args)
}

// run is the program without its process: it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 1
	}
	entries, err := readCorpus(o.corpus)
	if errors.Is(err, fs.ErrNotExist) {
		// A checkout without the shared folder is no failure of the daemon.
		fmt.Fprintln(stdout, "corpus: absent")
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "corpus:", err)
		return 1
	}
	catalog, err := readTable(filepath.Join(filepath.Dir(o.corpus), "..", "catalog", "codes.tsv"))
	if err != nil {
		fmt.Fprintln(stderr, "corpus:", err)
		return 1
	}
	return report(o, entries, catalog, stdout, stderr)
}

// report replays every entry, then prints the failures and the count.
func report(o options, entries []entry, catalog table, stdout, stderr io.Writer) int {
	d := &daemon{base: strings.TrimSuffix(o.server, "/"), client: &http.Client{Timeout: 30 * time.Second}}
	var failures []string
	for _, e := range entries {
		seen, faults := replay(d, e, catalog)
		if !d.reached {
			fmt.Fprintf(stderr, "corpus: cannot reach %s: %s\n", o.server, faults)
			return 1
		}
		if len(faults) > 0 {
			failures = append(failures, fmt.Sprintf("FAIL %s: %s", e.ID, faults))
		} else if o.verbose {
			fmt.Fprintf(stdout, "ok   %s: %s\n", e.ID, seen)
		}
	}
	for _, line := range failures {
		fmt.Fprintln(stdout, line)
	}
	passed := len(entries) - len(failures)
	fmt.Fprintf(stdout, "corpus: %d/%d\n", passed, len(entries))
	if passed < o.floor {
		return 1
	}
	return 0
}

// replay sends one entry and returns what it became and what is wrong with it.
func replay(d *daemon, e entry, catalog table) (answer, faults) {
	first, err := d.translate(e)
	if err != nil {
		return first, faults{err.Error()}
	}
	if err := d.repeat(e, first); err != nil {
		return first, faults{err.Error()}
	}
	return first, judge(e, first, catalog)
}

// daemon is the server under test.
type daemon struct {
	base    string
	client  *http.Client
	reached bool // it answered at least once; later silence is a failure, not an absence
}

// translate asks the daemon what an entry means.
func (d *daemon) translate(e entry) (answer, error) {
	var text json.RawMessage
	if err := d.post("/v1/responses:translate", request(e), &text); err != nil {
		return answer{}, err
	}
	var a answer
	err := errors.Join(json.Unmarshal(text, &a), json.Unmarshal(text, &a.whole))
	return a, err
}

// runs is how often an entry is sent: a choice by map order shows only in
// repetition.
const runs = 1000

// repeat asks the same many times, and demands the same answer every time.
func (d *daemon) repeat(e entry, first answer) error {
	requests := make([]any, runs)
	for i := range requests {
		requests[i] = request(e)
	}
	var batch struct {
		Results []struct {
			Translation any `json:"translation"`
		} `json:"results"`
	}
	if err := d.post("/v1/responses:batchTranslate", map[string]any{"requests": requests}, &batch); err != nil {
		return err
	}
	if len(batch.Results) != runs {
		return fmt.Errorf("want %d answers, got %d", runs, len(batch.Results))
	}
	for i, again := range batch.Results {
		if !reflect.DeepEqual(first.whole, again.Translation) {
			return fmt.Errorf("want the same answer every time, got %v and then, at %d, %v", first.whole, i, again.Translation)
		}
	}
	return nil
}

func request(e entry) map[string]any {
	return map[string]any{"response": map[string]any{"httpStatus": e.HTTPStatus, "headers": e.Headers, "raw": e.body()}}
}

// post sends JSON and reads the JSON of the answer.
func (d *daemon) post(path string, message, into any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	response, err := d.client.Post(d.base+path, "application/json", bytes.NewReader(text))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	d.reached = true
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("want HTTP 200, got %d %.200q", response.StatusCode, answer)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("want JSON, got %.200q: %w", answer, err)
	}
	return nil
}
