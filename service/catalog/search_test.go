package catalog_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		name  string
		query catalog.Query
		want  []string
	}{
		{"Chinese text", catalog.Query{Words: "账户余额不足"}, nil},
		{"words of both languages", catalog.Query{Words: "余额 insufficient", Reason: "BALANCE_INSUFFICIENT"}, []string{"CBC.5003", "CBC.99005003"}},
		{"any letter case", catalog.Query{Words: "cbc.0250"}, []string{"CBC.0250"}},
		{"reason", catalog.Query{Words: "request_throttled"}, []string{"CBC.0250"}},
		{"names and words", catalog.Query{Words: "request control", Status: "RESOURCE_EXHAUSTED", Retry: "BACKOFF"}, []string{"CBC.0250"}},
		{"names that exclude each other", catalog.Query{Status: "OK", Retry: "BACKOFF"}, nil},
		{"no word goes on from code to reason", catalog.Query{Words: "cbc.0250request_throttled"}, nil},
		{"a name is no part of one", catalog.Query{Reason: "THROTTLED"}, nil},
	} {
		var got []string
		for _, e := range c.Search(k.query) {
			got = append(got, e.Code)
		}
		if diff := cmp.Diff(k.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", k.name, diff)
		}
	}
	if n := len(c.Search(catalog.Query{})); n != len(c.Entries()) {
		t.Errorf("an empty query finds %d codes of %d", n, len(c.Entries()))
	}
}
