package catalog_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

// small is a catalogue of five codes, for what must not change with the real table.
const small = "testdata/small"

// copied is a folder's tables as a map, so that a test can spoil them. It leaves the further languages out: tests
// must not change their minds when one is added.
func copied(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	folder, tables := fstest.MapFS{}, os.DirFS(dir)
	names, err := fs.Glob(tables, "*.tsv")
	if err != nil || len(names) < 4 {
		t.Fatalf("%s: %q, want 4 tables and more: %v", dir, names, err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(tables, name)
		if err != nil {
			t.Fatal(err)
		}
		folder[name] = &fstest.MapFile{Data: content}
	}
	return folder
}

// load reads a folder that must be good.
func load(t testing.TB, base fs.FS, more ...fs.FS) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(base, more...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// lines are a table's lines apart in cells, the columns' names first, read without the code under test.
func lines(t testing.TB, folder fs.FS, name string) [][]string {
	t.Helper()
	content, err := fs.ReadFile(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	var table [][]string
	for line := range strings.Lines(string(content)) {
		table = append(table, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return table
}

// put writes lines back to a table.
func put(folder fstest.MapFS, name string, table [][]string) {
	var b strings.Builder
	for _, cells := range table {
		fmt.Fprintln(&b, strings.Join(cells, "\t"))
	}
	folder[name] = &fstest.MapFile{Data: []byte(b.String())}
}

// An edit gives one cell another value. Without a column it replaces the whole line; a line just past the end is new.
type edit struct {
	file   string
	line   int // counted from 1, as the errors do
	column string
	value  string
}

func (e edit) apply(t testing.TB, folder fstest.MapFS) {
	t.Helper()
	table := lines(t, folder, e.file)
	if e.line == len(table)+1 {
		table = append(table, nil)
	}
	if e.column == "" {
		table[e.line-1] = strings.Split(e.value, "\t")
	} else {
		table[e.line-1][index(t, table[0], e.column)] = e.value
	}
	put(folder, e.file, table)
}

func index(t testing.TB, columns []string, name string) int {
	t.Helper()
	for i, column := range columns {
		if column == name {
			return i
		}
	}
	t.Fatalf("no column %q in %q", name, columns)
	return 0
}

var badTables = []struct {
	name string
	edit edit
	want string // in the error, after file and line
}{
	{"unknown reason", edit{"codes.tsv", 5, "reason", "NO_SUCH_REASON"}, "NO_SUCH_REASON"},
	{"HTTP status in words", edit{"codes.tsv", 3, "http", "OK"}, `http: "OK" is not a whole number`},
	{"code of the page without HTTP status", edit{"codes.tsv", 3, "http", ""}, "a code of the page has an HTTP status"},
	{"translation into another language", edit{"codes.tsv", 3, "translated", "en,de"}, `translated: "de" is none of ["en" "zh-CN"]`},
	{"no Chinese text", edit{"codes.tsv", 3, "zh-CN", ""}, "a code has an English and a Chinese text"},
	{"wait without a unit", edit{"codes.tsv", 4, "wait", "30"}, `wait: "30" is not a duration`},
	{"detail without a name", edit{"codes.tsv", 4, "detail", "field:"}, `detail: "field:" is not kind:name`},
	{"detail without a kind", edit{"codes.tsv", 4, "detail", "field:a email"}, `detail: "email" is not kind:name`},
	{"duplicate code", edit{"codes.tsv", 3, "code", "CBC.0000"}, "CBC.0000 stands in the table twice"},
	{"code with five digits", edit{"codes.tsv", 3, "code", "CBC.10000"}, "CBC.10000"},
	{"code with a leading zero", edit{"codes.tsv", 3, "code", "CBC.00000100"}, "CBC.00000100"},
	{"code without a prefix", edit{"codes.tsv", 3, "code", "0100"}, "0100"},
	{"code in lower case", edit{"codes.tsv", 3, "code", "cbc.0100"}, "cbc.0100"},
	{"blank after a text", edit{"codes.tsv", 3, "en", "Parameter error. "}, "blanks around it"},
	{"text beyond the limit", edit{"codes.tsv", 3, "zh-CN", strings.Repeat("x", 1025)}, "1025 bytes, at most 1024"},
	{"cell too few", edit{"codes.tsv", 6, "", "CBC.0151\t403"}, "2 cells, want 12"},
	{"cell too many", edit{"codes.tsv", 6, "zh-CN", "访问\t拒绝。"}, "13 cells, want 12"},
	{"empty line", edit{"codes.tsv", 6, "", ""}, "1 cells, want 12"},
	{"other columns", edit{"codes.tsv", 1, "", "code\tstatus"}, "columns"},
	{"columns in another order", edit{"overlays.tsv", 1, "", "shape\tcode\tmessage\tas"}, "columns"},
	{"gateway code without a service", edit{"gateway.tsv", 3, "service", ""}, "APIGW.0107 has no service"},
	{"code of the CBC in the gateway's table", edit{"gateway.tsv", 3, "code", "CBC.0103"}, `"CBC.0103" is not another system's name`},
	{"gateway code with three digits", edit{"gateway.tsv", 3, "code", "APIGW.103"}, `"APIGW.103" is not another system's name`},
	{"gateway code in lower case", edit{"gateway.tsv", 3, "code", "apigw.0103"}, "another system's name"},
	{"duplicate gateway code", edit{"gateway.tsv", 3, "code", "APIGW.0101"}, "APIGW.0101 stands in the table twice"},
	{"duplicate gateway code and HTTP status", edit{"gateway.tsv", 6, "http", "413"}, "APIGW.0201/413 stands in the table twice"},
	{"HTTP status of a gateway code in words", edit{"gateway.tsv", 6, "http", "any"}, `http: "any" is not a whole number`},
	{"unknown reason of a gateway code", edit{"gateway.tsv", 3, "reason", "NO_SUCH_REASON"}, "NO_SUCH_REASON"},
	{"number of a reason in words", edit{"reasons.tsv", 3, "number", "two"}, `number: "two" is not a whole number`},
	{"two texts of a reason", edit{"reasons.tsv", 3, "reason", "UNRECOGNIZED_CODE"}, "UNRECOGNIZED_CODE"},
	{"no advice in English", edit{"reasons.tsv", 3, "advice.en", ""}, "en text of advice.FOREIGN_CODE: empty"},
	{"no advice in Chinese", edit{"reasons.tsv", 3, "advice.zh-CN", ""}, "zh-CN text of advice.FOREIGN_CODE: empty"},
	{"no general advice", edit{"retries.tsv", 4, "zh-CN", ""}, "zh-CN text of retry.BACKOFF: empty"},
	{"two general sentences", edit{"retries.tsv", 4, "retry", "FIX_STATE"}, "there is one already"},
	{"overlay to an unknown code", edit{"overlays.tsv", 2, "as", "CBC.9999"}, "CBC.9999"},
	{"overlay of everything", edit{"overlays.tsv", 2, "", "\t\t\tCBC.0250"}, "always mean"},
	{"overlay that hides its code", edit{"overlays.tsv", 2, "message", ""}, "always mean"},
	{"overlay to nothing", edit{"overlays.tsv", 2, "as", ""}, "NESTED"},
	{"erratum that is not ours", edit{"errata.tsv", 2, "ours", "Something else."}, "not what this line says is ours"},
	{"erratum of another cell", edit{"errata.tsv", 2, "code", "CBC.0000"}, "CBC.0000"},
}

// TestLoad_BadTable changes one cell of a table at a time: the error must name the file and the line.
func TestLoad_BadTable(t *testing.T) {
	for _, tc := range badTables {
		t.Run(tc.name, func(t *testing.T) {
			folder := copied(t, lawful)
			load(t, folder)
			tc.edit.apply(t, folder)
			_, err := catalog.Load(folder)
			wantError(t, err, fmt.Sprintf("%s:%d:", tc.edit.file, tc.edit.line), tc.want)
		})
	}
}

// wantError demands an error that begins with a place and goes on to say something.
func wantError(t testing.TB, err error, place, says string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), place) || !strings.Contains(err.Error()[len(place):], says) {
		t.Errorf("error %v, want %s … %s", err, place, says)
	}
}

func TestLoad_MissingTable(t *testing.T) {
	for _, name := range []string{"codes.tsv", "gateway.tsv", "reasons.tsv", "retries.tsv", "overlays.tsv", "errata.tsv"} {
		folder := copied(t, lawful)
		delete(folder, name)
		if _, err := catalog.Load(folder); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: error %v, want one that names it", name, err)
		}
	}
}

// entries are the small catalogue's, written out: each property comes from its own column.
var entries = []*catalog.Entry{
	{Code: "CBC.0000", Key: "CBC.0000", Source: catalog.Page, Number: 10000, HTTPStatus: 200, Status: "OK", Reason: "SUCCESS", Outcome: "APPLIED"},
	{Code: "CBC.0250", Key: "CBC.0250", Source: catalog.Page, Number: 250, HTTPStatus: 429, Status: "RESOURCE_EXHAUSTED", Reason: "THROTTLED",
		Retry: "BACKOFF", Outcome: "NOT_APPLIED", Wait: time.Second, Details: []catalog.Detail{{"quota", []string{"requests"}}}},
	{Code: "CBC.3002", Key: "CBC.3002", Source: catalog.Page, Number: 3002, HTTPStatus: 200, Status: "ABORTED", Reason: "LOCKED", Retry: "BACKOFF",
		Outcome: "NOT_APPLIED", Wait: 30 * time.Second, Related: []string{"CBC.99003002", "APIGW.0201", "IAM.0012"},
		Details: []catalog.Detail{{"precondition", []string{"RESOURCE_STATE"}}}},
	{Code: "CBC.30000001", Key: "CBC.30000001", Source: catalog.Page, Number: 30000001, HTTPStatus: 400, Status: "INVALID_ARGUMENT", Reason: "PHONE_WRONG",
		Retry: "CHANGE_REQUEST", Outcome: "NOT_APPLIED",
		Details: []catalog.Detail{{"field", []string{"phone", "email"}}, {"precondition", []string{"VERIFICATION"}}}},
	{Code: "CBC.99003002", Key: "CBC.99003002", Source: catalog.Page, Number: 99003002, HTTPStatus: 400, Status: "ABORTED", Reason: "LOCKED", Retry: "BACKOFF",
		Outcome: "NOT_APPLIED", Wait: 30 * time.Second, Related: []string{"CBC.3002", "APIGW.0201", "IAM.0012"},
		Details: []catalog.Detail{{"precondition", []string{"RESOURCE_STATE"}}}},
}

func TestEntries(t *testing.T) {
	c := load(t, os.DirFS(small))
	if diff := cmp.Diff(entries, c.Entries()); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	for _, want := range entries {
		if got, ok := c.Lookup(want.Code); !ok || got.Code != want.Code {
			t.Errorf("Lookup(%q) = %v, %v", want.Code, got, ok)
		}
	}
	if got, ok := c.Lookup("CBC.0251"); ok {
		t.Errorf("Lookup of an unknown code = %v", got)
	}
}

// Overlays of a further folder precede those of the table. An overlay of a code that the table lacks needs no condition.
func TestLoad_OverlaysOfFurtherFolder(t *testing.T) {
	more := fstest.MapFS{
		"overlays.tsv": {Data: []byte("code\tshape\tmessage\tas\nCBC.3002\t\ttoo fast\tCBC.3002\nCBC.9999\t\t\tCBC.0250\n")},
		"de.tsv":       {Data: []byte("key\ttext\nCBC.0250\tZu viel.\n")},
	}
	c, before := load(t, os.DirFS(small), more), load(t, os.DirFS(small))
	want := append([]catalog.Overlay{{Code: "CBC.3002", Message: "too fast", As: "CBC.3002"}, {Code: "CBC.9999", As: "CBC.0250"}}, before.Overlays()...)
	if diff := cmp.Diff(want, c.Overlays()); diff != "" {
		t.Errorf("overlays (-want +got):\n%s", diff)
	}
	if text, tag := c.Text("CBC.0250", "de"); text != "Zu viel." || tag != "de" {
		t.Errorf("%q in %s, want the language beside them", text, tag)
	}
	if c.Version() == before.Version() {
		t.Error("another catalogue has the same version")
	}
	more["overlays.tsv"].Data = []byte("code\tshape\tmessage\tas\nCBC.3002\t\t\tCBC.0250\n")
	if _, err := catalog.Load(os.DirFS(small), more); err == nil || !strings.HasPrefix(err.Error(), "overlays.tsv:2: ") {
		t.Errorf("%v, want file and line", err)
	}
}

func TestLoad_ReasonsAndOverlays(t *testing.T) {
	c := load(t, os.DirFS(small))
	reason := catalog.Reason{Number: 5, Name: "LOCKED", Comment: "Another operation holds it."}
	if diff := cmp.Diff(reason, c.Reasons()[3]); diff != "" || len(c.Reasons()) != 5 {
		t.Errorf("%d reasons, want 5; the fourth (-want +got):\n%s", len(c.Reasons()), diff)
	}
	overlays := []catalog.Overlay{
		{Code: "CBC.3002", Message: "too fast", As: "CBC.0250"},
		{Code: "CBC.99003002", Shape: "console", As: catalog.Nested},
	}
	if diff := cmp.Diff(overlays, c.Overlays()); diff != "" {
		t.Errorf("overlays (-want +got):\n%s", diff)
	}
}
