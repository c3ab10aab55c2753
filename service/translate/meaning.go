package translate

import (
	"slices"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
)

// statusOK is the status of a response that reports success.
const statusOK = "OK"

// A meaning is what a response or an item means.
type meaning struct {
	*catalog.Entry                // status, reason and advice
	row            *catalog.Entry // the entry before its advice was withdrawn; without a code for a fallback
	code           string         // upstream's code in its canonical spelling; empty if none was received
	raw            string         // the code as received
	outer          string         // the code that wraps code
	match          errorv1.Match
	inferred       bool // the code had lost its prefix, and exactly one known code fits

	envelope    envelope.Envelope // with the finding that counts
	failedItems []envelope.Item   // see failures
}

// meaning returns the meaning of a response.
func (t *Translator) meaning(e envelope.Envelope) *meaning {
	e = t.choose(e)
	return t.classify(e, t.failures(e))
}

// classify returns the meaning of an envelope whose finding is chosen. It withdraws advice that is not certain.
func (t *Translator) classify(e envelope.Envelope, failed []envelope.Item) *meaning {
	m := t.find(e, failed)
	t.recheckSuccess(m)
	if m.Status != statusOK && !m.certain() {
		m.withdraw()
	}
	return m
}

// find applies the first rule that fits.
func (t *Translator) find(e envelope.Envelope, failed []envelope.Item) *meaning {
	m := t.initial(e, failed)
	for _, r := range rules {
		if r.apply(t, m) {
			break
		}
	}
	return m
}

// initial returns what is known before any rule is applied: the code.
func (t *Translator) initial(e envelope.Envelope, failed []envelope.Item) *meaning {
	m := &meaning{raw: e.Code, code: catalog.Canonical(e.Code), envelope: e, failedItems: failed}
	row, ok := t.catalog.Infer(m.code) // zeros are success only if HTTP agrees
	if ok && e.Numbered && (row.Status != statusOK || m.maySucceed()) {
		m.code, m.inferred = row.Code, true
	}
	outer := func(f envelope.Finding) bool { return e.WellFormed && !f.WellFormed && f.Depth < e.Depth }
	if i := slices.IndexFunc(e.Findings, outer); i >= 0 {
		m.outer = e.Findings[i].Code
	}
	return m
}

// recheckSuccess replaces the meaning of a response that reports success in its code, if another value contradicts it, an
// item failed, or the body is not known in full. It reports whether it did.
func (t *Translator) recheckSuccess(m *meaning) bool {
	e := &m.envelope
	switch {
	case m.Status != statusOK:
		return false
	case !m.maySucceed():
		return m.fallBack("CONTRADICTORY_RESPONSE", otherHTTP, errorv1.Match_MATCH_UNRECOGNIZED)
	case len(m.failedItems) > 0 && t.applyCode(m, codePartialFailure, errorv1.Match_MATCH_OVERLAY):
		return true
	case e.Form == envelope.Malformed, e.Form == envelope.Text, e.Form == envelope.TrailingData && (e.Failed || embeddedCode(e.Body) != ""), e.Incomplete, e.ExplicitFailure:
		return m.fallBack("UNRECOGNIZED_RESPONSE", m.byHTTP(), errorv1.Match_MATCH_UNRECOGNIZED)
	}
	return false
}

// failures returns the failed items of a response, at most maxItems+1, so that the caller can detect truncation.
func (t *Translator) failures(e envelope.Envelope) []envelope.Item {
	var failed []envelope.Item
	for item := range e.Items() {
		item.Envelope = t.choose(item.Envelope)
		coded := item.Code != "" && !item.Shared && !item.ExplicitFailure // otherwise a success code does not clear the item
		if coded && t.find(item.Envelope, nil).Status == statusOK {
			continue
		}
		if failed = append(failed, item); len(failed) > t.maxItems {
			break
		}
	}
	return failed
}

// choose returns the envelope with the finding that speaks for the whole response.
func (t *Translator) choose(e envelope.Envelope) envelope.Envelope {
	if len(e.Findings) < 2 {
		return e
	}
	meanings := make([]*meaning, len(e.Findings))
	for i, f := range e.Findings {
		meanings[i] = t.find(e.With(f), nil)
	}
	succeeded := slices.ContainsFunc(meanings, func(m *meaning) bool {
		return m.Status == statusOK && m.envelope.Own && m.envelope.Depth == 0 && m.maySucceed() && e.Form != envelope.TrailingData
	})
	first := slices.MinFunc(meanings, func(m, n *meaning) int {
		mOrder, nOrder := m.order(succeeded), n.order(succeeded)
		return slices.Compare(mOrder[:], nOrder[:])
	})
	return first.envelope
}

