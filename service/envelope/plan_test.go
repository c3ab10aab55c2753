package envelope

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/golden"
)

// TestEveryLineIsNeeded: without any one line of the lists some golden conversation goes another way. A line that no
// conversation needs has none, and belongs out, or wants one.
func TestEveryLineIsNeeded(t *testing.T) {
	talks := conversations(t)
	want := map[string]string{}
	for name, r := range talks {
		want[name] = describe(known.open(r))
	}
	for line, without := range plansWithout() {
		var needed []string
		for name, r := range talks {
			if describe(without.open(r)) != want[name] {
				needed = append(needed, name)
			}
		}
		if len(needed) == 0 {
			t.Errorf("no conversation in translate/testdata needs the line %s", line)
			continue
		}
		t.Logf("%s is needed by %s", line, slices.Min(needed))
	}
}

// plansWithout are all plans that lack one line of the known one.
func plansWithout() map[string]*plan {
	all := map[string]*plan{}
	for i, s := range known.shapes {
		p := *known
		p.shapes = slices.Delete(slices.Clone(p.shapes), i, i+1)
		all[fmt.Sprintf("shapes.go: shape %q", s.name)] = newPlan(p)
	}
	for i, f := range known.facts {
		p := *known
		p.facts = slices.Delete(slices.Clone(p.facts), i, i+1)
		all[fmt.Sprintf("shapes.go: fact key %q", f.key)] = newPlan(p)
	}
	for i, l := range known.items {
		p := *known
		p.items = slices.Delete(slices.Clone(p.items), i, i+1)
		all[fmt.Sprintf("items.go: %q", l.key)] = newPlan(p)
	}
	for i, l := range known.complaints {
		p := *known
		p.complaints = slices.Delete(slices.Clone(p.complaints), i, i+1)
		all[fmt.Sprintf("complaints.go: %q", l.key)] = newPlan(p)
	}
	return all
}

// conversations are the responses of all golden conversations.
func conversations(tb testing.TB) map[string]Response {
	tb.Helper()
	all, err := golden.Read("../translate/testdata")
	if err != nil {
		tb.Fatal(err)
	}
	talks := map[string]Response{}
	for _, c := range all {
		talks[c.Name] = Response{HTTPStatus: c.Status, Headers: c.Headers, Body: c.Body}
	}
	return talks
}

// describe writes down all that an envelope says.
func describe(e Envelope) string {
	var b strings.Builder
	for item := range e.Items() {
		item.Shape = ""
		fmt.Fprintf(&b, "\nitem %q %s %s", item.ID, item.Kind, describe(item.Envelope))
	}
	return fmt.Sprintf("%d %d %q %q %v %q %q %q %q %q %v %v %v", e.HTTPStatus, e.Form, e.Shape, e.Service, e.Generic, e.Code, e.Message,
		e.RequestID, e.Authorization, e.DomainID, e.Complaints, e.RetryAfter != nil, e.Window != nil) + b.String()
}

// TestKeysDoNotCollide: two lines for the same key and the same purpose would silently be one.
func TestKeysDoNotCollide(t *testing.T) {
	seen := map[string]bool{}
	claim := func(purpose, key string) {
		if name := purpose + " " + fold(key); key != "" && seen[name] {
			t.Errorf("two lines for the %s", name)
		} else {
			seen[name] = true
		}
	}
	for _, s := range known.shapes {
		claim("code", s.code)
		claim("message", s.message)
	}
	for _, f := range known.facts {
		claim("fact", f.key)
	}
	for _, l := range known.items {
		claim("list", l.key)
	}
	for _, l := range known.complaints {
		claim("list", l.key)
	}
}

// TestReadmeTellsThePrecedence: the rows of the README's table are lines of the list, in its order.
func TestReadmeTellsThePrecedence(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "| | code | message | who answers so |\n|---|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := strings.Split(table, "\n")
	for _, s := range known.shapes {
		if len(rows) > 0 && slices.Equal(cells(rows[0]), []string{s.name, s.code, s.message}) {
			rows = rows[1:]
		}
	}
	if len(rows) > 0 {
		t.Errorf("the README has a row that is no line of shapes.go, or in another order: %s", rows[0])
	}
}

// cells are the first three cells of a row; of the keys, what comes before a comma.
func cells(row string) []string {
	all := strings.SplitN(strings.Trim(row, "|"), "|", 4)
	for i := range all {
		all[i], _, _ = strings.Cut(strings.ReplaceAll(strings.TrimSpace(all[i]), "`", ""), ",")
	}
	return all[:min(3, len(all))]
}
