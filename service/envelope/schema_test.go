package envelope

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/golden"
)

// TestSchema_EveryLineIsNeeded tests that each line of the tables changes a golden case.
func TestSchema_EveryLineIsNeeded(t *testing.T) {
	cases := goldens(t)
	want := map[string]string{}
	for name, r := range cases {
		want[name] = describe(Parse(r))
	}
	whole := defaultSchema
	t.Cleanup(func() { defaultSchema = whole })
	for line, without := range schemasWithout() {
		defaultSchema = without
		var needed []string
		for name, r := range cases {
			if describe(Parse(r)) != want[name] {
				needed = append(needed, name)
			}
		}
		if len(needed) == 0 {
			t.Errorf("no golden case in translate/testdata needs the line %s", line)
			continue
		}
		t.Logf("%s is needed by %s", line, slices.Min(needed))
	}
}

// without returns a copy of a table without one line.
func without[T any](table []T, i int) []T { return slices.Delete(slices.Clone(table), i, i+1) }

// schemasWithout returns all schemas that lack one line of a table, or one key of a shape.
func schemasWithout() map[string]schema {
	all := map[string]schema{}
	for i, s := range shapes {
		for j, key := range s.codes {
			table := slices.Clone(shapes)
			table[i].codes = without(s.codes, j)
			all[fmt.Sprintf("shapes: code %q", key)] = newSchema(table, factKeys, listKinds)
		}
		for j, key := range s.messages {
			table := slices.Clone(shapes)
			table[i].messages = without(s.messages, j)
			all[fmt.Sprintf("shapes: message %q", key)] = newSchema(table, factKeys, listKinds)
		}
		if s.failing {
			table := slices.Clone(shapes)
			table[i].failing = false
			all[fmt.Sprintf("shapes: failing %q", s.name)] = newSchema(table, factKeys, listKinds)
		}
	}
	for i, f := range factKeys {
		all[fmt.Sprintf("factKeys: %q", f.key)] = newSchema(shapes, without(factKeys, i), listKinds)
	}
	for i, l := range listKinds {
		all[fmt.Sprintf("listKinds: %q", l.key)] = newSchema(shapes, factKeys, without(listKinds, i))
	}
	return all
}

// goldens returns the responses of all golden cases.
func goldens(tb testing.TB) map[string]Response {
	tb.Helper()
	all, err := golden.Read("../translate/testdata")
	if err != nil {
		tb.Fatal(err)
	}
	responses := map[string]Response{}
	for _, c := range all {
		responses[c.Name] = Response{HTTPStatus: c.Status, Headers: c.Headers, Body: c.Body}
	}
	return responses
}

// describe formats an envelope and its items.
func describe(e Envelope) string {
	var b strings.Builder
	for item := range e.Items() {
		item.Shape = ""
		fmt.Fprintf(&b, "\nitem %q %s %s", item.ID, item.Kind, describe(item.Envelope))
	}
	return fmt.Sprintf("%d %d %q %q %v %v %v %v %q %q %q %q %q %v %v %v", e.HTTPStatus, e.Form, e.Shape, e.Service, e.Own, e.Data, e.Failed, len(e.Findings), e.Code, e.Message,
		e.RequestID, e.Authorization, e.DomainID, e.Violations, e.RetryAfter != nil, e.Window != nil) + b.String()
}

// TestSchema_KeysDoNotCollide tests that no two lines have the same key for the same purpose.
func TestSchema_KeysDoNotCollide(t *testing.T) {
	seen := map[string]bool{}
	claim := func(purpose, key string) {
		if name := purpose + " " + fold(key); key != "" && seen[name] {
			t.Errorf("two lines for the %s", name)
		} else {
			seen[name] = true
		}
	}
	for _, s := range shapes {
		for _, key := range s.codes {
			claim("code", key)
		}
		for _, key := range s.messages {
			claim("message", key)
		}
	}
	for _, f := range factKeys {
		claim("fact", f.key)
	}
	for _, l := range listKinds {
		claim("list", l.key)
	}
}

// TestSchema_Readme compares the README's table of shapes with the shapes.
func TestSchema_Readme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range shapes {
		if row := fmt.Sprintf("\n| %s | %s| %s|", s.name, listed(s.codes), listed(s.messages)); !strings.Contains(string(readme), row) {
			t.Errorf("the README has no row that begins with %q", row)
		}
	}
}

// listed formats keys as the README does, with a blank at the end.
func listed(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return "`" + strings.Join(keys, "`, `") + "` "
}
