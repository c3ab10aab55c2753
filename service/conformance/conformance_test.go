package main

import (
	"context"
	"encoding/json"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
)

const goldenFolder = "../translate/testdata"

// built builds a program of this module and returns its path.
func built(t *testing.T, pkg string, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	build := exec.Command("go", append(append([]string{"build", "-o", path}, flags...), pkg)...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// TestRun_Go runs all cases but those of a newer catalogue, with the Go client. The script .ci/languages runs all languages.
func TestRun_Go(t *testing.T) {
	t.Parallel()
	o := options{daemon: built(t, "../../cmd/cbcerrd"), command: built(t, "../../cmd/cbcerr"), golden: goldenFolder, known: "known_failures.txt"}
	var out strings.Builder
	ok, err := run(t.Context(), o, []string{"go=" + built(t, "./go")}, &out)
	if !ok || err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
}

// TestRun_Wrapped runs the cases of Raise with the Go client and a server that wraps the errors of package client.
func TestRun_Wrapped(t *testing.T) {
	t.Parallel()
	o := options{daemon: built(t, "./wrapping"), golden: goldenFolder, known: "known_failures.txt", wrapped: true}
	var out strings.Builder
	ok, err := run(t.Context(), o, []string{"go=" + built(t, "./go")}, &out)
	if !ok || err != nil || !strings.Contains(out.String(), "\n6 of 6 cells pass\n") {
		t.Errorf("%v\n%s", err, &out)
	}
}

// TestStartServers_Stop tests that stop terminates the daemons, and that other programs are no daemons.
func TestStartServers_Stop(t *testing.T) {
	t.Parallel()
	servers, stop, err := startServers(t.Context(), options{daemon: built(t, "../../cmd/cbcerrd")})
	if err != nil {
		t.Fatal(err)
	}
	address := servers[conformancev1.Server_SERVER_UNSPECIFIED].grpc
	stop()
	if conn, err := net.Dial("tcp", address); err == nil {
		conn.Close()
		t.Error("the daemon still runs")
	}
	for _, path := range []string{"", "/nowhere/cbcerrd", "true"} {
		if _, _, err := startServers(t.Context(), options{daemon: path}); err == nil {
			t.Errorf("%q: want an error", path)
		}
	}
}

// changes has another value for each column of codes.tsv, each for its own code, and a pattern of the expected fault.
var changes = map[string]struct{ code, value, fault string }{
	"http":    {"CBC.0100", "418", `\+.*"http_status":.*418`},
	"status":  {"CBC.0151", "UNAUTHENTICATED", `code is "UNAUTHENTICATED"`},
	"reason":  {"CBC.0155", "ACCESS_DENIED", `\+.*"reason":.*"ACCESS_DENIED"`},
	"retry":   {"CBC.3002", "VERIFY_FIRST", `\+.*"retry":.*"VERIFY_FIRST"`},
	"outcome": {"CBC.3006", "UNKNOWN", `\+.*"outcome":.*"UNKNOWN"`},
	"wait":    {"CBC.3144", "31s", `\+.*"seconds":.*31`},
	"detail":  {"CBC.5003", "precondition:COINS", `detail is "precondition:COINS"`},
	"en":      {"CBC.99003651", "Something else.", `\+.*"message":.*"Something else\."`},
	"zh-CN":   {"CBC.99008040", "别的。", `\+.*"message":.*"别的。"`},
}

// TestTable_ChangedCell tests that a fault names the code and the value of each changed cell of codes.tsv.
func TestTable_ChangedCell(t *testing.T) {
	t.Parallel()
	cases, err := readCases(nil)
	if err != nil {
		t.Fatal(err)
	}
	servers, stop, err := startServers(t.Context(), options{daemon: built(t, "../../cmd/cbcerrd", "-overlay", changedTable(t))})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	table := newTable(rowsOf(cases, servers))
	if err := table.fill(t.Context(), "go", []string{built(t, "./go")}); err != nil {
		t.Fatal(err)
	}
	for column, change := range changes {
		shown := regexp.MustCompile(change.fault)
		names := func(fault string) bool { return strings.Contains(fault, change.code) && shown.MatchString(fault) }
		if !slices.ContainsFunc(slices.Concat(slices.Collect(maps.Values(table.faults))...), names) {
			t.Errorf("no fault shows that %s of %s is %s", column, change.code, change.value)
		}
	}
}

// changedTable writes an overlay for go build that applies the changes to codes.tsv, and returns its path.
func changedTable(t *testing.T) string {
	t.Helper()
	name, err := filepath.Abs("../catalog/codes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	for i, column := range strings.Split(lines[0], "\t") {
		change, ok := changes[column]
		for row, line := range lines {
			if cells := strings.Split(line, "\t"); ok && cells[0] == change.code {
				cells[i] = change.value
				lines[row] = strings.Join(cells, "\t")
			}
		}
	}
	changed, overlay := filepath.Join(t.TempDir(), "codes.tsv"), filepath.Join(t.TempDir(), "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {name: changed}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, changed, strings.Join(lines, "\n"))
	write(t, overlay, string(replace))
	return overlay
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTable_BadExecutors tests that an executor that breaks the protocol is an error.
func TestTable_BadExecutors(t *testing.T) {
	t.Parallel()
	r := row{name: "r", request: &conformancev1.Request{Name: "r", EntryPoint: conformancev1.EntryPoint_ENTRY_POINT_CATALOG}}
	for name, script := range map[string]string{
		"exits at once":                 "exit 0",
		"writes nothing":                "cat >/dev/null",
		"writes a size above the limit": `printf '\377\377\377\377'`,
		"writes half a response":        `printf '\0\0\0\011abc'`,
		"writes no protobuf":            `printf '\0\0\0\001\377'; cat >/dev/null`,
		"answers another request":       `printf '\0\0\0\000'; cat >/dev/null`,
		"exits with an error":           `printf '\0\0\0\003\012\001r'; cat >/dev/null; exit 3`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // for the executor that writes nothing
			defer cancel()
			if err := newTable([]row{r}).fill(ctx, name, []string{"sh", "-c", script}); err == nil {
				t.Error("want an error")
			}
		})
	}
}
