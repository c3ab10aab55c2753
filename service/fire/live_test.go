package main

import (
	"os"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/machine"
	"google.golang.org/grpc/codes"
)

// live is a daemon, built and started for a test.
func live(t *testing.T) *target {
	t.Helper()
	dir := t.TempDir()
	binary, err := build(dir, "of a test")
	if err != nil {
		t.Fatal(err)
	}
	f := &fire{options: &options{quick: true}, binary: binary, dir: dir}
	d, err := f.clear()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.kill)
	return d
}

// ways are all ways to ask one question, by name.
func (t *target) ways(test *testing.T) map[string]caller {
	test.Helper()
	conn, err := dialOne(new(attempts), t.grpc, nil)
	if err != nil {
		test.Fatal(err)
	}
	client := httpClient(nil)
	test.Cleanup(func() { conn.Close(); client.CloseIdleConnections() })
	return map[string]caller{
		"gRPC": overGRPC(conn), "stream": overStream(conn), "batch": overBatch(conn, 3),
		"REST": overREST(withoutRepeats(client), t.base()), "REST, new connections": overREST(withoutRepeats(neverKept(nil)), t.base()),
	}
}

// The table of questions is what a daemon answers, whichever way it is asked; and whoever judges notices every answer that is not.
func TestJudges(t *testing.T) {
	t.Parallel()
	d := live(t)
	faults := map[string]func(*answer){
		"another code":     func(a *answer) { a.code = codes.DataLoss },
		"another reason":   func(a *answer) { a.reason = "ANOTHER" },
		"another status":   func(a *answer) { a.status++ },
		"another language": func(a *answer) { a.locale = "de" },
		"another text":     func(a *answer) { a.text += " " },
	}
	for name, call := range d.ways(t) {
		for range 5 { // some are errors, some are not
			for _, q := range questions() {
				if v := call(t.Context(), q); v.kind != right {
					t.Errorf("%s: %s: %+v", name, q.body, v)
				}
			}
		}
		for fault, change := range faults {
			q := *questions()[0]
			q.want = []answer{q.want[0]}
			change(&q.want[0])
			if v := call(t.Context(), &q); v.kind != wrong && v.kind != failed {
				t.Errorf("%s, %s: %+v, want it to be found", name, fault, v)
			}
		}
	}
	d.kill()
	for name, call := range d.ways(t) {
		if v := call(t.Context(), questions()[0]); v.kind != refused {
			t.Errorf("%s, nobody there: %+v, want it to be refused", name, v)
		}
	}
}

// What a whole run needs is there: the figures of the daemon, and a report of what was seen.
func TestScenarioThatFailsIsReported(t *testing.T) {
	t.Parallel()
	d := live(t)
	m, err := d.metrics()
	if err != nil || m.sum("cbcerr_build_info", `revision="of a test"`) != 1 || d.resident() < 1 {
		t.Errorf("%v: build info %v, %.1f MiB", err, m.sum("cbcerr_build_info"), d.resident())
	}
	f := &fire{options: &options{quick: true}, dir: t.TempDir(), machine: machine.Machine{Date: "2026-11-28", Commit: "abc"}}
	r := &results{Machine: f.machine, Outcomes: []*outcome{
		f.try(scenario{"drain", "About this.", func(_ *fire, o *outcome) error { o.none(3, "mistakes"); return nil }}),
		f.try(scenario{"slow", "About that.", func(_ *fire, o *outcome) error { o.should(false, "speed", "more", "less"); return nil }}),
		f.try(scenario{"soak", "About nothing.", func(*fire, *outcome) error { return os.ErrNotExist }}),
	}}
	text, err := report(r, "| [soak](#soak) | x | 1s | 2025-01-01 | old |\n| [kill](#kill) | met | 2s | 2025-01-01 | old |\n\n## soak\n\nOf old.\n\n## kill\n\nOf before.\n\n## other\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| [drain](#drain) | **missed** | 0s | 2026-11-28 | abc |", "| mistakes | 0 | 3 | **missed** |",
		"| [slow](#slow) | met, but for speed |", "| speed (speed) | more | less | **missed** |",
		"| [kill](#kill) | met | 2s | 2025-01-01 | old |\n", "\n\n## kill\n\nOf before.\n\n## slow\n",
		"| [soak](#soak) | **could not be tried** |", "It could not be tried: file does not exist",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "Of old.") || strings.Contains(string(text), "## other") {
		t.Error("what was made again is there as it was before")
	}
	if verdict := r.verdict(); verdict == nil || strings.Contains(verdict.Error(), "slow") || !strings.Contains(verdict.Error(), "drain") {
		t.Errorf("%v, want the two that are no matter of speed", verdict)
	}
}
