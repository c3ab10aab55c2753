package catalog

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// Preferences are the languages that a client prefers. The fields are in the order of precedence.
type Preferences struct {
	Locales        []string // tags in order of preference
	AcceptLanguage []string // values of the header, RFC 9110 section 12.5.4
	XLanguage      []string // values of Huawei Cloud's X-Language header, such as zh_CN
}

// The maximum number of language ranges of a list that are tried, and of elements that are parsed. Browsers send fewer.
const (
	maxRanges   = 32
	maxElements = 256
)

// maxTag is the maximum size of a tag in bytes. RFC 5646 section 4.4.1 asks for at least 35.
const maxTag = 64

// spelling replaces other spellings of a range, zh_cn and zh-*, by those of RFC 4647.
var spelling = strings.NewReplacer("_", "-", "-*", "")

// Negotiate returns the tag of the locale that fits the preferences best. It ignores an element that it cannot parse. A
// weight of 0 excludes languages for its list and the lists after it.
func (c *Catalog) Negotiate(p Preferences) string {
	var excluded []language.Tag
	for _, list := range [][]string{p.Locales, p.AcceptLanguage, p.XLanguage} {
		if tag, ok := c.ExactLocale(list); ok && len(excluded) == 0 {
			return tag
		}
		ranges := parseRanges(list)
		excluded = append(excluded, unwanted(ranges)...)
		for _, r := range ranges[:min(len(ranges), maxRanges)] {
			if l := c.locales.find(r, excluded); l != nil {
				return l.tag
			}
		}
	}
	return c.locales.fallback(excluded).tag
}

// ExactLocale returns the locale of a list that is one tag of Locales, in its own spelling or in lower case. It reports
// false for any other list, which needs Negotiate.
func (c *Catalog) ExactLocale(list []string) (tag string, ok bool) {
	if len(list) != 1 {
		return "", false
	}
	l, ok := c.locales.exact[list[0]]
	if !ok {
		return "", false
	}
	return l.tag, true
}

// fallback returns the first locale that is not excluded.
func (ls *locales) fallback(excluded []language.Tag) *locale {
	for _, l := range ls.list {
		if !l.coveredBy(excluded) {
			return l
		}
	}
	return ls.list[0]
}

// find returns the locale of a range: the exact one, else by lookup (RFC 4647 section 3.4), else by the CLDR's distance
// between languages.
func (ls *locales) find(r languageRange, excluded []language.Tag) *locale {
	if r.weight == 0 {
		return nil
	}
	if r.tag == "*" {
		return ls.fallback(excluded)
	}
	if l, ok := ls.exact[r.tag]; ok && !slices.Contains(excluded, l.parsed) {
		return l
	}
	parsed, ok := parseTag(r.tag)
	if !ok {
		return nil
	}
	l := cmp.Or(ls.lookup(r.tag), ls.match(parsed))
	if l == nil || l.coveredBy(excluded) {
		return nil
	}
	return l
}

// lookup shortens a tag subtag by subtag until it is that of a locale.
func (ls *locales) lookup(tag string) *locale {
	for i := strings.LastIndexByte(tag, '-'); i > 0; i = strings.LastIndexByte(tag, '-') {
		tag = tag[:i]
		if l, ok := ls.exact[tag]; ok {
			return l
		}
	}
	return nil
}

func (ls *locales) match(tag language.Tag) *locale {
	_, i, confidence := ls.matcher.Match(tag)
	if confidence == language.No {
		return nil
	}
	return ls.list[i]
}

// coveredBy reports whether any of the ranges covers the locale: zh and zh-Hans cover zh-CN, zh-TW does not, and en-US
// does not cover en.
func (l *locale) coveredBy(ranges []language.Tag) bool {
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

// parseRanges parses lists of elements and sorts them by weight. It drops an element that it cannot parse.
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

// parseWeight parses ";q=0.5". A weight above 1 counts as 1. It returns false for a weight that is not a number.
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

// unwanted returns the ranges with the weight 0.
func unwanted(ranges []languageRange) []language.Tag {
	var tags []language.Tag
	for _, r := range ranges {
		if tag, ok := parseTag(r.tag); ok && r.weight == 0 {
			tags = append(tags, tag)
		}
	}
	return tags
}

// parseTag parses a tag. It ignores unknown subtags of a well-formed tag.
func parseTag(tag string) (language.Tag, bool) {
	parsed, err := language.Parse(tag)
	if unknown := new(language.ValueError); err != nil && !errors.As(err, unknown) {
		return language.Und, false
	}
	return parsed, !parsed.IsRoot()
}
