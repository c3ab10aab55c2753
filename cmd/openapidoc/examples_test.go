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

var update = flag.Bool("update", false, "rewrite the answers of the examples as the server gives them")

// The document's examples are what the server answers: status, the headers that an example shows, and body.
func TestExamples(t *testing.T) {
	base := "http://" + testserver.Start(t).HTTPAddr()
	for _, c := range all(t) {
		t.Run(c.name, func(t *testing.T) { c.hold(t, base) })
	}
}

func all(t *testing.T) []conversation {
	t.Helper()
	all, err := conversations()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d examples, %v", len(all), err)
	}
	return all
}

// hold asks the server and compares its answer with the example.
func (c conversation) hold(t *testing.T, base string) {
	got := c.ask(t, base)
	if *update {
		c.rewrite(t, got)
		return
	}
	if got.line != c.answer.line {
		t.Errorf("%s, want %s\n%s", got.line, c.answer.line, got.body)
	}
	for name := range c.answer.header {
		if g, w := got.header.Values(name), c.answer.header.Values(name); !slices.Equal(g, w) {
			t.Errorf("%s: %q, want %q", name, g, w)
		}
	}
	if diff := cmp.Diff(content(t, c.answer.body), content(t, got.body)); diff != "" {
		t.Errorf("body (-want +got)\n%s", diff)
	}
}

func (c conversation) ask(t *testing.T, base string) message {
	t.Helper()
	method, target := c.request.asks()
	r, err := http.NewRequestWithContext(t.Context(), method, base+target, bytes.NewReader(c.request.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = c.request.header
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

// content is a body to compare. The version of the catalogue only has to be there: it differs with every row of the
// table, and no example need be rewritten for a row that it does not show.
func content(t *testing.T, body []byte) any {
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

// rewrite makes the server's answer the example's, with those headers that the example shows.
func (c conversation) rewrite(t *testing.T, got message) {
	t.Helper()
	file := filepath.Join("examples", c.name+".txtar")
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	text.WriteString(got.line + "\n")
	for _, name := range shown(archive.Files[1].Data) {
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

// shown are the names of an answer's headers, in the order of the file.
func shown(answer []byte) []string {
	head, _, _ := strings.Cut(string(answer), "\n\n")
	var names []string
	for _, line := range strings.Split(head, "\n")[1:] {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	return names
}
