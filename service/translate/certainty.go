package translate

import (
	"cmp"
	"slices"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
)

// A row of the catalogue was reviewed for "upstream refused the call with this code". Its advice is given only if the
// response says just that: only if all conditions hold.
var conditions = []struct {
	name  string
	holds func(*reading) bool
}{
	{"code-place", (*reading).codeInPlace},
	{"sole-failure", (*reading).soleFailure},
	{"no-data", (*reading).noData},
	{"whole-body", (*reading).wholeBody},
	{"http-agrees", (*reading).httpAgrees},
}

// certain reports whether all conditions hold.
func (r *reading) certain() bool {
	for _, c := range conditions {
		if !c.holds(r) {
			return false
		}
	}
	return true
}

// codeInPlace: the code stands in the body's own object or in its error object, under a key for codes; or the whole text is
// a known one; or the HTTP status speaks, and no code.
func (r *reading) codeInPlace() bool {
	silent := r.code == "" && r.match != errorv1.Match_MATCH_TEXT
	return silent || r.fallback || r.Own
}

// soleFailure: no item failed, and no second code speaks of another failure.
func (r *reading) soleFailure() bool {
	other := func(f envelope.Finding) bool { return r.another(f.Code) && (f.Formed || f.Numbered) }
	return len(r.failed) == 0 && !r.Crowded && !slices.ContainsFunc(r.Findings, other) && embedded(r.Message, r.code, r.outer) == ""
}

// another reports whether a code speaks of another failure than the one that counts.
func (r *reading) another(code string) bool {
	code = catalog.Canonical(code)
	inferred := r.inferred && code == catalog.Canonical(r.raw)
	return code != "" && !slices.Contains([]string{r.code, r.outer, catalog.Success, gatewaySuccess}, code) && !inferred
}

// gatewaySuccess is the success code of KooGallery.
const gatewaySuccess = "MKT.0000"

// noData: HTTP is not 2xx with data beside the error.
func (r *reading) noData() bool {
	return r.HTTPStatus/100 != 2 || !r.Data && r.Form != envelope.Trailed
}

// wholeBody: the body does not break off.
func (r *reading) wholeBody() bool { return r.Form != envelope.Broken }

// httpAgrees: a gateway that did not reach upstream cannot know an inferred code or a known text.
func (r *reading) httpAgrees() bool {
	unreached := r.HTTPStatus == 502 || r.HTTPStatus == 504
	return !unreached || !r.inferred && r.match != errorv1.Match_MATCH_TEXT
}

// repeated are the statuses of rows that clients repeat by themselves.
var repeated = []string{"ABORTED", "UNAVAILABLE", "RESOURCE_EXHAUSTED"}

// withdraw takes the advice back. Code, reason and texts stay; so does the status that HTTP itself says.
func (r *reading) withdraw() {
	careful := *r.Entry
	careful.Retry, careful.Outcome, careful.Wait = "VERIFY_FIRST", "UNKNOWN", 0
	if len(r.failed) > 0 {
		careful.Outcome = "PARTIALLY_APPLIED"
	}
	if !r.fallback && slices.Contains(repeated, r.Status) {
		careful.Status = "FAILED_PRECONDITION"
	}
	r.withdrawn = r.Status != careful.Status || r.Retry != careful.Retry || r.Outcome != careful.Outcome || r.Wait != careful.Wait
	r.Entry = &careful
}

// choose makes the finding count that speaks for the whole response. A success code of the body's own object makes data of
// the codes further in; else a failure counts before a success, the surer code before the less sure, the outer one before
// the inner, and of several at the same depth the most careful.
func (t *Translator) choose(e envelope.Envelope) envelope.Envelope {
	if len(e.Findings) < 2 {
		return e
	}
	meanings := make([]meaning, len(e.Findings))
	succeeded := false
	for i, f := range e.Findings {
		meanings[i] = t.find(e.Of(f), false)
		succeeded = succeeded || f.Own && f.Depth == 0 && meanings[i].Status == statusOK && e.HTTPStatus/100 == 2
	}
	best := -1
	for i, f := range e.Findings {
		data := succeeded && !f.Own && f.Depth > 0
		if !data && meanings[i].Status != statusOK && (best < 0 || precedes(f, meanings[i], e.Findings[best], meanings[best])) {
			best = i
		}
	}
	if best < 0 {
		best = slices.IndexFunc(meanings, func(m meaning) bool { return m.Status == statusOK })
	}
	return e.Of(e.Findings[best])
}

// precedes reports whether a finding counts before an earlier one.
func precedes(f envelope.Finding, m meaning, g envelope.Finding, n meaning) bool {
	return cmp.Or(cmp.Compare(f.Rank(), g.Rank()), cmp.Compare(f.Depth, g.Depth), cmp.Compare(m.haste(), n.haste())) < 0
}

// haste tells how little care the advice of a meaning takes: of several codes that with the least counts.
func (m meaning) haste() int {
	switch {
	case m.Outcome != "NOT_APPLIED":
		return 0
	case m.Retry == "VERIFY_FIRST":
		return 1
	case m.Retry == "BACKOFF_IF_IDEMPOTENT":
		return 2
	}
	return 3
}

// doubt looks twice at a response that reports success: its HTTP status or another value may say otherwise, some items
// failed, or the body breaks off before one can be sure that none did.
func (t *Translator) doubt(e envelope.Envelope, m *meaning) {
	row, ok := t.catalog.Lookup(partialFailure)
	switch {
	case m.Status != statusOK:
	case e.HTTPStatus/100 != 2:
		m.contradict()
	case ok && m.items:
		m.as(row, errorv1.Match_MATCH_OVERLAY)
	case e.Form == envelope.Broken, e.Crowded, e.Stubborn:
		m.fallBack(errorv1.ErrorReason_ERROR_REASON_UNRECOGNIZED_RESPONSE, e, errorv1.Match_MATCH_UNRECOGNIZED)
	}
}
