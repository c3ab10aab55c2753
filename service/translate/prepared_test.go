package translate_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

var corpus = flag.String("corpus", "", "`file` of further responses, a line of JSON each")

// agree compares the translation of the fast path with that of the general path, byte for byte. It reports whether the fast
// path applies.
func agree(t *testing.T, translator *translate.Translator, r translate.Response, locale string) (isPlain bool) {
	t.Helper()
	got, want := wire(t, translator.Translate(r, locale).Translation), wire(t, translator.TranslateGeneral(r, locale).Translation)
	if !bytes.Equal(got, want) {
		t.Errorf("HTTP %d %s\n got %q\nwant %q", r.HTTPStatus, r.Body, got, want)
	}
	return translator.UsesFastPath(r, locale)
}

// variants returns responses at the borders of the fast path.
func variants(http int, code string) (all []translate.Response) {
	for i, body := range []string{
		`{"error_code":%q,"error_msg":"no"}`, `{"error_msg":"", "error_code":%q}`, "{ \"error_code\" : %q,\n\"error_msg\" : \"余额不足\" }",
		`{"error_code":%q,"error_msg":"id: must not be null, limit:5,time:5 second"}`, `{"error_code":%q,"error_msg":"` + strings.Repeat("长", 341) + `!"}`,
		`{"error_code":%q,"error_msg":"` + strings.Repeat("x", 1025) + `"}`, `{"error_code":%q,"error_msg":"CBC.6006 does not belong to the website"}`,
		`{"error_code":%q,"error_msg":"no (VERIFY_FIRST)"}`, `{"error_code":%q,"error_msg":"a\"b","request_id":"r1"}`, `{"error_code":%q,"error_msg":"user invalid. correct permission code is a:b:c"}`,
	} {
		r := translate.Response{Response: envelope.Response{HTTPStatus: http, Body: fmt.Appendf(nil, body, code)}}
		all = append(all, r)
		r.Headers = map[string]string{"X-Request-ID": " q1 ", "retry-after": "7", "Content-Type": "application/json; charset=gbk"}
		r.Service, r.Site = "bss", []string{"cn", "intl", "eu"}[i%3]
		all = append(all, r)
		r.Headers = map[string]string{"X-Request-Id": strings.Repeat("q", 256+i%2), "x-request-id": "other"}
		r.HTTPStatus, r.Service = []int{99, 100, 127, 128, 999, 1000, 429, 0, -7, 503}[i], strings.Repeat("s", 64+i%2)
		all = append(all, r)
	}
	return all
}

// TestFastPath_EveryCode: for every code in every language, the fast path translates as the general path does.
func TestFastPath_EveryCode(t *testing.T) {
	translator := newTranslator(t)
	for _, row := range readRows(t) {
		http, _ := strconv.Atoi(httpOf(row))
		for _, r := range variants(http, row["code"]) {
			for _, locale := range []string{"en", "zh-CN", "zh-cn", "xx"} {
				agree(t, translator, r, locale)
			}
		}
	}
}

// TestFastPath_PlainPair: the fast path applies to every code but those whose translation depends on more.
func TestFastPath_PlainPair(t *testing.T) {
	translator := newTranslator(t)
	var general []string
	for _, row := range readRows(t) {
		if !agree(t, translator, plain(httpOf(row), row["code"], "upstream's words"), "zh-CN") {
			general = append(general, row["code"])
		}
	}
	want := []string{"CBC.0000", "CBC.0101", "CBC.0150", "CBC.0151", "CBC.0156", "CBC.99000050", "CBC.99006006"}
	if !slices.Equal(general, want) {
		t.Errorf("the fast path does not apply to %q, want only %q", general, want)
	}
}

// TestFastPath_Golden compares both paths on every golden case, and on the corpus if it is given.
func TestFastPath_Golden(t *testing.T) {
	translator := newTranslator(t)
	for _, r := range exchanges(t) {
		for _, locale := range []string{"en", "zh-CN"} {
			agree(t, translator, r, locale)
		}
	}
}

func exchanges(t testing.TB) (all []translate.Response) {
	t.Helper()
	for _, c := range goldens(t) {
		all = append(all, translate.Response{Response: envelope.Response{HTTPStatus: c.Status, Headers: c.Headers, Body: c.Body}})
	}
	if *corpus == "" {
		return all
	}
	content, err := os.ReadFile(*corpus)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
		var line struct {
			HTTPStatus int               `json:"http_status"`
			Headers    map[string]string `json:"headers"`
			Body       string            `json:"body"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		all = append(all, translate.Response{Response: envelope.Response{HTTPStatus: line.HTTPStatus, Headers: line.Headers, Body: []byte(line.Body)}})
	}
	return all
}

// FuzzFastPath: the fast path translates any response as the general path does.
func FuzzFastPath(f *testing.F) {
	for _, r := range exchanges(f) {
		f.Add(r.HTTPStatus, "Retry-After", "3", "bss", r.Body)
	}
	for _, r := range variants(403, "CBC.99003651") {
		f.Add(r.HTTPStatus, "X-Request-Id", "q1", r.Service, r.Body)
	}
	translator := newTranslator(f)
	f.Fuzz(func(t *testing.T, status int, name, value, service string, body []byte) {
		r := translate.Response{Response: envelope.Response{HTTPStatus: status, Headers: map[string]string{name: value}, Body: body}}
		r.Service, r.Site = strings.ToValidUTF8(service, "?"), "cn"
		agree(t, translator, r, "zh-CN")
	})
}
