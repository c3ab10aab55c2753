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

var update = flag.Bool("update", false, "rewrite the output that the scripts expect")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"cbcerr": main})
}

// TestScripts runs testdata/script: each is a session at a terminal that shows no colours, in no language, with a server at
// hand at $GRPC and $REST, and at $OTHER one that is something else.
func TestScripts(t *testing.T) {
	s := testserver.Start(t)
	other := http.NewServeMux()
	other.HandleFunc("/v1/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") })
	other.HandleFunc("/sick/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, "{}")
	})
	something := httptest.NewServer(other)
	t.Cleanup(something.Close)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exec-2": failing},
		Setup: func(e *testscript.Env) error {
			e.Setenv("GRPC", s.GRPCAddr())
			e.Setenv("REST", "http://"+s.HTTPAddr())
			e.Setenv("OTHER", something.URL)
			return nil
		},
	})
}

// failing runs the program, which has to exit with 2 and say nothing on its standard output.
func failing(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("cbcerr", args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || ts.ReadFile("stdout") != "" {
		ts.Fatalf("%v, %q, want exit status 2", err, ts.ReadFile("stdout"))
	}
}
