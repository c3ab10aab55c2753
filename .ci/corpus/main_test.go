package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const ok = `{"status": {"code": 0, "details": []}, "items": []}`

// fakeServer answers everything with a success, but for what its function says.
func fakeServer(t *testing.T, other func(r *http.Request, body string) string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text := ok
		if other != nil {
			if said := other(r, string(body)); said != "" {
				text = said
			}
		}
		if strings.HasSuffix(r.URL.Path, ":batchTranslate") {
			text = `{"results": [` + strings.TrimSuffix(strings.Repeat(`{"translation": `+text+`},`, repetitions), ",") + `]}`
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// writeCorpus returns a corpus of these lines with tables beside it.
func writeCorpus(t *testing.T, lines ...string) string {
	t.Helper()
	dir := t.TempDir()
	writeTables(t, filepath.Join(dir, "catalog"))
	path := filepath.Join(dir, "corpus", "c.jsonl")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	passing = `{"id": "a", "http_status": 200, "body": "{\"y\":1,\"x\":2,\"z\":\"w\"}", "expect": {"status": "OK"}}`
	failing = `{"id": "b", "http_status": 200, "body": "{}", "expect": {"status_not": "OK"}}`
	pasted  = `{"id": "p", "door": "command-line", "text": "x", "expect": {"status": "not 0"}}`
)

func TestRun(t *testing.T) {
	server := fakeServer(t, nil)
	tests := []struct {
		name   string
		lines  []string
		args   []string
		status int
		output string
	}{
		{"all pass", []string{passing}, []string{"-min", "1"}, 0, "c.jsonl: 1/1"},
		{"answers are printed", []string{passing}, []string{"-v"}, 0, "ok   a: OK"},
		{"some fail", []string{passing, failing}, []string{"-min", "1"}, 0, `FAIL b: status_not: want anything but "OK"`},
		{"too many fail", []string{passing, failing}, []string{"-min", "2"}, 1, "c.jsonl: 1/2"},
		{"floor of the file", []string{passing, failing}, []string{"-min", "2", "-min", "c.jsonl=1"}, 0, "c.jsonl: 1/2"},
		{"floor of another file", []string{passing, failing}, []string{"-min", "d.jsonl=2"}, 0, "c.jsonl: 1/2"},
		{"one entry", []string{passing, failing}, []string{"-entry", "b"}, 1, "c.jsonl: 0/1"},
		{"no such entry", []string{passing}, []string{"-entry", "c"}, 1, "c.jsonl: 0/0"},
		{"command line", []string{passing, pasted}, nil, 0, "SKIP p: command line\nc.jsonl: 1/1"},
		{"unknown key", []string{`{"id": "a", "expect": {"statsu": "OK"}}`}, nil, 2, `unknown key "statsu"`},
		{"unknown key of an item", []string{`{"id": "a", "expect": {"items": [{"cod": "x"}]}}`}, nil, 2, `unknown key "cod"`},
		{"unknown kind", []string{`{"id": "a", "expect": {"kind": "x"}}`}, nil, 2, `unknown kind "x"`},
		{"nothing expected", []string{`{"id": "a"}`}, nil, 2, "nothing is expected"},
		{"no JSON", []string{passing, `{`}, nil, 2, "entry 2"},
		{"missing file", []string{passing}, []string{"-corpus", "absent.jsonl"}, 2, "absent.jsonl"},
		{"unreachable", []string{passing}, []string{"-server", "http://127.0.0.1:1"}, 2, "cannot reach"},
		{"no number", []string{passing}, []string{"-min", "c.jsonl"}, 2, "invalid value"},
	}
	for _, test := range tests {
		var output bytes.Buffer
		args := append([]string{"-server", server, "-corpus", writeCorpus(t, test.lines...)}, test.args...)
		if status := run(args, &output, &output); status != test.status || !strings.Contains(output.String(), test.output) {
			t.Errorf("%s: want %d and %q, got %d and %q", test.name, test.status, test.output, status, output.String())
		}
	}
}

func TestRun_NoCorpus(t *testing.T) {
	if status := run(nil, io.Discard, io.Discard); status != 2 {
		t.Errorf("want 2, got %d", status)
	}
}
