package replay_test

import (
	"slices"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/test/replay"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"google.golang.org/protobuf/proto"
)

// example returns a case that every entry point accepts, with its translation.
func example(t *testing.T, points []replay.EntryPoint) golden.Case {
	t.Helper()
	c := golden.Case{Name: "example", Status: 200, Locale: "en", Response: []byte("HTTP/2 200\n\n"), Body: []byte(`{"error_details":[{"id":"r-1","error_code":"CBC.5003"}]}`)}
	c.Response = append(c.Response, c.Body...)
	want, err := points[0].Translate(t.Context(), c)
	if err != nil || len(want.GetItems()) != 1 {
		t.Fatal(want, err)
	}
	c.Want = want
	return c
}

func entryPoints(t *testing.T) []replay.EntryPoint {
	t.Helper()
	s := testserver.Start(t)
	points, err := replay.Target{GRPC: s.GRPCAddr(), REST: "http://" + s.HTTPAddr()}.EntryPoints()
	if err != nil || len(points) != 17 {
		t.Fatal(len(points), err)
	}
	return points
}

// TestEntryPoint_Check tests that every entry point detects a translation that differs from the expected one.
func TestEntryPoint_Check(t *testing.T) {
	changes := map[string]struct {
		change func(*errorv1.Translation)
		raise  bool // the response to Raise shows the change, too
	}{
		"none":          {func(*errorv1.Translation) {}, true},
		"other code":    {func(w *errorv1.Translation) { w.Status.Code = 2 }, true},
		"fewer details": {func(w *errorv1.Translation) { w.Status.Details = w.GetStatus().GetDetails()[1:] }, true},
		"other message": {func(w *errorv1.Translation) { w.Status.Message += "." }, true},
		"other locale":  {func(w *errorv1.Translation) { w.Locale = "zh-CN" }, false},
		"other item":    {func(w *errorv1.Translation) { w.Items[0].Id = "r-2" }, false},
		"fewer items":   {func(w *errorv1.Translation) { w.Items = nil }, false},
	}
	points := entryPoints(t)
	c := example(t, points)
	for name, tc := range changes {
		for _, p := range points {
			changed := c
			changed.Want = proto.CloneOf(c.Want)
			tc.change(changed.Want)
			if got, want := p.Check(t.Context(), changed) != nil, name != "none" && (tc.raise || !strings.HasSuffix(p.Name, "raise")); got != want {
				t.Errorf("%s, %s: difference found %t, want %t", name, p.Name, got, want)
			}
		}
	}
}

// TestEntryPoint_Accepts tests which forms of a body can hold a case unchanged.
func TestEntryPoint_Accepts(t *testing.T) {
	length := func(n string) map[string]string { return map[string]string{"content-length": n} }
	tests := []struct {
		name    string
		c       golden.Case
		rejects []string // last words of names
	}{
		{"document", golden.Case{Body: []byte(`{"b":[{"d":1}],"a":"x"}`)}, nil},
		{"exact length", golden.Case{Body: []byte(`{}`), Headers: length("2")}, []string{"ascending", "descending"}},
		{"other length", golden.Case{Body: []byte(`{}`), Headers: length("9")}, []string{"json", "ascending", "descending"}},
		{"no JSON", golden.Case{Body: []byte(`{`)}, []string{"json", "ascending", "descending"}},
		{"no UTF-8", golden.Case{Body: []byte("\xff")}, []string{"text", "json", "ascending", "descending"}},
	}
	points := entryPoints(t)
	for _, tc := range tests {
		for _, p := range points {
			words := strings.Fields(p.Name)
			if got, want := p.Accepts(tc.c), !slices.Contains(tc.rejects, words[len(words)-1]); got != want {
				t.Errorf("%s, %s: %t, want %t", tc.name, p.Name, got, want)
			}
		}
	}
}
