package catalog_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

func searchKeys(c *catalog.Catalog, words string) (keys []string, exact int) {
	found, exact := c.Search(catalog.Query{Words: words})
	for _, e := range found {
		keys = append(keys, e.Key)
	}
	return keys, exact
}

// A code in any spelling is the first and only exact match.
func TestSearch_SpellingsOfACode(t *testing.T) {
	t.Parallel()
	c := load(t, os.DirFS(lawful))
	for code, spellings := range map[string][]string{
		"CBC.5003": {
			"CBC.5003", "cbc5003", "CBC-5003", "CBC_5003", "Cbc:5003", "5003", "５００３", "ＣＢＣ．５００３", "ＣＢＣ５００３", "CBC。5003",
			`"CBC.5003",`, "(CBC.5003)", "CBC 5003", " cbc.5003 ", "CBC.5003。",
		},
		"CBC.0250":     {"cbc.0250", "CBC0250", "cbc250", "CBC-250", "250", "0250"},
		"CBC.0000":     {"CBC.0000", "10000"},
		"APIGW.0308":   {"apig0308", "APIG.0308", "APIGW-0308", "apigw 0308"},
		"IAM.0012":     {"iam0012"},
		"CBC.99003144": {"99003144", "cbc99003144"},
	} {
		for _, text := range spellings {
			if keys, exact := searchKeys(c, text); exact != 1 || keys[0] != code {
				t.Errorf("%q finds %v, %d exactly, want %s", text, keys, exact, code)
			}
		}
	}
}

// A name finds the entries that have it before those whose texts mention it.
func TestSearch_Names(t *testing.T) {
	t.Parallel()
	c := load(t, os.DirFS(lawful))
	for _, k := range []struct {
		text string
		has  func(*catalog.Entry) bool
	}{
		{"BACKOFF", func(e *catalog.Entry) bool { return e.Retry == "BACKOFF" }},
		{"backoff_if_idempotent", func(e *catalog.Entry) bool { return e.Retry == "BACKOFF_IF_IDEMPOTENT" }},
		{"fix state", func(e *catalog.Entry) bool { return e.Retry == "FIX_STATE" }},
		{"FAILED_PRECONDITION", func(e *catalog.Entry) bool { return e.Status == "FAILED_PRECONDITION" }},
		{"failed precondition", func(e *catalog.Entry) bool { return e.Status == "FAILED_PRECONDITION" }},
		{"403", func(e *catalog.Entry) bool { return e.HTTPStatus == 403 }},
		{"unknown", func(e *catalog.Entry) bool { return e.Outcome == "UNKNOWN" }},
		{"balance_insufficient", func(e *catalog.Entry) bool { return e.Reason == "BALANCE_INSUFFICIENT" }},
		{"403 permission_denied", func(e *catalog.Entry) bool { return e.HTTPStatus == 403 && e.Status == "PERMISSION_DENIED" }},
	} {
		var want []string
		for _, e := range slices.Concat(c.Entries(), c.Gateway()) {
			if k.has(e) {
				want = append(want, e.Key)
			}
		}
		keys, exact := searchKeys(c, k.text)
		if diff := cmp.Diff(want, keys[:exact]); diff != "" || exact == 0 {
			t.Errorf("%q finds %d exactly (-want +got)\n%s", k.text, exact, diff)
		}
	}
}

// A text with typing errors finds what it means, and only if nothing has the text itself.
func TestSearch_Typos(t *testing.T) {
	t.Parallel()
	c := load(t, os.DirFS(lawful))
	for text, want := range map[string]string{
		"insuficient balance": "CBC.5003", "insufficient ballance": "CBC.5003", "balnce_insufficient": "CBC.5003", "CBC.50003": "CBC.5003", "cbc5030": "CBC.5003",
		"CBC.503": "CBC.5003", "requset_throttled": "CBC.0250", "99003414": "CBC.99003144", "insuficient 余额": "CBC.5003",
	} {
		if keys, exact := searchKeys(c, text); exact != 0 || !slices.Contains(keys, want) || len(keys) > 60 {
			t.Errorf("%q finds %d entries, %d exactly, want %s among them", text, len(keys), exact, want)
		}
	}
	for _, text := range []string{"zzzzzzzz", "余额不多", "CBC.99999999", "xyz", "nothing-like-this"} {
		if keys, _ := searchKeys(c, text); len(keys) > 0 {
			t.Errorf("%q finds %v", text, keys)
		}
	}
	found, _ := c.Search(catalog.Query{Words: "quota"})
	for _, e := range found { // "quote" is near, and does not count
		if text, _ := c.Text(e.Key, "en"); !strings.Contains(strings.ToLower(text+e.Reason), "quota") {
			t.Errorf("quota finds %s: %q", e.Key, text)
		}
	}
}

// Words of a text are found in any width and letter case.
func TestSearch_Width(t *testing.T) {
	t.Parallel()
	c := load(t, os.DirFS(lawful))
	want, _ := searchKeys(c, "余额不足。")
	if got, _ := searchKeys(c, "余额不足｡"); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Codes near one that does not exist are suggested, those with swapped digits first.
func TestNearest(t *testing.T) {
	t.Parallel()
	c := load(t, os.DirFS(lawful))
	for code, want := range map[string]string{
		"CBC.5030": "CBC.5003", "cbc-5003": "CBC.5003", "CBC.50003": "CBC.5003", "CBC.2050": "CBC.0250", "CBC.9903144": "CBC.99003144", "IAM.0021": "IAM.0012", "5030": "CBC.5003",
	} {
		if got := c.Nearest(code); len(got) == 0 || len(got) > 3 || got[0] != want {
			t.Errorf("%s: %v, want %s first", code, got, want)
		}
	}
	for _, code := range []string{"CBC.77777777", "", "nonsense", "CBC."} {
		if got := c.Nearest(code); len(got) > 0 {
			t.Errorf("%q: %v", code, got)
		}
	}
}