// order returns the sort key by which the lowest meaning speaks for the whole response: a failure before a success, the
// surer code before the less sure, the outer before the inner, the most careful advice first. If the body's own object
// reports success, the codes of inner objects that are in no list of errors are data and come last.
func (m *meaning) order(succeeded bool) [4]int {
	e := &m.envelope
	switch {
	case m.Status == statusOK:
		return [4]int{1}
	case succeeded && !e.Own && e.Depth > 0 && !e.InErrors:
		return [4]int{2}
	}
	care := slices.Index(leastCareful, m.Retry)
	if m.Outcome != "NOT_APPLIED" {
		care = len(leastCareful)
	}
	return [4]int{0, e.Rank(), e.Depth, -care}
}

// leastCareful is the order of retry advice, the most careful last. Other advice comes before it.
var leastCareful = []string{"BACKOFF_IF_IDEMPOTENT", "VERIFY_FIRST"}

// conditions are the conditions of certainty. A row of the catalogue was reviewed for "upstream refused the call with
// this code". Its advice is given only if the response says just that.
var conditions = []condition{
	{codePlace, (*meaning).codeInPlace},
	{"sole-failure", (*meaning).soleFailure},
	{"no-data", func(m *meaning) bool {
		return !m.maySucceed() || !m.envelope.Data && m.envelope.Form != envelope.TrailingData
	}},
	{"whole-body", func(m *meaning) bool { return m.envelope.Form != envelope.Malformed }},
	{"http-agrees", (*meaning).httpAgrees},
	{"advice-agrees", func(m *meaning) bool {
		said := m.envelope.Advice
		return slices.Contains([]string{"", m.row.Retry}, said.Retry) && slices.Contains([]string{"", m.row.Outcome}, said.Outcome)
	}},
}

// codePlace is the name of the condition about the place of the code.
const codePlace = "code-place"

// A condition is a condition of certainty.
type condition struct {
	name  string
	holds func(*meaning) bool
}

// maySucceed reports whether HTTP does not exclude success: its status is 2xx or not known.
func (m *meaning) maySucceed() bool {
	return m.envelope.HTTPStatus == 0 || m.envelope.HTTPStatus/100 == 2
}

// certain reports whether all conditions hold.
func (m *meaning) certain() bool {
	return !slices.ContainsFunc(conditions, func(c condition) bool { return !c.holds(m) })
}

// codeInPlace reports whether the code stands in the body's own object or in its error object under a key for codes, the
// whole text is a known one, or only the HTTP status decided.
func (m *meaning) codeInPlace() bool {
	uncoded := m.code == "" && m.match != errorv1.Match_MATCH_TEXT
	unknown := m.envelope.InText && m.envelope.HTTPStatus == 0 // nothing says that the text is about a failed call
	return uncoded || m.isFallback() || m.envelope.Own && !unknown
}

// soleFailure reports whether no item failed, and no second code is about another failure.
func (m *meaning) soleFailure() bool {
	e := &m.envelope
	other := func(f envelope.Finding) bool { return (f.WellFormed || f.Numbered) && m.isOther(f.Code) }
	return len(m.failedItems) == 0 && !e.Incomplete && !e.MoreTold && !slices.ContainsFunc(e.Findings, other) &&
		embeddedCode(e.Message, m.code, m.outer) == "" && embeddedCode(e.Body, m.code, m.outer) == ""
}

// isOther reports whether a code is about another failure than the one that counts.
func (m *meaning) isOther(code string) bool {
	code = catalog.Canonical(code)
	inferred := m.inferred && code == catalog.Canonical(m.raw)
	return !inferred && !slices.Contains([]string{"", m.code, m.outer, catalog.Success, codeKooGallerySuccess}, code)
}

// httpAgrees reports whether the code can be upstream's. A gateway that did not reach upstream answers 502 or 504: an
// inferred code, a known text or a code in a text is then doubtful. So is a code in a text that names such a status or success.
func (m *meaning) httpAgrees() bool {
	e := &m.envelope
	unreached := slices.Contains([]int{502, 504}, e.HTTPStatus) || slices.Contains([]int{200, 502, 504}, e.NamedStatus)
	return !unreached || !m.inferred && !m.envelope.InText && m.match != errorv1.Match_MATCH_TEXT
}

// retriedStatuses are the statuses that gRPC clients retry by themselves.
var retriedStatuses = []string{"ABORTED", "UNAVAILABLE", "RESOURCE_EXHAUSTED"}

// withdraw replaces the advice by the most careful. Code, reason, texts and the status of a fallback stay.
func (m *meaning) withdraw() {
	status, outcome := m.Status, "UNKNOWN"
	if len(m.failedItems) > 0 || m.envelope.Advice.Outcome == "PARTIALLY_APPLIED" {
		outcome = "PARTIALLY_APPLIED"
	}
	if !m.isFallback() && slices.Contains(retriedStatuses, status) {
		status = "FAILED_PRECONDITION"
	}
	if m.Status == status && m.Retry == "VERIFY_FIRST" && m.Outcome == outcome && m.Wait == 0 {
		return
	}
	careful := *m.row
	careful.Status, careful.Retry, careful.Outcome, careful.Wait = status, "VERIFY_FIRST", outcome, 0
	m.Entry = &careful
}
