package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the responses of the examples")

// The server returns the responses of the examples: status, the headers in the example, and body.
func TestExamples_Server(t *testing.T) {
	base := "http://" + testserver.Start(t).HTTPAddr()
	for _, e := range allExamples(t) {
		t.Run(e.name, func(t *testing.T) { e.check(t, base) })
	}
}

func allExamples(t *testing.T) []example {
	t.Helper()
	all, err := readExamples()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d examples, %v", len(all), err)
	}
	return all
}

// check sends the request and compares the response with the example.
func (e example) check(t *testing.T, base string) {
	got := e.send(t, base)
	if *update {
		e.rewrite(t, got)
		return
	}
	if got.line != e.response.line {
		t.Errorf("%s, want %s\n%s", got.line, e.response.line, got.body)
	}
	for name := range e.response.header {
		if g, w := got.header.Values(name), e.response.header.Values(name); !slices.Equal(g, w) {
			t.Errorf("%s: %q, want %q", name, g, w)
		}
	}
	if diff := cmp.Diff(comparableJSON(t, e.response.body), comparableJSON(t, got.body)); diff != "" {
		t.Errorf("body (-want +got)\n%s", diff)
	}
}

func (e example) send(t *testing.T, base string) message {
	t.Helper()
	method, target := e.request.methodAndTarget()
	r, err := http.NewRequestWithContext(t.Context(), method, base+target, bytes.NewReader(e.request.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = e.request.header
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return message{response.Status, response.Header, body}
}

// comparableJSON returns a body for comparison. The catalogue version is replaced, as it changes with every row of the table.
func comparableJSON(t *testing.T, body []byte) any {
	t.Helper()
	if len(body) == 0 {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Errorf("%v: %s", err, body)
	}
	if o, ok := value.(object); ok && o["catalogVersion"] != nil && o["catalogVersion"] != "" {
		o["catalogVersion"] = "any"
	}
	return value
}

// rewrite replaces the response of the example file, with the same headers as before.
func (e example) rewrite(t *testing.T, got message) {
	t.Helper()
	file := filepath.Join("examples", e.name+".txtar")
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	text.WriteString(got.line + "\n")
	for _, name := range headerNames(archive.Files[1].Data) {
		text.WriteString(name + ": " + got.header.Get(name) + "\n")
	}
	text.WriteString("\n")
	if err := json.Indent(&text, got.body, "", "  "); err != nil {
		t.Fatal(err)
	}
	archive.Files[1].Data = text.Bytes()
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// headerNames returns the names of the headers of a response, in the order of the file.
func headerNames(response []byte) []string {
	head, _, _ := strings.Cut(string(response), "\n\n")
	var names []string
	for _, line := range strings.Split(head, "\n")[1:] {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	return names
}
