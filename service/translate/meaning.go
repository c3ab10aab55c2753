package translate

import (
	"regexp"
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
	key      string // what the catalogue says it by: a code, or a reason where there is no row
	code     string // upstream's code in its canonical spelling; empty where none was received
	raw      string // the code as received
	outer    string // the wrapping code
	match    errorv1.Match
	inferred bool // the code had lost its prefix, and one known code fits
	fallback bool // no row of the table: the HTTP status decided
	parts    bool // of the request failed by themselves
}

// A rule is one way to find the meaning of a response; it leaves the meaning alone where it does not fit.
type rule struct {
	name string
	fits func(*Translator, envelope.Envelope, *meaning) bool
}

// precedence is the order of the ways; the last always fits.
var precedence = []rule{
	{"overlay", overlaid}, {"nested code", nested}, {"row of the table", listed}, {"gateway row", gatewayRow}, {"known text", knownText},
	{"success without a code", silentSuccess}, {"failed parts without a code", partlyFailed}, {"HTTP status", unrecognized},
}

// mean finds the meaning of a response, or of a part that failed; parts tells whether parts of it did.
func (t *Translator) mean(e envelope.Envelope, parts bool) meaning {
	m := t.received(e, parts)
	for _, r := range precedence {
		if r.fits(t, e, &m) {
			break
		}
	}
	t.doubt(e, &m)
	return m
}

// received is what is known before any meaning is: the code.
func (t *Translator) received(e envelope.Envelope, parts bool) meaning {
	m := meaning{raw: e.Code, code: catalog.Canonical(e.Code), parts: parts}
	if row, ok := t.complete(e, m.code); ok {
		m.code, m.inferred = row.Code, true
	}
	if data(e, m.code) {
		m.code, m.raw = "", ""
	}
	return m
}

// data tells whether what looks like another system's code is data of a success: nothing is said of it, and its key or
// place are not only those of errors.
func data(e envelope.Envelope, code string) bool {
	unsaid := e.Message == "" || e.Message == e.Code
	return e.HTTPStatus/100 == 2 && e.Generic && unsaid && !catalog.Ours(code)
}

// complete finds the one known code that digits can stand for. Where other systems have their numbers too, a few
// digits are not taken for a code of the CBC's that has lost its zeros; nor are zeros for success where HTTP denies it.
func (t *Translator) complete(e envelope.Envelope, digits string) (*catalog.Entry, bool) {
	row, ok := t.catalog.Complete(digits)
	switch {
	case !ok || e.Generic && len(digits) < catalog.FewestDigits:
		return nil, false
	case row.Status == statusOK && e.HTTPStatus/100 != 2:
		return nil, false
	}
	return row, true
}

// as gives the meaning of a row of the table.
func (m *meaning) as(row *catalog.Entry, match errorv1.Match) bool {
	m.Entry, m.key, m.match = row, row.Key, match
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
		if row, ok := t.catalog.Lookup(o.As); ok && holds(o, e, m.code) {
			return m.as(row, match)
		}
	}
	return false
}

// holds tells whether all conditions of an overlay do; one of them besides the code is always there.
func holds(o catalog.Overlay, e envelope.Envelope, code string) bool {
	return o.Code == code && (o.Shape == "" || o.Shape == e.Shape) && mentions(e.Message, o.Message)
}

func mentions(message, words string) bool {
	return strings.Contains(strings.ToLower(message), strings.ToLower(words))
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
	return m.fallBack(errorv1.ErrorReason_ERROR_REASON_UNRECOGNIZED_CODE, e.HTTPStatus, errorv1.Match_MATCH_NESTED)
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

// embedded finds the first code in a text that is neither the wrapping one nor success.
func embedded(text, outer string) string {
	for _, raw := range codes.FindAllString(text, -1) {
		if code := catalog.Canonical(raw); code != outer && code != catalog.Success {
			return raw
		}
	}
	return ""
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

// gatewayRow: the code is another system's, and a row of the table of those. Its service is told unless the caller tells one.
func gatewayRow(t *Translator, e envelope.Envelope, m *meaning) bool {
	row, ok := t.catalog.LookupGateway(m.code, e.HTTPStatus)
	return ok && m.as(row, errorv1.Match_MATCH_EXACT)
}

// silentSuccess: 2xx without code, failed items or anything that is not JSON.
func silentSuccess(t *Translator, e envelope.Envelope, m *meaning) bool {
	quiet := e.HTTPStatus/100 == 2 && m.code == "" && !m.parts
	row, ok := t.catalog.Lookup(catalog.Success)
	return quiet && ok && (e.Form == envelope.JSON || e.Form == envelope.Empty) && m.as(row, errorv1.Match_MATCH_EXACT)
}

// partlyFailed: 2xx with failed items and no code.
func partlyFailed(t *Translator, e envelope.Envelope, m *meaning) bool {
	row, ok := t.catalog.Lookup(partialFailure)
	return ok && e.HTTPStatus/100 == 2 && m.code == "" && m.parts && m.as(row, errorv1.Match_MATCH_OVERLAY)
}

// doubt looks twice at a response that reports success: its HTTP status may say otherwise, some items failed, or the
// body breaks off before one can be sure that none did.
func (t *Translator) doubt(e envelope.Envelope, m *meaning) {
	row, ok := t.catalog.Lookup(partialFailure)
	switch {
	case m.Status != statusOK:
	case e.HTTPStatus/100 != 2:
		m.contradict()
	case ok && m.parts:
		m.as(row, errorv1.Match_MATCH_OVERLAY)
	case e.Form == envelope.Broken:
		m.fallBack(errorv1.ErrorReason_ERROR_REASON_UNRECOGNIZED_RESPONSE, e.HTTPStatus, errorv1.Match_MATCH_UNRECOGNIZED)
	}
}
