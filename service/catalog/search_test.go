package catalog_test

import (
	"os"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	c := load(t, os.DirFS(lawful))
	for _, k := range []struct {
		name  string
		query catalog.Query
		want  []string
	}{
		{"Chinese text", catalog.Query{Words: "账户余额不足"}, nil},
		{"words of both languages", catalog.Query{Words: "余额 insufficient", Reason: "BALANCE_INSUFFICIENT"}, []string{"CBC.5003", "CBC.99005003"}},
		{"any letter case", catalog.Query{Words: "cbc.0250"}, []string{"CBC.0250"}},
		{"reason, also of other systems", catalog.Query{Words: "request_throttled"}, []string{"CBC.0250", "APIGW.0308", "IAM.0012"}},
		{"text of another system's code", catalog.Query{Words: "超出流控值"}, []string{"APIGW.0308"}},
		{"other name of the gateway", catalog.Query{Words: "APIG.0308"}, []string{"APIGW.0308"}},
		{"meanings of one code", catalog.Query{Words: "apigw.0201", Reason: "REQUEST_TOO_LARGE"}, []string{"APIGW.0201/413", "APIGW.0201/414", "APIGW.0201/494"}},
		{"names and words", catalog.Query{Words: "request control", Status: "RESOURCE_EXHAUSTED", Retry: "BACKOFF"}, []string{"CBC.0250"}},
		{"names that exclude each other", catalog.Query{Status: "OK", Retry: "BACKOFF"}, nil},
		{"no word goes on from code to reason", catalog.Query{Words: "cbc.0250request_throttled"}, nil},
		{"a name is no part of one", catalog.Query{Reason: "THROTTLED"}, nil},
	} {
		var got []string
		found, _ := c.Search(k.query)
		for _, e := range found {
			got = append(got, e.Key)
		}
		if diff := cmp.Diff(k.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", k.name, diff)
		}
	}
	found, exact := c.Search(catalog.Query{})
	if n, all := len(found), len(c.Entries())+len(c.Gateway()); n != all || exact != 0 {
		t.Errorf("an empty query finds %d entries of %d, %d exactly", n, all, exact)
	}
}
