package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"cbcerr": main})
}

// TestScripts runs testdata/script, without colors and locale. A cbcerrd listens at $GRPC and $REST, one with a small
// catalogue that never changes at $SMALL, and another HTTP server at $OTHER.
func TestScripts(t *testing.T) {
	s, small := testserver.Start(t), testserver.StartSmall(t)
	other := http.NewServeMux()
	other.HandleFunc("/v1/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") })
	other.HandleFunc("/failing/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, "{}")
	})
	otherServer := httptest.NewServer(other)
	t.Cleanup(otherServer.Close)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exec-2": execError},
		Setup: func(e *testscript.Env) error {
			e.Setenv("GRPC", s.GRPCAddr())
			e.Setenv("REST", "http://"+s.HTTPAddr())
			e.Setenv("SMALL", small.GRPCAddr())
			e.Setenv("OTHER", otherServer.URL)
			return nil
		},
	})
}

// Every line of the help fits in a terminal of 100 columns.
func TestHelp_Width(t *testing.T) {
	var help bytes.Buffer
	root := newRoot(terminal{out: &help, err: &help})
	commands := append(root.Commands(), root)
	for _, c := range commands {
		if err := c.Help(); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(help.String()) {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 100 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
	if n := strings.Count(help.String(), "Usage:\n"); n != len(commands) {
		t.Errorf("help of %d commands, want %d", n, len(commands))
	}
}

// execError runs the program and checks for exit status 2 and an empty standard output.
func execError(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("cbcerr", args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || ts.ReadFile("stdout") != "" {
		ts.Fatalf("%v, %q, want exit status 2", err, ts.ReadFile("stdout"))
	}
}
