package catalog_test

import "testing"

// TestVersion changes the content one cell at a time: each change must change the version, or caches would be stale.
func TestVersion(t *testing.T) {
	before := load(t, copied(t, small)).Version()
	if again := load(t, copied(t, small)).Version(); again != before {
		t.Errorf("the same folder has the versions %s and %s", before, again)
	}
	for _, e := range spoken {
		folder := copied(t, small)
		e.apply(t, folder)
		if after := load(t, folder).Version(); after == before {
			t.Errorf("%s:%d: %s %q leaves the version as it was", e.file, e.line, e.column, e.value)
		}
	}
	if load(t, copied(t, small), german).Version() == before {
		t.Error("a further language leaves the version as it was")
	}
}

var spoken = []edit{
	{"codes.tsv", 5, "code", "CBC.30000002"},
	{"codes.tsv", 5, "http", "500"},
	{"codes.tsv", 5, "status", "NOT_FOUND"},
	{"codes.tsv", 5, "reason", "THROTTLED"},
	{"codes.tsv", 5, "retry", "FIX_STATE"},
	{"codes.tsv", 5, "outcome", "APPLIED"},
	{"codes.tsv", 5, "wait", "2s"},
	{"codes.tsv", 5, "detail", "field:phone,mail precondition:VERIFICATION"},
	{"codes.tsv", 5, "en", "The telephone is wrong."},
	{"codes.tsv", 5, "zh-CN", "电话错误。"},
	{"codes.tsv", 5, "translated", "zh-CN"},
	{"codes.tsv", 5, "source", "live responses"},
	{"gateway.tsv", 4, "code", "IAM.0013"},
	{"gateway.tsv", 4, "http", "429"},
	{"gateway.tsv", 4, "service", "sts"},
	{"gateway.tsv", 4, "retry", "FIX_STATE"},
	{"gateway.tsv", 4, "zh-CN", "锁定"},
	{"gateway.tsv", 4, "source", "another page"},
	{"reasons.tsv", 2, "en", "Another unknown code."},
	{"reasons.tsv", 2, "comment", "No one knows the code."},
	{"reasons.tsv", 6, "number", "7"},
	{"overlays.tsv", 2, "message", "too slow"},
}
