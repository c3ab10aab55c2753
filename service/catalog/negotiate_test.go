package catalog_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
)

// list returns the values of a header, or a list of locales. none is a header that was not sent.
func list(values ...string) []string { return values }

var none []string

// negotiations choose between English and Chinese, the languages of the embedded catalogue.
var negotiations = []struct {
	name                       string
	locales, accept, xLanguage []string
	want                       string
}{
	{"no preference", none, none, none, "en"},
	{"exact tag", none, list("zh-CN"), none, "zh-CN"},
	{"exact default", none, list("en"), none, "en"},
	{"language alone", none, list("zh"), none, "zh-CN"},
	{"Taiwan", none, list("zh-TW"), none, "zh-CN"},
	{"Hong Kong in traditional script", none, list("zh-Hant-HK"), none, "zh-CN"},
	{"Singapore in simplified script", none, list("zh-Hans-SG"), none, "zh-CN"},
	{"script alone", none, list("zh-Hans"), none, "zh-CN"},
	{"Mandarin", none, list("cmn"), none, "zh-CN"},
	{"underscore", none, list("zh_CN"), none, "zh-CN"},
	{"letter case", none, list("ZH-cn"), none, "zh-CN"},
	{"extended range", none, list("zh-*"), none, "zh-CN"},
	{"unicode extension", none, list("zh-CN-u-co-pinyin"), none, "zh-CN"},
	{"another English", none, list("en-GB"), none, "en"},
	{"other languages only", none, list("fr, de"), none, "en"},
	{"Japanese is not Chinese", none, list("ja"), none, "en"},
	{"private use", none, list("x-zh"), none, "en"},
	{"what browsers send", none, list("zh-CN,zh;q=0.9,en;q=0.8"), none, "zh-CN"},
	{"first that is found", none, list("fr, zh, en"), none, "zh-CN"},
	{"unreadable beside readable", none, list("xx-invalid-!!, zh"), none, "zh-CN"},
	{"readable beside unreadable", none, list("zh, xx-invalid-!!"), none, "zh-CN"},
	{"unknown language beside known", none, list("xx, zh"), none, "zh-CN"},
	{"unreadable alone", none, list("!!"), none, "en"},
	{"Chinese ruled out", none, list("zh;q=0, en"), none, "en"},
	{"Chinese ruled out and nothing else", none, list("zh;q=0"), none, "en"},
	{"English ruled out and nothing else", none, list("en;q=0"), none, "zh-CN"},
	{"both ruled out", none, list("en;q=0, zh;q=0"), none, "en"},
	{"ruled out with more zeros", none, list("en;q=0.000"), none, "zh-CN"},
	{"ruled out after a wish for a neighbour", none, list("zh-TW, zh;q=0"), none, "en"},
	{"another script ruled out", none, list("zh-Hant;q=0, zh"), none, "zh-CN"},
	{"anything", none, list("*"), none, "en"},
	{"anything but English", none, list("*, en;q=0"), none, "zh-CN"},
	{"anything before Chinese", none, list("*, zh;q=0.5"), none, "en"},
	{"Chinese before anything", none, list("*;q=0.5, zh"), none, "zh-CN"},
	{"nothing else", none, list("zh, *;q=0"), none, "zh-CN"},
	{"heavier one last", none, list("en;q=0.5, zh;q=0.9"), none, "zh-CN"},
	{"heavier one first", none, list("en;q=0.9, zh;q=0.5"), none, "en"},
	{"no weight is 1", none, list("en;q=0.9, zh"), none, "zh-CN"},
	{"equal weights in their order", none, list("zh;q=0.5, en;q=0.5"), none, "zh-CN"},
	{"equal weights in the other order", none, list("en;q=0.5, zh;q=0.5"), none, "en"},
	{"weight in words", none, list("en;q=high, zh;q=0.1"), none, "zh-CN"},
	{"weight missing", none, list("en;q=, zh;q=0.1"), none, "zh-CN"},
	{"negative weight", none, list("en;q=-1, zh;q=0.1"), none, "zh-CN"},
	{"weight that is not a number", none, list("en;q=NaN, zh;q=0.1"), none, "zh-CN"},
	{"weight above 1 counts as 1, first", none, list("zh;q=5, en"), none, "zh-CN"},
	{"weight above 1 counts as 1, last", none, list("en, zh;q=5"), none, "en"},
	{"blanks around a weight", none, list("en;q=0.5, zh ; q = 0.9 "), none, "zh-CN"},
	{"capital Q and blanks", none, list("en ; Q = 0.1 , zh ; q=0.2"), none, "zh-CN"},
	{"other parameter before the weight", none, list("en;level=1;q=0.1, zh;q=0.2"), none, "zh-CN"},
	{"empty elements", none, list(",, ,;q=1,zh,"), none, "zh-CN"},
	{"empty header", none, list(""), none, "en"},
	{"several headers", none, list("fr", "zh"), none, "zh-CN"},
	{"weights across headers", none, list("en;q=0.1", "zh;q=0.2"), none, "zh-CN"},
	{"own header", none, none, list("zh_CN"), "zh-CN"},
	{"own header in lower case", none, none, list("zh_cn"), "zh-CN"},
	{"own header for English", none, none, list("en_US"), "en"},
	{"own header after a find", none, list("en"), list("zh_CN"), "en"},
	{"own header after no find", none, list("fr"), list("zh_CN"), "zh-CN"},
	{"own header against a ruling out", none, list("zh;q=0"), list("zh_TW"), "en"},
	{"own header against an exact ruling out", none, list("zh-CN;q=0"), list("zh_CN"), "en"},
	{"a region ruled out leaves the language", none, list("en-US;q=0, en-GB"), none, "en"},
	{"a language ruled out but for an exact tag", none, list("zh;q=0, zh-CN"), none, "zh-CN"},
	{"too many unreadable elements", none, list(strings.Repeat(",", 300) + "zh"), none, "en"},
	{"locales before both headers", list("zh-CN"), list("en"), list("en_US"), "zh-CN"},
	{"locales with a find at the end", list("fr", "zh-TW"), list("en"), none, "zh-CN"},
	{"locales without a find", list("fr", "!!"), list("zh"), none, "zh-CN"},
	{"first of several exact locales", list("en", "zh-CN"), none, none, "en"},
	{"locale with an underscore", list("zh_CN"), none, none, "zh-CN"},
	{"locales ruling out", list("en;q=0"), list("en-GB"), none, "zh-CN"},
	{"empty locale", list(""), list("zh"), none, "zh-CN"},
	{"element of 64 bytes", none, list("zh-CN-x" + strings.Repeat("-abcdefg", 7) + "h"), none, "zh-CN"},
	{"element of 65 bytes is not read", none, list("zh-CN-x" + strings.Repeat("-abcdefg", 7) + "-h"), none, "en"},
	{"very long element", none, list("en-" + strings.Repeat("x", 5000) + ", zh"), none, "zh-CN"},
	{"very long element of good subtags", none, list("en" + strings.Repeat("-abcdefg", 8) + ", zh"), none, "zh-CN"},
	{"very many elements", none, list(strings.Repeat("fr,", 1<<16) + "zh"), none, "en"},
	{"32nd element", none, list(strings.Repeat("fr,", 31) + "zh"), none, "zh-CN"},
	{"33rd element is not read", none, list(strings.Repeat("fr,", 32) + "zh"), none, "en"},
	{"33rd element of several values", none, append(slices.Repeat(list("fr"), 32), "zh"), none, "en"},
	{"unreadable elements do not count", none, list(strings.Repeat("fr;q=x,", 40) + "zh"), none, "zh-CN"},
}

