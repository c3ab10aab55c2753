package translate

import (
	"cmp"
	"net/textproto"
	"slices"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/transcript"
)

// An Explanation says what was read from a response, and how it gets its meaning.
type Explanation struct {
	HTTPStatus int               `json:"httpStatus"` // 0 if it is not known
	StatusFrom string            `json:"statusFrom"` // who says so: see statusSource
	Headers    map[string]string `json:"headers"`    // those that were read, by canonical name
	Body       string            `json:"body"`       // the form of the body
	Shape      string            `json:"shape"`
	RawCode    string            `json:"rawCode"`  // as received
	Code       string            `json:"code"`     // in its canonical spelling; empty if there is none
	Inferred   bool              `json:"inferred"` // the code had lost its prefix
	Place      Place             `json:"place"`    // of the code
	Message    string            `json:"message"`
	Items      int               `json:"items"`      // failed items, at most as many as a translation contains
	Others     []Sighting        `json:"others"`     // codes that were seen and do not count
	Rules      []RuleResult      `json:"rules"`      // in the order of precedence, then the recheck of a success if it changed the meaning
	Conditions []Condition       `json:"conditions"` // of certainty: those that can withdraw the advice
}

// A Place is where a code stands.
type Place struct {
	Path   string `json:"path"`   // of its key, such as details[0].code
	InText bool   `json:"inText"` // the key or the code stands in a text
}

// A Sighting is a code and its place.
type Sighting struct {
	Code string `json:"code"`
	Place
}

// A RuleResult is the result of one rule.
type RuleResult struct {
	Name   string `json:"name"`
	Fits   bool   `json:"fits"`
	Chosen bool   `json:"chosen"` // the first that fits
	Code   string `json:"code"`   // the code whose meaning it gives, if any
	Reason string `json:"reason"`
	Match  string `json:"match"`
}

// A Condition is a condition of certainty.
type Condition struct {
	Name  string `json:"name"`
	Holds bool   `json:"holds"`
}

// Explain returns how Translate finds the meaning of a response, and what every other rule would have found.
func (t *Translator) Explain(r Response) Explanation {
	copied := transcript.Parse(r.Response)
	m := t.meaning(envelope.Parse(copied))
	e := &m.envelope
	initial := t.initial(*e, m.failedItems)
	x := Explanation{
		HTTPStatus: e.HTTPStatus, StatusFrom: statusSource(r.HTTPStatus, copied.HTTPStatus, e.HTTPStatus), Headers: readHeaders(copied.Headers),
		Body: e.Form.String(), Shape: e.Shape, RawCode: initial.raw, Code: initial.code, Inferred: initial.inferred, Place: placeOf(e.Finding),
		Message: e.Message, Items: min(len(m.failedItems), t.maxItems), Others: otherCodes(m), Rules: t.explainRules(initial),
	}
	if x.RawCode == "" && m.raw != "" { // of the rule for a lone code
		x.RawCode, x.Code, x.Place = m.raw, m.code, Place{InText: true}
	}
	x.Conditions = explainConditions(m)
	return x
}

// explainConditions returns the conditions that can withdraw the advice. A success has none. Without a code, there is no
// condition about its place, and if the advice is to check the state, there is nothing to withdraw.
func explainConditions(m *meaning) (list []Condition) {
	uncoded := m.raw == "" && m.match != errorv1.Match_MATCH_TEXT
	if m.Status == statusOK || uncoded && m.row.Retry == "VERIFY_FIRST" {
		return nil
	}
	for _, c := range conditions {
		if !uncoded || c.name != codePlace {
			list = append(list, Condition{c.name, c.holds(m)})
		}
	}
	return list
}

// statusSource returns the first that tells the HTTP status: the caller, the copy of a response, or the body.
func statusSource(caller, copied, body int) string {
	switch {
	case caller != 0:
		return "caller"
	case copied != 0:
		return "copy"
	case body != 0:
		return "body"
	}
	return "unknown"
}

// readHeaders returns the headers that package envelope reads.
func readHeaders(headers map[string]string) map[string]string {
	read := map[string]string{}
	for name, value := range headers {
		if envelope.ReadsHeader(name) {
			read[textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))] = value
		}
	}
	return read
}

func placeOf(f envelope.Finding) Place { return Place{f.Place(), f.InText} }

// otherCodes returns the findings that do not count, then the first other code in the text of the body.
func otherCodes(m *meaning) []Sighting {
	others := []Sighting{}
	for _, f := range m.envelope.Findings {
		if !f.Same(m.envelope.Finding) {
			others = append(others, Sighting{f.Code, placeOf(f)})
		}
	}
	seen := func(code string) bool {
		return slices.ContainsFunc(others, func(s Sighting) bool { return strings.EqualFold(s.Code, code) })
	}
	if code := embeddedCode(m.envelope.Body, m.code, m.outer); code != "" && !seen(code) {
		others = append(others, Sighting{code, Place{InText: true}})
	}
	return others
}

func (t *Translator) explainRules(initial *meaning) []RuleResult {
	var results []RuleResult
	var chosen *meaning
	for _, r := range rules {
		candidate, result := *initial, RuleResult{Name: r.name}
		if r.apply(t, &candidate) {
			result = newRuleResult(r.name, &candidate, chosen == nil)
			chosen = cmp.Or(chosen, &candidate)
		}
		results = append(results, result)
	}
	if t.recheckSuccess(chosen) {
		results = append(results, newRuleResult("recheck of a success", chosen, true))
	}
	return results
}

func newRuleResult(name string, m *meaning, chosen bool) RuleResult {
	return RuleResult{Name: name, Fits: true, Chosen: chosen, Code: m.Code, Reason: m.Reason, Match: matchName(m.match)}
}
