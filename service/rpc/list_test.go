package rpc_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// codesInTables returns the codes of the rows with a value in a column, in the order of the tables. If column is empty,
// it returns all codes. It reads the files, not the catalogue.
func codesInTables(t *testing.T, column, value string) []string {
	t.Helper()
	return append(codesInTable(t, "codes.tsv", column, value), codesInTable(t, "gateway.tsv", column, value)...)
}

func codesInTable(t *testing.T, table, column, value string) []string {
	t.Helper()
	text, err := os.ReadFile("../test/testserver/tables/" + table)
	if err != nil {
		t.Fatal(err)
	}
	header, rows, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), "\n")
	at := map[string]int{"": -1}
	for i, name := range strings.Split(header, "\t") {
		at[name] = i
	}
	var codes []string
	for row := range strings.SplitSeq(rows, "\n") {
		cells := strings.Split(row, "\t")
		if i := at[column]; i < 0 || cells[i] == value {
			codes = append(codes, cells[0])
		}
	}
	return codes
}

func codesOf(entries []*errorv1.CatalogEntry) []string {
	var codes []string
	for _, e := range entries {
		codes = append(codes, e.GetCode())
	}
	return codes
}

// collect requests all pages. It returns their entries and their sizes.
func collect(t *testing.T, c client, r *errorv1.ListErrorCodesRequest) (entries []*errorv1.CatalogEntry, sizes []int) {
	t.Helper()
	r = proto.CloneOf(r)
	for range 1000 {
		page, err := c.ListErrorCodes(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		entries, sizes = append(entries, page.GetEntries()...), append(sizes, len(page.GetEntries()))
		if r.PageToken = page.GetNextPageToken(); r.PageToken == "" {
			return entries, sizes
		}
	}
	t.Fatal("the pages do not end")
	return nil, nil
}

// The pages contain each code once, in the order of the tables, for any page size.
func TestListErrorCodes_Pages(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	all := codesInTables(t, "", "")
	if len(all) <= 50 { // one page
		t.Fatalf("%d codes in the table", len(all))
	}
	for _, c := range []struct {
		name            string
		requested, size int32 // requested and actual page size
	}{
		{"one code a page", 1, 1},
		{"7", 7, 7},
		{"default", 0, 50},
		{"50", 50, 50},
		{"all codes", int32(len(all)), int32(len(all))},
		{"1000", 1000, 1000},
		{"5000", 5000, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				entries, sizes := collect(t, via, &errorv1.ListErrorCodesRequest{PageSize: c.requested})
				if diff := cmp.Diff(all, codesOf(entries)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				for i, size := range sizes {
					if want := min(int(c.size), len(all)-i*int(c.size)); size != want {
						t.Errorf("page %d has %d codes, want %d", i, size, want)
					}
				}
			})
		})
	}
}

// A filter selects the rows with its value.
func TestListErrorCodes_Filters(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct {
		column, value string
		request       *errorv1.ListErrorCodesRequest
	}{
		{"status", "PERMISSION_DENIED", &errorv1.ListErrorCodesRequest{Status: code.Code_PERMISSION_DENIED.Enum()}},
		{"reason", "REQUEST_TOO_LARGE", &errorv1.ListErrorCodesRequest{Reason: errorv1.ErrorReason_ERROR_REASON_REQUEST_TOO_LARGE}},
		{"reason", "BALANCE_INSUFFICIENT", &errorv1.ListErrorCodesRequest{Reason: errorv1.ErrorReason_ERROR_REASON_BALANCE_INSUFFICIENT}},
		{"retry", "BACKOFF", &errorv1.ListErrorCodesRequest{Retry: errorv1.RetryAdvice_RETRY_ADVICE_BACKOFF}},
		{"status", "OK", &errorv1.ListErrorCodesRequest{Status: code.Code_OK.Enum()}},
		{"outcome", "APPLIED", &errorv1.ListErrorCodesRequest{Outcome: errorv1.Outcome_OUTCOME_APPLIED}},
	} {
		t.Run(c.column+" "+c.value, func(t *testing.T) {
			want := codesInTables(t, c.column, c.value)
			if len(want) == 0 || len(want) == len(codesInTables(t, "", "")) {
				t.Fatalf("%d codes would show nothing", len(want))
			}
			forEachTransport(t, both, func(t *testing.T, via client) { wantList(t, via, c.request, want) })
		})
	}
}