func TestNegotiate(t *testing.T) {
	c := load(t, os.DirFS(small))
	for _, tc := range negotiations {
		t.Run(tc.name, func(t *testing.T) {
			p := catalog.Preferences{Locales: tc.locales, AcceptLanguage: tc.accept, XLanguage: tc.xLanguage}
			if got := c.Negotiate(p); got != tc.want {
				t.Errorf("%.200q: %s, want %s", p, got, tc.want)
			}
		})
	}
}

// TestNegotiate_FurtherLanguages has German and Brazilian Portuguese too.
func TestNegotiate_FurtherLanguages(t *testing.T) {
	c := polyglot(t)
	for _, tc := range []struct{ name, accept, want string }{
		{"exact", "de", "de"},
		{"shortened", "de-CH", "de"},
		{"shortened twice", "de-Latn-AT", "de"},
		{"language finds its only region", "pt", "pt-BR"},
		{"another region of the language", "pt-PT", "pt-BR"},
		{"letter case and underscore", "PT_br", "pt-BR"},
		{"neighbour by distance", "gsw", "de"},
		{"still Chinese", "zh-TW", "zh-CN"},
		{"still English", "en-GB, de;q=0.5", "en"},
		{"by weight", "pt;q=0.5, de;q=0.8, en;q=0.3", "de"},
		{"without English the next by alphabet", "en;q=0", "de"},
		{"without English and German", "en;q=0, de;q=0", "pt-BR"},
		{"only what is not ruled out", "*, en;q=0, de;q=0, pt;q=0", "zh-CN"},
		{"unknown still default", "fr", "en"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := c.Negotiate(catalog.Preferences{AcceptLanguage: list(tc.accept)}); got != tc.want {
				t.Errorf("%q: %s, want %s", tc.accept, got, tc.want)
			}
		})
	}
}

// FuzzNegotiate: any preferences result in one of the locales; a locale that is named first is chosen.
func FuzzNegotiate(f *testing.F) {
	for _, tc := range negotiations {
		if accept := strings.Join(tc.accept, ","); len(accept) < 100 { // long ones only slow the search down
			f.Add(strings.Join(tc.locales, ","), accept, strings.Join(tc.xLanguage, ","))
		}
	}
	c := polyglot(f)
	f.Fuzz(func(t *testing.T, locales, accept, own string) {
		p := catalog.Preferences{Locales: list(locales), AcceptLanguage: list(accept), XLanguage: list(own)}
		if got := c.Negotiate(p); !slices.Contains(c.Locales(), got) {
			t.Errorf("%q: %q is none of %q", p, got, c.Locales())
		}
		for _, tag := range c.Locales() {
			p.Locales = list(tag, strings.ReplaceAll(locales, ";", ",")) // without weights, which could rule the tag out
			if got := c.Negotiate(p); got != tag {
				t.Errorf("%q: %q, want the first", p, got)
			}
			p.Locales = list(tag)
			if got := c.Negotiate(p); got != tag {
				t.Errorf("%q: %q, want the only", p, got)
			}
		}
	})
}
