package catalog_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

// withCodeFromElsewhere is the small catalogue with CBC.4444, which is not on the page.
func withCodeFromElsewhere(t testing.TB) fs.FS {
	folder := copied(t, small)
	table := lines(t, folder, "codes.tsv")
	line := strings.Split("CBC.4444\t\tUNKNOWN\tLOCKED\tBACKOFF\tNOT_APPLIED\t\t\tKnown.\t已知。\ten,zh-CN\tlive responses", "\t")
	put(folder, "codes.tsv", slices.Insert(table, 4, line))
	return folder
}

func TestLookup_CodeNotOnPage(t *testing.T) {
	got, _ := load(t, withCodeFromElsewhere(t)).Lookup("CBC.4444")
	want := &catalog.Entry{Code: "CBC.4444", Key: "CBC.4444", Number: 4444, Status: "UNKNOWN", Reason: "LOCKED", Retry: "BACKOFF",
		Outcome: "NOT_APPLIED", Related: []string{"CBC.3002", "CBC.99003002", "APIGW.0201", "IAM.0012"}, Source: "live responses", Translated: []string{"en", "zh-CN"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
