package catalog_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

// TestDiffPage_OwnRows builds upstream's page back from the tables: our rows, with what was published in the place of
// what was corrected, differ in nothing.
func TestDiffPage_OwnRows(t *testing.T) {
	published := map[string]string{}
	for _, r := range rows(t, "errata.tsv") {
		published[r["code"]+r["locale"]] = r["published"]
	}
	var page strings.Builder
	for _, r := range rows(t, "codes.tsv") {
		if r["source"] != "page" {
			continue
		}
		for _, tag := range []string{"en", "zh-CN"} {
			if text, ok := published[r["code"]+tag]; ok {
				r[tag] = text
			}
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s | \n", r["http"], r["code"], r["en"], r["zh-CN"])
	}
	changes, err := load(t, copied(t, ".")).DiffPage(strings.NewReader(page.String()))
	if err != nil || len(changes) != 0 {
		t.Errorf("changes %q, error %v, want none", changes, err)
	}
}

func smallPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(small + "/page.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// pageChanges change a line of testdata/small/page.md, which differs from the small catalogue in its errata only.
var pageChanges = []struct {
	name     string
	old, new string
	want     []catalog.Change
}{
	{"nothing", "", "", nil},
	{"blanks and pipes at the ends", "| 200 | CBC.0000 | Success. | 成功。 | ", "200|CBC.0000|Success.|成功。", nil},
	{"new code", "| 400 | CBC.99003002", "| 500 | CBC.99009999 | New. | 新。 |\n| 400 | CBC.99003002",
		[]catalog.Change{{Kind: "new", Key: "CBC.99009999", Text: `500 "New." "新。"`}}},
	{"code that the catalogue has from elsewhere", "| 400 | CBC.99003002", "| 500 | CBC.4444 | Known. | 已知。 |\n| 400 | CBC.99003002",
		[]catalog.Change{{Kind: "new", Key: "CBC.4444", Text: `500 "Known." "已知。"`}}},
	{"gone code", "| 429 | CBC.0250 | Too many requests. | 请求过多。 | \n", "",
		[]catalog.Change{{Kind: "gone", Key: "CBC.0250", Text: "THROTTLED"}}},
	{"English text", "Too many requests.", "Too fast.",
		[]catalog.Change{{Kind: "text", Key: "CBC.0250", Text: `en: "Too many requests." -> "Too fast."`}}},
	{"Chinese text", "请求过多。", "太快。",
		[]catalog.Change{{Kind: "text", Key: "CBC.0250", Text: `zh-CN: "请求过多。" -> "太快。"`}}},
	{"text that is gone", "Too many requests.", "",
		[]catalog.Change{{Kind: "text", Key: "CBC.0250", Text: `en: "Too many requests." -> ""`}}},
	{"texts in each other's place", "Too many requests. | 请求过多。", "请求过多。 | Too many requests.",
		[]catalog.Change{{Kind: "text", Key: "CBC.0250", Text: `en: "Too many requests." -> "请求过多。"`},
			{Kind: "text", Key: "CBC.0250", Text: `zh-CN: "请求过多。" -> "Too many requests."`}}},
	{"HTTP status", "| 429 |", "| 503 |",
		[]catalog.Change{{Kind: "http", Key: "CBC.0250", Text: `http: "429" -> "503"`}}},
	{"corrected by upstream", "it is locked.", "It is locked.",
		[]catalog.Change{{Kind: "fixed", Key: "CBC.3002", Text: "en: the page now has our text; drop the line of errata.tsv"}}},
	{"corrected in Chinese", "资源已锁定 |", "资源已锁定。 |",
		[]catalog.Change{{Kind: "fixed", Key: "CBC.99003002", Text: "zh-CN: the page now has our text; drop the line of errata.tsv"}}},
	{"corrected cell with a third text", "it is locked.", "It's locked.",
		[]catalog.Change{{Kind: "text", Key: "CBC.3002", Text: `en: "it is locked." -> "It's locked."`}}},
	{"the other cell of a corrected row", "资源被锁定。", "锁定。",
		[]catalog.Change{{Kind: "text", Key: "CBC.3002", Text: `zh-CN: "资源被锁定。" -> "锁定。"`}}},
}

func TestDiffPage(t *testing.T) {
	c, page := load(t, withCodeFromElsewhere(t)), smallPage(t)
	for _, tc := range pageChanges {
		t.Run(tc.name, func(t *testing.T) {
			changes, err := c.DiffPage(strings.NewReader(changed(t, page, tc.old, tc.new)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// changed replaces the one place where a page says old.
func changed(t *testing.T, page, old, new string) string {
	t.Helper()
	if old != "" && strings.Count(page, old) != 1 {
		t.Fatalf("the page says %q %d times, want once", old, strings.Count(page, old))
	}
	return strings.Replace(page, old, new, 1)
}

func TestDiffPage_BadPage(t *testing.T) {
	c, page := load(t, os.DirFS(small)), smallPage(t)
	for _, tc := range []struct{ name, old, new, place, says string }{
		{"cell too few", "| CBC.0250 | Too many requests.", "| CBC.0250", "line 8:", "3 cells"},
		{"cell too many", "Too many requests.", "Too many | requests.", "line 8:", "5 cells"},
		{"status in words", "| 429 |", "| Too Many |", "line 8:", `"Too Many" is not an HTTP status`},
		{"no status", "| 429 |", "| |", "line 8:", `"" is not an HTTP status`},
		{"code in the status's place", "| 429 | CBC.0250 |", "| CBC.0250 | 429 |", "line 8:", `"CBC.0250" is not an HTTP status`},
		{"status that is none", "| 429 |", "| 999 |", "line 8:", `"999" is not an HTTP status`},
		{"code of another system", "| CBC.0250 |", "| APIGW.0301 |", "line 8:", `"APIGW.0301" is not a code`},
		{"code that has lost its prefix", "| CBC.0250 |", "| 0250 |", "line 8:", `"0250" is not a code`},
		{"code twice", "| CBC.3002 |", "| CBC.0250 |", "line 9:", "CBC.0250 stands on line 8 already"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := c.DiffPage(strings.NewReader(changed(t, page, tc.old, tc.new)))
			wantError(t, err, tc.place, tc.says)
		})
	}
}

// TestDiffPage_NoPage: a wrong file must not read as "every code is gone".
func TestDiffPage_NoPage(t *testing.T) {
	c := load(t, os.DirFS(small))
	for name, content := range map[string]string{
		"empty":             "",
		"HTML":              "<html><body>Not found | CBC</body></html>",
		"prose about codes": "CBC.0250 is throttling.\n",
		"only the heading":  "| 状态码 | 错误码 | 错误码信息 | 错误码描述 |\n|---|---|---|---|\n",
	} {
		changes, err := c.DiffPage(strings.NewReader(content))
		if err == nil || !strings.Contains(err.Error(), "not a page in upstream's format") {
			t.Errorf("%s: changes %q, error %v", name, changes, err)
		}
	}
}

func TestDiffPage_UnreadablePage(t *testing.T) {
	c, broken := load(t, os.DirFS(small)), errors.New("broken")
	if _, err := c.DiffPage(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("error %v, want the reader's", err)
	}
	if _, err := c.DiffPage(strings.NewReader(smallPage(t) + strings.Repeat("x", 1<<20))); err == nil {
		t.Error("no error for a line of a megabyte")
	}
}
