package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/testserver"
)

// writeCorpus writes a corpus beside small tables and returns its path.
func writeCorpus(t *testing.T, lines ...string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "corpus", "c.jsonl")
	for _, sub := range []string{"corpus", "catalog"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	writeTables(t, filepath.Join(dir, "catalog"))
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRun(t *testing.T) {
	const (
		passes   = `{"id": "a", "http_status": 400, "body": "{\"error_code\":\"CBC.5003\"}", "expect": {"code": "CBC.5003", "status": 9}}`
		fails    = `{"id": "b", "http_status": 400, "body": "{\"error_code\":\"CBC.5003\"}", "expect": {"status": "OK"}}`
		rejected = `{"id": "r", "http_status": 99, "body": "{}", "expect": {"status": "OK"}}`
		pasted   = `{"id": "p", "door": "command-line", "text": "HTTP/2 403\\n\\nx", "expect": {"httpStatus": "403"}}`
	)
	tests := []struct {
		name   string
		lines  []string
		args   []string
		status int
		output string
	}{
		{"all pass", []string{passes, passes}, []string{"-min", "2"}, 0, "c.jsonl: 2/2"},
		{"too few pass", []string{passes, fails}, []string{"-min", "2"}, 1, "FAIL b: status: want OK, got \"FAILED_PRECONDITION\"\nc.jsonl: 1/2"},
		{"minimum of the file", []string{passes, fails}, []string{"-min", "2", "-min", "c.jsonl=1"}, 0, "c.jsonl: 1/2"},
		{"minimum of another file", []string{passes, fails}, []string{"-min", "1", "-min", "d.jsonl=2"}, 0, "c.jsonl: 1/2"},
		{"verbose", []string{passes}, []string{"-v"}, 0, "ok   a"},
		{"one entry", []string{passes, fails}, []string{"-entry", "b"}, 1, "c.jsonl: 0/1"},
		{"no such entry", []string{passes}, []string{"-entry", "c"}, 1, "c.jsonl: 0/0"},
		{"command line", []string{passes, pasted}, nil, 0, "c.jsonl: 2/2"},
		{"rejected", []string{rejected}, []string{"-min", "1"}, 1, "FAIL r: rpc error"},
		{"unknown key", []string{`{"id": "a", "expect": {"statsu": "OK"}}`}, nil, 2, `unknown key "statsu"`},
		{"unknown key of an item", []string{`{"id": "a", "expect": {"items": [{"cod": "x"}]}}`}, nil, 2, `unknown key "cod"`},
		{"unknown kind", []string{`{"id": "a", "expect": {"kind": "x"}}`}, nil, 2, `unknown kind "x"`},
		{"nothing expected", []string{`{"id": "a"}`}, nil, 2, "nothing is expected"},
		{"no JSON", []string{passes, `{`}, nil, 2, "entry 2"},
		{"missing file", []string{passes}, []string{"-corpus", "absent.jsonl"}, 2, "absent.jsonl"},
		{"unreachable over REST", []string{passes}, []string{"-grpc", "", "-server", "http://127.0.0.1:1"}, 2, "connection refused"},
		{"unreachable over gRPC", []string{passes}, []string{"-grpc", "127.0.0.1:1"}, 2, "connection refused"},
		{"entry points differ", []string{passes}, []string{"-server", "http://127.0.0.1:1", "-min", "1"}, 1, "FAIL a: rest/translate:"},
		{"no number", []string{passes}, []string{"-min", "c.jsonl"}, 2, "invalid value"},
	}
	s := testserver.Start(t)
	for _, tc := range tests {
		var output bytes.Buffer
		args := append([]string{"-server", "http://" + s.HTTPAddr(), "-grpc", s.GRPCAddr(), "-corpus", writeCorpus(t, tc.lines...)}, tc.args...)
		if status := run(t.Context(), args, &output, &output); status != tc.status || !strings.Contains(output.String(), tc.output) {
			t.Errorf("%s: %d and %q, want %d and %q", tc.name, status, &output, tc.status, tc.output)
		}
	}
	if status := run(t.Context(), nil, io.Discard, io.Discard); status != 2 {
		t.Errorf("no corpus: %d, want 2", status)
	}
}
