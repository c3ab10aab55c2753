package main

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/cbcerr/cbcerr/service/catalog"
)

// invented are the tags of languages that a synthetic catalogue has besides its own two.
const invented = "ar bg bn ca cs da de el es et fa fi fr gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv mk ml mn mr ms nl pl pt ro ru sk sl sq sr sv sw ta te"

// synthetic is the folder of a catalogue with a number of codes and of locales: those there are, and further ones that say
// the same under other names.
func synthetic(c *catalog.Catalog, codes, locales int) fs.FS {
	folder := fstest.MapFS{
		"reasons.tsv":  table("number reason comment en zh-CN", reasons(c, codes), reasonCells(c)),
		"overlays.tsv": table("code shape message as", c.Overlays(), overlayCells),
		"errata.tsv":   table[string]("code locale published ours", nil, nil),
		"gateway.tsv":  table[string]("code http service status reason retry outcome wait detail en zh-CN translated source", nil, nil),
	}
	entries := enough(c, codes)
	folder["codes.tsv"] = table("code http status reason retry outcome wait detail en zh-CN translated source", entries, codeCells)
	for _, tag := range strings.Fields(invented)[:locales-len(c.Locales())] {
		folder["locales/"+tag+".tsv"] = table("key text", entries, func(e entry) []string { return []string{e.Code, tag + " " + e.en} })
	}
	return folder
}

// An entry is a code and its texts.
type entry struct {
	catalog.Entry
	en, zh string
}

// enough are as many codes as are wanted, the invented ones with the meanings of real ones in turn, but with reasons of their
// own: a larger table has more of them, and as many codes share one.
func enough(c *catalog.Catalog, n int) (all []entry) {
	actual := c.Entries()
	for i := range n {
		e := *actual[i%len(actual)]
		en, _ := c.Localize(e.Code, catalog.DefaultLocale)
		zh, _ := c.Localize(e.Code, locale)
		if i >= len(actual) {
			e.Code = fmt.Sprintf("%s%d", catalog.Prefix, 10_000_000+i)
			e.Reason = fmt.Sprintf("%s_%d", e.Reason, i/len(actual))
		}
		all = append(all, entry{e, en, zh})
	}
	return all
}

// reasons are those of as many codes.
func reasons(c *catalog.Catalog, codes int) []catalog.Reason {
	all := slices.Clone(c.Reasons())
	for generation := 1; generation <= (codes-1)/len(c.Entries()); generation++ {
		for _, r := range c.Reasons() {
			all = append(all, catalog.Reason{Number: int32(len(all) + 1), Name: fmt.Sprintf("%s_%d", r.Name, generation), Comment: r.Comment})
		}
	}
	return all
}

// table writes lines of cells apart by tabs, as the catalogue reads them.
func table[T any](columns string, rows []T, cells func(T) []string) *fstest.MapFile {
	text := new(strings.Builder)
	fmt.Fprintln(text, strings.Join(strings.Fields(columns), "\t"))
	for _, row := range rows {
		fmt.Fprintln(text, strings.Join(cells(row), "\t"))
	}
	return &fstest.MapFile{Data: []byte(text.String())}
}

func reasonCells(c *catalog.Catalog) func(catalog.Reason) []string {
	return func(r catalog.Reason) []string {
		en, _ := c.Localize(r.Name, catalog.DefaultLocale)
		zh, _ := c.Localize(r.Name, locale)
		return []string{fmt.Sprint(r.Number), r.Name, r.Comment, en, zh}
	}
}

func overlayCells(o catalog.Overlay) []string { return []string{o.Code, o.Shape, o.Message, o.As} }

func codeCells(e entry) []string {
	wait, http := "", ""
	if e.Wait > 0 {
		wait = e.Wait.String()
	}
	if e.HTTPStatus > 0 {
		http = fmt.Sprint(e.HTTPStatus)
	}
	var details []string
	for _, d := range e.Details {
		details = append(details, d.Kind+":"+strings.Join(d.Names, ","))
	}
	return []string{e.Code, http, e.Status, e.Reason, e.Retry, e.Outcome, wait, strings.Join(details, " "), e.en, e.zh,
		strings.Join(e.Translated, ","), e.Source}
}