// wantList checks the codes of all pages and the total size.
func wantList(t *testing.T, c client, r *errorv1.ListErrorCodesRequest, want []string) {
	t.Helper()
	entries, _ := collect(t, c, r)
	if diff := cmp.Diff(want, codesOf(entries)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	first, err := c.ListErrorCodes(t.Context(), r)
	if err != nil || int(first.GetTotalSize()) != len(want) {
		t.Errorf("total size %d, %v, want %d", first.GetTotalSize(), err, len(want))
	}
}

// A query searches codes, reasons and the texts of all languages, in any letter case.
func TestListErrorCodes_Query(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct {
		name    string
		request *errorv1.ListErrorCodesRequest
		want    []string
	}{
		{"Chinese", &errorv1.ListErrorCodesRequest{Query: "余额"}, []string{"CBC.5003", "CBC.99000049", "CBC.99005003"}},
		{"English", &errorv1.ListErrorCodesRequest{Query: "balance"}, []string{"CBC.5003", "CBC.30060005", "CBC.99000049", "CBC.99005003"}},
		{"upper case", &errorv1.ListErrorCodesRequest{Query: "BALANCE"}, []string{"CBC.5003", "CBC.30060005", "CBC.99000049", "CBC.99005003"}},
		{"two words, both needed", &errorv1.ListErrorCodesRequest{Query: "balance resale"}, []string{"CBC.99000049"}},
		{"words in any order and language", &errorv1.ListErrorCodesRequest{Query: "  不足  balance "}, []string{"CBC.5003", "CBC.99005003"}},
		{"code", &errorv1.ListErrorCodesRequest{Query: "cbc.0250"}, []string{"CBC.0250"}},
		{"reason", &errorv1.ListErrorCodesRequest{Query: "request_throttled"}, []string{"CBC.0250", "APIGW.0308", "IAM.0012"}},
		{"with a name", &errorv1.ListErrorCodesRequest{Query: "balance", Retry: errorv1.RetryAdvice_RETRY_ADVICE_FIX_STATE}, []string{"CBC.5003", "CBC.30060005", "CBC.99005003"}},
		{"other name of the gateway", &errorv1.ListErrorCodesRequest{Query: "apig.0308"}, []string{"APIGW.0308"}},
		{"codes of two tables, on pages", &errorv1.ListErrorCodesRequest{Query: "too large", PageSize: 1},
			[]string{"CBC.99000099", "APIGW.0201", "APIGW.0201", "APIGW.0201"}},
		{"on pages", &errorv1.ListErrorCodesRequest{Query: "余额", PageSize: 1}, []string{"CBC.5003", "CBC.99000049", "CBC.99005003"}},
		{"nothing found", &errorv1.ListErrorCodesRequest{Query: "no such word"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) { wantList(t, via, c.request, c.want) })
		})
	}
}

// The texts are in the best available locale for the requested one, or in all locales if none is requested.
func TestListErrorCodes_Locale(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct {
		asked string
		want  []string
	}{
		{"", []string{"en", "zh-CN"}},
		{"zh-TW", []string{"zh-CN"}},
		{"tlh", []string{"en"}}, // no catalogue will have Klingon
	} {
		t.Run("in "+c.asked, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				entries, _ := collect(t, via, &errorv1.ListErrorCodesRequest{Query: "cbc", Reason: errorv1.ErrorReason_ERROR_REASON_REQUEST_THROTTLED, Locale: c.asked})
				want := throttledEntry()
				others := func(text *errdetails.LocalizedMessage) bool { return !slices.Contains(c.want, text.GetLocale()) }
				want.Texts, want.Advice = slices.DeleteFunc(want.GetTexts(), others), slices.DeleteFunc(want.GetAdvice(), others)
				if diff := cmp.Diff([]*errorv1.CatalogEntry{want}, keepUpstreamTexts(entries), protocmp.Transform()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

// The pages of a query begin with the entries that match it exactly, and contain each entry once, for any page size.
func TestListErrorCodes_ExactMatchesFirst(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, via client) {
		for query, exact := range map[string][]string{
			"cbc_5003": {"CBC.5003"}, "5003": {"CBC.5003"}, "403": codesInTables(t, "http", "403"), "BACKOFF": codesInTables(t, "retry", "BACKOFF"),
		} {
			whole, _ := collect(t, via, &errorv1.ListErrorCodesRequest{Query: query, PageSize: 1000})
			if got := codesOf(whole)[:min(len(exact), len(whole))]; !cmp.Equal(got, exact) {
				t.Errorf("%q: begins with %v, want %v", query, got, exact)
			}
			for _, size := range []int32{1, 2, 7} {
				pages, _ := collect(t, via, &errorv1.ListErrorCodesRequest{Query: query, PageSize: size})
				if diff := cmp.Diff(whole, pages, protocmp.Transform()); diff != "" {
					t.Errorf("%q in pages of %d (-want +got)\n%s", query, size, diff)
				}
			}
		}
	})
}
