package catalog

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// Preferences is what a caller said about languages, the strongest word first.
type Preferences struct {
	Locales        []string // tags in order of preference
	AcceptLanguage []string // values of the header, RFC 9110 section 12.5.4
	XLanguage      []string // values of Huawei Cloud's own header, such as zh_CN
}

// The most language ranges of one list that are tried, those of most weight, and the most elements that are looked at
// for them: more than any person's browser sends.
const (
	maxRanges   = 32
	maxElements = 256
)

// maxTag is the longest tag that is read, in bytes; RFC 5646 section 4.4.1 asks for 35 at least.
const maxTag = 64

// spelling turns other spellings of a range into RFC 4647's basic ones: zh_cn and zh-*.
var spelling = strings.NewReplacer("_", "-", "-*", "")

// Negotiate picks the locale that suits a caller best and answers with the catalogue's own tag. Each element counts
// for itself, so that one nobody can read never loses the others; a weight of 0 rules languages out for its list and
// those after it.
func (c *Catalog) Negotiate(p Preferences) string {
	var ruledOut []language.Tag
	for _, list := range [][]string{p.Locales, p.AcceptLanguage, p.XLanguage} {
		if tag, ok := c.Exact(list); ok && len(ruledOut) == 0 {
			return tag
		}
		ranges := parseRanges(list)
		ruledOut = append(ruledOut, unwanted(ranges)...)
		for _, r := range ranges[:min(len(ranges), maxRanges)] {
			if l := c.locales.find(r, ruledOut); l != nil {
				return l.tag
			}
		}
	}
	return c.locales.fallback(ruledOut).tag
}

// Exact is Negotiate for the usual case, a list of nothing but one of our tags: it answers with the tag, and looks no
// further.
func (c *Catalog) Exact(list []string) (tag string, ok bool) {
	if len(list) != 1 {
		return "", false
	}
	l, ok := c.locales.exact[list[0]]
	if !ok {
		return "", false
	}
	return l.tag, true
}

// fallback is the first locale that has not been ruled out.
func (ls *locales) fallback(ruledOut []language.Tag) *locale {
	for _, l := range ls.list {
		if !l.in(ruledOut) {
			return l
		}
	}
	return ls.list[0]
}

// find tries one range three ways: as it is, shortened subtag by subtag (RFC 4647 section 3.4), and by the CLDR's
// distance between languages.
func (ls *locales) find(r languageRange, ruledOut []language.Tag) *locale {
	if r.weight == 0 {
		return nil
	}
	if r.tag == "*" {
		return ls.fallback(ruledOut)
	}
	if l, ok := ls.exact[r.tag]; ok && !slices.Contains(ruledOut, l.parsed) {
		return l
	}
	parsed, ok := parseTag(r.tag)
	if !ok {
		return nil
	}
	l := cmp.Or(ls.shortened(r.tag), ls.nearest(parsed))
	if l == nil || l.in(ruledOut) {
		return nil
	}
	return l
}

func (ls *locales) shortened(tag string) *locale {
	for i := strings.LastIndexByte(tag, '-'); i > 0; i = strings.LastIndexByte(tag, '-') {
		tag = tag[:i]
		if l, ok := ls.exact[tag]; ok {
			return l
		}
	}
	return nil
}

func (ls *locales) nearest(tag language.Tag) *locale {
	_, i, confidence := ls.matcher.Match(tag)
	if confidence == language.No {
		return nil
	}
	return ls.list[i]
}

// in tells whether any of the ranges covers the locale: zh and zh-Hans cover zh-CN, zh-TW does not, and en-US does not
// cover en.
func (l *locale) in(ranges []language.Tag) bool {
	return slices.ContainsFunc(ranges, func(r language.Tag) bool {
		base, script, region := r.Raw()
		ourBase, _ := l.parsed.Base()
		ourScript, _ := l.parsed.Script()
		_, _, ourRegion := l.parsed.Raw()
		return base == ourBase && (script == language.Script{} || script == ourScript) && (region == language.Region{} || region == ourRegion)
	})
}

// A languageRange is one element of a list, its tag in lower case with hyphens.
type languageRange struct {
	tag    string
	weight float64
}

// parseRanges reads elements apart by commas and puts them in order of their weights; it drops those it cannot read.
func parseRanges(list []string) []languageRange {
	var ranges []languageRange
	seen := 0
	for _, value := range list {
		for element := range strings.SplitSeq(value, ",") {
			if seen++; seen > maxElements {
				break
			}
			if r, ok := parseRange(element); ok {
				ranges = append(ranges, r)
			}
		}
	}
	slices.SortStableFunc(ranges, func(a, b languageRange) int { return cmp.Compare(b.weight, a.weight) })
	return ranges
}

func parseRange(element string) (languageRange, bool) {
	tag, parameters, _ := strings.Cut(element, ";")
	tag = spelling.Replace(strings.ToLower(strings.TrimSpace(tag)))
	weight, ok := parseWeight(parameters)
	return languageRange{tag, weight}, ok && tag != "" && len(tag) <= maxTag
}

// parseWeight reads ";q=0.5". A weight above 1 counts as 1; one that is no number makes the element unreadable.
func parseWeight(parameters string) (float64, bool) {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return min(q, 1), err == nil && q >= 0
		}
	}
	return 1, true
}

// unwanted are the ranges with the weight 0.
func unwanted(ranges []languageRange) []language.Tag {
	var tags []language.Tag
	for _, r := range ranges {
		if tag, ok := parseTag(r.tag); ok && r.weight == 0 {
			tags = append(tags, tag)
		}
	}
	return tags
}

// parseTag reads a tag; of a well-formed one with subtags nobody knows, what is known counts.
func parseTag(tag string) (language.Tag, bool) {
	parsed, err := language.Parse(tag)
	if unknown := new(language.ValueError); err != nil && !errors.As(err, unknown) {
		return language.Und, false
	}
	return parsed, !parsed.IsRoot()
}
