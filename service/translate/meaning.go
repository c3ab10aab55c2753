package translate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
)

// statusOK is the name of the status of a response that reports success.
const statusOK = "OK"

// partialFailure is the code whose row a success with failed items has the meaning of.
const partialFailure = "CBC.5020"

// A meaning is what a response was found to say.
type meaning struct {
	*catalog.Entry
	row       *catalog.Entry // as the table has it: the entry unless its advice is withdrawn
	key       string         // what the catalogue says it by: the key of a row, or a reason where there is no row
	code      string         // upstream's code in its canonical spelling; empty where none was received
	raw       string         // the code as received
	outer     string         // the wrapping code
	match     errorv1.Match
	inferred  bool // the code had lost its prefix, and one known code fits
	fallback  bool // no row of a table: the HTTP status decided
	items     bool // of the request failed by themselves
	withdrawn bool // the advice of the row is not given
}

// A rule is one way to find the meaning of a response; it leaves the meaning alone where it does not fit.
type rule struct {
	name string
	fits func(*Translator, envelope.Envelope, *meaning) bool
}

// precedence is the order of the rules; the last always fits.
var precedence = []rule{
	{"overlay", overlaid}, {"nested code", nested}, {"row of the table", listed}, {"row of the gateway's table", listedByGateway},
	{"known text", knownText}, {"success without a code", silentSuccess}, {"failed items without a code", partlyFailed}, {"HTTP status", unrecognized},
}

// A reading is a response with the finding that counts, its items that failed, and what it means.
type reading struct {
	envelope.Envelope
	meaning
	failed []envelope.Item
}

// read finds the meaning of a response.
func (t *Translator) read(e envelope.Envelope) reading {
	e = t.choose(e)
	var failed []envelope.Item
	if e.HasItems() {
		failed = t.failures(e)
	}
	return t.judge(e, failed)
}

// judge finds the meaning of a response whose code is chosen, and withdraws advice that is not certain.
func (t *Translator) judge(e envelope.Envelope, failed []envelope.Item) reading {
	r := reading{Envelope: e, meaning: t.find(e, len(failed) > 0), failed: failed}
	t.doubt(e, &r.meaning)
	if r.Status != statusOK && !r.certain() {
		r.withdraw()
	}
	return r
}

// find finds the first meaning by precedence.
func (t *Translator) find(e envelope.Envelope, items bool) meaning {
	m := t.received(e, items)
	for _, r := range precedence {
		if r.fits(t, e, &m) {
			break
		}
	}
	return m
}

// received is what is known before any meaning is: the code.
func (t *Translator) received(e envelope.Envelope, items bool) meaning {
	m := meaning{raw: e.Code, code: catalog.Canonical(e.Code), items: items}
	if row, ok := t.complete(e, m.code); ok {
		m.code, m.inferred = row.Code, true
	}
	for _, f := range e.Findings {
		if e.Formed && !f.Formed && f.Depth < e.Depth {
			m.outer = f.Code
			break
		}
	}
	return m
}

// complete finds the one known code that digits can stand for, under the one key where a bare number is a code. Zeros are
// not completed to success where HTTP denies it.
func (t *Translator) complete(e envelope.Envelope, digits string) (*catalog.Entry, bool) {
	row, ok := t.catalog.Complete(digits)
	if !ok || !e.Numbered || row.Status == statusOK && e.HTTPStatus/100 != 2 {
		return nil, false
	}
	return row, true
}

// as gives the meaning of a row.
func (m *meaning) as(row *catalog.Entry, match errorv1.Match) bool {
	m.Entry, m.row, m.key, m.match = row, row, row.Key, match
	return true
}

// overlaid: the place or the message gives the code another meaning.
func overlaid(t *Translator, e envelope.Envelope, m *meaning) bool {
	return (m.code != "" || e.Message == "") && t.overlay(e, m, errorv1.Match_MATCH_OVERLAY)
}

// knownText: there is no code, but the text is a known one.
func knownText(t *Translator, e envelope.Envelope, m *meaning) bool {
	return m.code == "" && t.overlay(e, m, errorv1.Match_MATCH_TEXT)
}

func (t *Translator) overlay(e envelope.Envelope, m *meaning, match errorv1.Match) bool {
	for _, o := range t.catalog.Overlays() {
		if !holds(o, e, m.code) {
			continue
		}
		if row, ok := t.catalog.Lookup(o.As); ok {
			return m.as(row, match)
		}
	}
	return false
}

