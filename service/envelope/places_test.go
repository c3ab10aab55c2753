package envelope

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/golden"
)

// TestPlaces_EveryLineIsNeeded holds that without any one line of the tables some golden conversation goes another way. A
// line that no conversation needs belongs out, or wants one.
func TestPlaces_EveryLineIsNeeded(t *testing.T) {
	talks := conversations(t)
	want := map[string]string{}
	for name, r := range talks {
		want[name] = describe(Open(r))
	}
	known := places
	t.Cleanup(func() { places = known })
	for line, without := range placesWithout() {
		places = without
		var needed []string
		for name, r := range talks {
			if describe(Open(r)) != want[name] {
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

// without returns a copy of a table without one line.
func without[T any](table []T, i int) []T { return slices.Delete(slices.Clone(table), i, i+1) }

// placesWithout are all places that lack one line of a table, or one key of a shape.
func placesWithout() map[string]map[string]*place {
	all := map[string]map[string]*place{}
	for i, s := range shapes {
		for j, key := range s.codes {
			table := slices.Clone(shapes)
			table[i].codes = without(s.codes, j)
			all[fmt.Sprintf("shapes.go: code %q", key)] = newPlaces(table, factKeys, signKeys, itemLists, complaintLists)
		}
		for j, key := range s.messages {
			table := slices.Clone(shapes)
			table[i].messages = without(s.messages, j)
			all[fmt.Sprintf("shapes.go: message %q", key)] = newPlaces(table, factKeys, signKeys, itemLists, complaintLists)
		}
	}
	for i, f := range factKeys {
		all[fmt.Sprintf("shapes.go: fact key %q", f.key)] = newPlaces(shapes, without(factKeys, i), signKeys, itemLists, complaintLists)
	}
	for i, s := range signKeys {
		all[fmt.Sprintf("shapes.go: %q", s.key)] = newPlaces(shapes, factKeys, without(signKeys, i), itemLists, complaintLists)
	}
	for i, l := range itemLists {
		all[fmt.Sprintf("items.go: %q", l.key)] = newPlaces(shapes, factKeys, signKeys, without(itemLists, i), complaintLists)
	}
	for i, l := range complaintLists {
		all[fmt.Sprintf("items.go: %q", l.key)] = newPlaces(shapes, factKeys, signKeys, itemLists, without(complaintLists, i))
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
	return fmt.Sprintf("%d %d %q %q %v %v %v %v %q %q %q %q %q %v %v %v", e.HTTPStatus, e.Form, e.Shape, e.Service, e.Own, e.Data, e.Failed, len(e.Findings), e.Code, e.Message,
		e.RequestID, e.Authorization, e.DomainID, e.Complaints, e.RetryAfter != nil, e.Window != nil) + b.String()
}

// TestPlaces_KeysDoNotCollide holds that no two lines have one key for one purpose: they would silently be one.
func TestPlaces_KeysDoNotCollide(t *testing.T) {
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
	for _, s := range signKeys {
		claim("sign", s.key)
	}
	for _, l := range itemLists {
		claim("list", l.key)
	}
	for _, l := range complaintLists {
		claim("list", l.key)
	}
}

// TestPlaces_Readme holds the README's table of shapes to the shapes, in their order.
func TestPlaces_Readme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range shapes {
		if row := fmt.Sprintf("\n| %s | %s| %s|", s.name, listed(s.codes), listed(s.messages)); !strings.Contains(string(readme), row) {
			t.Errorf("the README has no row that begins with %q", row)
		}
	}
}

// listed writes keys as the README does, with a blank at the end.
func listed(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return "`" + strings.Join(keys, "`, `") + "` "
}
