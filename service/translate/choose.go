package translate

import (
	"cmp"
	"slices"

	"github.com/cbcerr/cbcerr/service/envelope"
)

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