// holds reports whether all conditions of an overlay do; one of them besides the code is always there. Without a code a
// text counts only as the whole message.
func holds(o catalog.Overlay, e envelope.Envelope, code string) bool {
	said := mentions
	if o.Code == "" && o.Message != "" {
		said = is
	}
	return o.Code == code && (o.Shape == "" || o.Shape == e.Shape) && said(e.Message, o.Message)
}

func mentions(message, words string) bool {
	return strings.Contains(strings.ToLower(message), strings.ToLower(words))
}

func is(message, words string) bool {
	return strings.EqualFold(strings.TrimRight(strings.TrimSpace(message), "."), words)
}

// nested: the code is one that wraps others, and the message embeds the one that counts.
func nested(t *Translator, e envelope.Envelope, m *meaning) bool {
	if !t.wraps(m.code) {
		return false
	}
	inner := embedded(e.Message, m.code)
	if inner == "" {
		return false
	}
	m.outer, m.raw, m.code = m.code, inner, catalog.Canonical(inner)
	if row, ok := t.catalog.Lookup(m.code); ok {
		return m.as(row, errorv1.Match_MATCH_NESTED)
	}
	return m.fallBack(errorv1.ErrorReason_ERROR_REASON_UNRECOGNIZED_CODE, e, errorv1.Match_MATCH_NESTED)
}

func (t *Translator) wraps(code string) bool {
	for _, o := range t.catalog.Overlays() {
		if o.As == catalog.Nested && o.Code == code {
			return true
		}
	}
	return false
}

// codes finds the codes of the CBC within a text.
var codes = regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(catalog.Prefix) + `[0-9]+`)

// embedded finds the first code in a text that is neither a given one nor success.
func embedded(text string, others ...string) string {
	if !mentionsCode(text) {
		return ""
	}
	for _, raw := range codes.FindAllString(text, -1) {
		if code := catalog.Canonical(raw); !slices.Contains(others, code) && code != catalog.Success {
			return raw
		}
	}
	return ""
}

// mentionsCode reports whether a text mentions a code of the CBC, as far as its prefix tells.
func mentionsCode[text string | []byte](t text) bool {
	const prefix = len(catalog.Prefix)
	for i := prefix - 1; i < len(t); i++ {
		if t[i] == '.' && strings.EqualFold(string(t[i+1-prefix:i+1]), catalog.Prefix) {
			return true
		}
	}
	return false
}

// listed: the code is a row of the table.
func listed(t *Translator, _ envelope.Envelope, m *meaning) bool {
	match := errorv1.Match_MATCH_EXACT
	if m.inferred {
		match = errorv1.Match_MATCH_INFERRED
	}
	row, ok := t.catalog.Lookup(m.code)
	return ok && m.as(row, match)
}

// listedByGateway: the code is one of the API gateway, IAM or KooGallery.
func listedByGateway(t *Translator, e envelope.Envelope, m *meaning) bool {
	row, ok := t.catalog.LookupGateway(m.code, e.HTTPStatus)
	return ok && m.as(row, errorv1.Match_MATCH_EXACT)
}

// silentSuccess: 2xx without a code, failed items, signs of failure or anything that is not JSON.
func silentSuccess(t *Translator, e envelope.Envelope, m *meaning) bool {
	row, ok := t.catalog.Lookup(catalog.Success)
	quiet := ok && e.HTTPStatus/100 == 2 && m.code == "" && !m.items && !e.Failed && !e.Crowded
	whole := e.Form == envelope.JSON || e.Form == envelope.Empty
	return quiet && whole && !t.mentionsFailure(e.Message) && (e.HTTPStatus != multiStatus || e.PartsUnderstood()) && m.as(row, errorv1.Match_MATCH_EXACT)
}

// multiStatus is the HTTP status of a response that stands for several (RFC 4918, section 13).
const multiStatus = 207

// mentionsFailure reports whether a message mentions a code, or the text of a known failure: then it may tell of one.
func (t *Translator) mentionsFailure(message string) bool {
	return embedded(message) != "" || slices.ContainsFunc(t.catalog.Overlays(), func(o catalog.Overlay) bool {
		return o.Code == "" && o.Message != "" && mentions(message, o.Message)
	})
}

// partlyFailed: 2xx with failed items and no code.
func partlyFailed(t *Translator, e envelope.Envelope, m *meaning) bool {
	row, ok := t.catalog.Lookup(partialFailure)
	return ok && e.HTTPStatus/100 == 2 && m.code == "" && m.items && m.as(row, errorv1.Match_MATCH_OVERLAY)
}
