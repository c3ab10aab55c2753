package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"cbcerr": main})
}

// TestScripts runs testdata/script, without colors and locale. A cbcerrd listens at $GRPC and $REST, and another HTTP server
// at $OTHER.
func TestScripts(t *testing.T) {
	s := testserver.Start(t)
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
			e.Setenv("OTHER", otherServer.URL)
			return nil
		},
	})
}

// execError runs the program and checks for exit status 2 and an empty standard output.
func execError(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("cbcerr", args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || ts.ReadFile("stdout") != "" {
		ts.Fatalf("%v, %q, want exit status 2", err, ts.ReadFile("stdout"))
	}
}
