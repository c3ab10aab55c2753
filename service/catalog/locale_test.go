package catalog_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

// localeFile is a folder with one language.
func localeFile(name string, texts ...string) fs.FS {
	content := strings.Join(append([]string{"key\ttext"}, texts...), "\n") + "\n"
	return fstest.MapFS{name: {Data: []byte(content)}}
}

// german and brazilian are further languages; German does without the reason's text, Brazilian without most.
var (
	german = localeFile("de.tsv", "CBC.0000\tErfolg.", "CBC.0250\tZu viele Anfragen.", "CBC.3002\tGesperrt.",
		"CBC.30000001\tFalsche Nummer.", "CBC.99003002\tGesperrt (v2).", "advice.LOCKED\tWarten Sie.", "retry.VERIFY_FIRST\tPrüfen Sie erst.")
	brazilian = localeFile("pt-BR.tsv", "CBC.0250\tPedidos demais.", "UNRECOGNIZED_CODE\tCódigo desconhecido.")
)

func polyglot(t testing.TB) *catalog.Catalog {
	return load(t, copied(t, small), german, brazilian)
}

func TestLocales(t *testing.T) {
	cases := []struct {
		name string
		c    *catalog.Catalog
		want []string
	}{
		{"two of the table", load(t, copied(t, small)), []string{"en", "zh-CN"}},
		{"the default first, then by alphabet", polyglot(t), []string{"en", "de", "pt-BR", "zh-CN"}},
		{"a catalogue's own folder locales", load(t, withLocale(t, "de.tsv", "CBC.0250\tHalt.")), []string{"en", "de", "zh-CN"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.c.Locales()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// withLocale is the small catalogue with a language in its own folder.
func withLocale(t testing.TB, name string, texts ...string) fs.FS {
	folder := copied(t, small)
	content, err := fs.ReadFile(localeFile(name, texts...), name)
	if err != nil {
		t.Fatal(err)
	}
	folder["locales/"+name] = &fstest.MapFile{Data: content}
	return folder
}

func TestText(t *testing.T) {
	c := polyglot(t)
	for _, tc := range []struct{ name, key, tag, text, found string }{
		{"English", "CBC.0250", "en", "Too many requests.", "en"},
		{"Chinese", "CBC.0250", "zh-CN", "请求过多。", "zh-CN"},
		{"further language", "CBC.0250", "de", "Zu viele Anfragen.", "de"},
		{"the catalogue's own tag for another spelling", "CBC.0250", "pt-br", "Pedidos demais.", "pt-BR"},
		{"reason in Chinese", "UNRECOGNIZED_CODE", "zh-CN", "未知错误码。", "zh-CN"},
		{"reason in a further language", "UNRECOGNIZED_CODE", "pt-BR", "Código desconhecido.", "pt-BR"},
		{"missing text is English and says so", "UNRECOGNIZED_CODE", "de", "An unknown code.", "en"},
		{"most texts missing", "CBC.3002", "pt-BR", "It is locked.", "en"},
		{"unknown language", "CBC.3002", "fr", "It is locked.", "en"},
		{"no language", "CBC.3002", "", "It is locked.", "en"},
		{"corrected text", "CBC.99003002", "zh-CN", "资源已锁定。", "zh-CN"},
		{"unknown code", "CBC.9999", "zh-CN", "", "en"},
		{"reason without a text of its own", "LOCKED", "zh-CN", "", "en"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if text, found := c.Text(tc.key, tc.tag); text != tc.text || found != tc.found {
				t.Errorf("Text(%q, %q) = %q, %q; want %q, %q", tc.key, tc.tag, text, found, tc.text, tc.found)
			}
		})
	}
}

func TestAdvice(t *testing.T) {
	c := polyglot(t)
	for _, tc := range []struct {
		name, key, tag, text, found string
		of                          func(key, tag string) (text, found string)
	}{
		{"reason in English", "LOCKED", "en", "Wait for the lock, then repeat.", "en", c.Advice},
		{"reason in Chinese", "LOCKED", "zh-CN", "请解锁后重试。", "zh-CN", c.Advice},
		{"reason in a further language", "LOCKED", "de", "Warten Sie.", "de", c.Advice},
		{"reason that the language lacks", "THROTTLED", "de", "Wait a second, then repeat.", "en", c.Advice},
		{"unknown reason", "UNHEARD_OF", "en", "", "en", c.Advice},
		{"retry advice in Chinese", "VERIFY_FIRST", "zh-CN", "请先查询。", "zh-CN", c.GeneralAdvice},
		{"retry advice in a further language", "VERIFY_FIRST", "de", "Prüfen Sie erst.", "de", c.GeneralAdvice},
		{"retry advice that the language lacks", "BACKOFF", "de", "Wait, then repeat.", "en", c.GeneralAdvice},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if text, found := tc.of(tc.key, tc.tag); text != tc.text || found != tc.found {
				t.Errorf("%q, %q; want %q, %q", text, found, tc.text, tc.found)
			}
		})
	}
}

var badLocales = []struct {
	name, file string
	texts      []string
	place      string
	says       string
}{
	{"unknown key", "de.tsv", []string{"CBC.0250\tHalt.", "CBC.9999\tWas?"}, "de.tsv:3:", "CBC.9999"},
	{"reason without an English text", "de.tsv", []string{"LOCKED\tGesperrt."}, "de.tsv:2:", "LOCKED"},
	{"advice on an unknown reason", "de.tsv", []string{"advice.UNHEARD_OF\tHalt."}, "de.tsv:2:", "advice.UNHEARD_OF"},
	{"duplicate text", "de.tsv", []string{"CBC.0250\tHalt.", "CBC.0250\tStopp."}, "de.tsv:3:", "there is one already"},
	{"text of the table's own", "zh-CN.tsv", []string{"CBC.0250\t太多。"}, "zh-CN.tsv:2:", "there is one already"},
	{"empty text", "de.tsv", []string{"CBC.0250\t"}, "de.tsv:2:", "empty"},
	{"blank before", "de.tsv", []string{"CBC.0250\t Halt."}, "de.tsv:2:", "blanks"},
	{"ideographic blank after", "de.tsv", []string{"CBC.0250\tHalt.\u3000"}, "de.tsv:2:", "blanks"},
	{"too long", "de.tsv", []string{"CBC.0250\t" + strings.Repeat("ä", 513)}, "de.tsv:2:", "1026 bytes, at most 1024"},
	{"cell too many", "de.tsv", []string{"CBC.0250\tHalt.", "CBC.3002\tGe\tsperrt."}, "de.tsv:3:", "3 cells, want 2"},
	{"cell too few", "de.tsv", []string{"CBC.0250"}, "de.tsv:2:", "1 cells, want 2"},
	{"no tag", "german!.tsv", []string{"CBC.0250\tHalt."}, "german!.tsv:", `"german!"`},
	{"unknown language", "xx.tsv", []string{"CBC.0250\tHalt."}, "xx.tsv:", `"xx"`},
	{"underscore", "pt_BR.tsv", []string{"CBC.0250\tHalt."}, "pt_BR.tsv:", "canonical"},
	{"letter case", "pt-br.tsv", []string{"CBC.0250\tHalt."}, "pt-br.tsv:", "canonical"},
}

// TestLoad_BadLocale: translators learn the file and the line, in a further folder as in the catalogue's own.
func TestLoad_BadLocale(t *testing.T) {
	for _, tc := range badLocales {
		t.Run(tc.name, func(t *testing.T) {
			_, err := catalog.Load(copied(t, small), localeFile(tc.file, tc.texts...))
			wantError(t, err, tc.place, tc.says)
			_, err = catalog.Load(withLocale(t, tc.file, tc.texts...))
			wantError(t, err, "locales/"+tc.place, tc.says)
		})
	}
}

func TestLoad_LocaleColumns(t *testing.T) {
	for _, header := range []string{"", "text\tkey", "key", "key text", "key\ttext\tnote", "\ufeffkey\ttext", "key\ttext\r"} {
		folder := fstest.MapFS{"de.tsv": {Data: []byte(header + "\nCBC.0250\tHalt.\n")}}
		_, err := catalog.Load(copied(t, small), folder)
		wantError(t, err, "de.tsv:1:", "columns")
	}
}

// TestLoad_LongestText: the limit itself still fits.
func TestLoad_LongestText(t *testing.T) {
	longest := strings.Repeat("ä", 512)
	c := load(t, copied(t, small), localeFile("de.tsv", "CBC.0250\t"+longest))
	if text, tag := c.Text("CBC.0250", "de"); text != longest || tag != "de" {
		t.Errorf("a text of 1024 bytes comes back as %d bytes of %s", len(text), tag)
	}
}

// TestLoad_TwoFoldersOfOneLanguage: texts may come from several folders, each key from one of them.
func TestLoad_TwoFoldersOfOneLanguage(t *testing.T) {
	c := load(t, copied(t, small), localeFile("fr.tsv", "CBC.0250\tTrop."), localeFile("fr.tsv", "CBC.3002\tVerrouillé."))
	first, _ := c.Text("CBC.0250", "fr")
	second, _ := c.Text("CBC.3002", "fr")
	if first != "Trop." || second != "Verrouillé." {
		t.Errorf("texts %q and %q, want Trop. and Verrouillé.", first, second)
	}
	_, err := catalog.Load(os.DirFS(small), localeFile("fr.tsv", "CBC.0250\tTrop."), localeFile("fr.tsv", "CBC.0250\tAssez."))
	wantError(t, err, "fr.tsv:2:", "there is one already")
}
