package translate

import (
	"slices"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
)

// The codes and reasons that mean more than their rows say.
const (
	codePartialFailure     = "CBC.5020"     // also of a success with failed items
	codeAccessDenied       = "CBC.0151"     // the message names the missing permission
	codeTimedOutButCreated = "CBC.99000050" // the body has the ID of the account that was created
	codeKooGallerySuccess  = "MKT.0000"

	reasonInvalidParameter = "PARAMETER_INVALID" // only the message names the fields
	reasonWrongSite        = "WRONG_SITE"        // another site may be the right one
)

// A rule is one way to find a meaning. It reports whether it fits, and leaves the meaning unchanged if it does not.
type rule struct {
	name  string
	apply func(*Translator, *meaning) bool
}

// rules are the rules in the order of precedence. The last always fits.
var rules = []rule{
	{"overlay", func(t *Translator, m *meaning) bool {
		return (m.code != "" || m.envelope.Message == "") && t.applyOverlay(m, errorv1.Match_MATCH_OVERLAY)
	}},
	{"nested code", (*Translator).nested},
	{"row of the table", (*Translator).listed},
	{"row of the gateway's table", func(t *Translator, m *meaning) bool {
		row, ok := t.catalog.LookupGateway(m.code, m.envelope.HTTPStatus)
		return ok && m.apply(row, errorv1.Match_MATCH_EXACT)
	}},
	{"known text", func(t *Translator, m *meaning) bool {
		return m.code == "" && t.applyOverlay(m, errorv1.Match_MATCH_TEXT)
	}},
	{"lone code", (*Translator).loneCode},
	{"success without a code", (*Translator).silentSuccess},
	{"failed items without a code", func(t *Translator, m *meaning) bool {
		partial := m.maySucceed() && m.code == "" && len(m.failedItems) > 0
		return partial && t.applyCode(m, codePartialFailure, errorv1.Match_MATCH_OVERLAY)
	}},
	{"HTTP status", (*Translator).unrecognized},
}

// apply sets the entry.
func (m *meaning) apply(row *catalog.Entry, match errorv1.Match) bool {
	m.Entry, m.row, m.match = row, row, match
	return true
}

// applyCode sets the entry to the row of a code, and reports whether the table has one.
func (t *Translator) applyCode(m *meaning, code string, match errorv1.Match) bool {
	row, ok := t.catalog.Lookup(code)
	return ok && m.apply(row, match)
}

// applyOverlay sets the entry to the meaning that the shape or the message gives, and reports whether one does.
func (t *Translator) applyOverlay(m *meaning, match errorv1.Match) bool {
	return slices.ContainsFunc(t.catalog.Overlays(), func(o catalog.Overlay) bool {
		return m.matches(o) && t.applyCode(m, o.As, match)
	})
}

// matches reports whether all conditions of an overlay hold. Without a code, its text must be the whole message.
func (m *meaning) matches(o catalog.Overlay) bool {
	contains := containsFold
	if o.Code == "" && o.Message != "" {
		contains = equalsFold
	}
	return o.Code == m.code && (o.Shape == "" || o.Shape == m.envelope.Shape) && contains(m.envelope.Message, o.Message)
}

func containsFold(message, words string) bool {
	return strings.Contains(strings.ToLower(message), strings.ToLower(words))
}

// equalsFold ignores letter case, blanks around the message, and full stops at its end.
func equalsFold(message, words string) bool {
	return strings.EqualFold(strings.TrimRight(strings.TrimSpace(message), "."), words)
}

// nested fits if the code is a wrapper and the message embeds another code.
func (t *Translator) nested(m *meaning) bool {
	wraps := func(o catalog.Overlay) bool { return o.As == catalog.Nested && o.Code == m.code }
	if !slices.ContainsFunc(t.catalog.Overlays(), wraps) {
		return false
	}
	inner := embeddedCode(m.envelope.Message, m.code)
	if inner == "" {
		return false
	}
	m.outer, m.raw, m.code = m.code, inner, catalog.Canonical(inner)
	return t.applyCode(m, m.code, errorv1.Match_MATCH_NESTED) ||
		m.fallBack("UNRECOGNIZED_CODE", m.byHTTP(), errorv1.Match_MATCH_NESTED)
}

// embeddedCode returns the first code in a text that is neither success nor one of the others.
func embeddedCode[text string | []byte](t text, others ...string) string {
	for raw, rest := cutCode(t); raw != ""; raw, rest = cutCode(rest) {
		if code := catalog.Canonical(raw); !slices.Contains(others, code) && code != catalog.Success {
			return raw
		}
	}
	return ""
}

// cutCode returns the first code of the CBC in a text, in any letter case, and the text behind it. A letter may precede a
// code: that of an escape in JSON, such as \n.
func cutCode[text string | []byte](t text) (code string, rest text) {
	const prefix = len(catalog.Prefix)
	for i := prefix; i <= len(t); i++ {
		if t[i-1] != '.' || !strings.EqualFold(string(t[i-prefix:i]), catalog.Prefix) {
			continue
		}
		end := i
		for end < len(t) && '0' <= t[end] && t[end] <= '9' {
			end++
		}
		if end > i {
			return string(t[i-prefix : end]), t[end:]
		}
	}
	return "", rest
}

// listed fits if the code is in the table.
func (t *Translator) listed(m *meaning) bool {
	match := errorv1.Match_MATCH_EXACT
	if m.inferred {
		match = errorv1.Match_MATCH_INFERRED
	}
	return t.applyCode(m, m.code, match)
}

// loneCode fits a text without a code under a key, in which exactly one code of the table stands. JSON is a text only if HTTP
// reports a failure. In a body that breaks off a code may be cut.
func (t *Translator) loneCode(m *meaning) bool {
	e := &m.envelope
	text := e.Form == envelope.Text || e.Form == envelope.Malformed && !e.CutOff || e.Form == envelope.JSON && e.HTTPStatus >= 400 || e.Form == envelope.TrailingData
	if m.code != "" || !text || len(m.failedItems) > 0 {
		return false
	}
	raw := embeddedCode(e.Body)
	code := catalog.Canonical(raw)
	if embeddedCode(e.Body, code) != "" || !t.applyCode(m, code, errorv1.Match_MATCH_TEXT) {
		return false
	}
	m.raw, m.code, m.envelope.Own = raw, code, false
	return true
}

// silentSuccess fits a response without a code, failed items and signs of failure, whose body is empty or JSON. HTTP is 2xx, or
// is not known and the body has a success code. In a 207 (RFC 4918, section 13) each item must also say whether it failed.
func (t *Translator) silentSuccess(m *meaning) bool {
	e := &m.envelope
	succeeded := e.HTTPStatus/100 == 2 || e.HTTPStatus == 0 && e.SuccessCode
	silent := succeeded && m.code == "" && len(m.failedItems) == 0 && !e.Failed && !e.Incomplete
	whole := e.Form == envelope.JSON || e.Form == envelope.Empty
	return silent && whole && !t.mentionsFailure(e.Message) && (e.HTTPStatus != 207 || e.ItemsUnderstood()) &&
		t.applyCode(m, catalog.Success, errorv1.Match_MATCH_EXACT)
}

// mentionsFailure reports whether a message contains a code or the text of a known failure.
func (t *Translator) mentionsFailure(message string) bool {
	return embeddedCode(message) != "" || slices.ContainsFunc(t.catalog.Overlays(), func(o catalog.Overlay) bool {
		return o.Code == "" && o.Message != "" && containsFold(message, o.Message)
	})
}

// unrecognized fits every response: the HTTP status decides, and the reason says what was not understood.
func (t *Translator) unrecognized(m *meaning) bool {
	reason := "FOREIGN_CODE"
	switch {
	case m.code == "":
		reason = "UNRECOGNIZED_RESPONSE"
	case catalog.IsCBC(m.code):
		reason = "UNRECOGNIZED_CODE"
	}
	return m.fallBack(reason, m.byHTTP(), errorv1.Match_MATCH_UNRECOGNIZED)
}

// An httpMeaning is what HTTP statuses mean if no other rule fits.
type httpMeaning struct {
	statuses               []int // nil stands for all other 4xx
	uncoded                bool  // holds only if no code was received, or for 429 also if the message is about throttling
	status, retry, outcome string
}

// httpMeanings are tried in order. They follow the API mapping of google/rpc/code.proto, not gRPC's own HTTP mapping.
var httpMeanings = []httpMeaning{
	{[]int{401}, false, "UNAUTHENTICATED", "FIX_STATE", "NOT_APPLIED"},
	{[]int{403}, false, "PERMISSION_DENIED", "FIX_STATE", "NOT_APPLIED"},
	{[]int{404}, false, "NOT_FOUND", "FIX_STATE", "NOT_APPLIED"},
	{[]int{405}, true, "UNIMPLEMENTED", "CHANGE_REQUEST", "NOT_APPLIED"},
	{[]int{406, 411, 413, 414, 415, 431}, true, "INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
	{[]int{429}, true, "RESOURCE_EXHAUSTED", "BACKOFF", "NOT_APPLIED"},
	{[]int{429}, false, "RESOURCE_EXHAUSTED", "BACKOFF_IF_IDEMPOTENT", "UNKNOWN"},
	{[]int{409}, false, "ABORTED", "VERIFY_FIRST", "UNKNOWN"},
	{[]int{408, 444, 460, 499, 504}, false, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{[]int{502, 503}, false, "UNAVAILABLE", "VERIFY_FIRST", "UNKNOWN"},
	{nil, false, "FAILED_PRECONDITION", "VERIFY_FIRST", "UNKNOWN"},
}

// otherHTTP is the meaning of all other HTTP statuses.
var otherHTTP = httpMeaning{status: "UNKNOWN", retry: "VERIFY_FIRST", outcome: "UNKNOWN"}

// throttlingWords are words of messages about throttling, in lower case.
var throttlingWords = []string{"throttl", "too many requests", "rate limit", "ratelimit", "rate-limit", "flow control", "流控", "限流", "流量控制", "频率"}

// byHTTP returns the meaning of the HTTP status. If the body breaks off, a code may be lost.
func (m *meaning) byHTTP() httpMeaning {
	status := m.envelope.HTTPStatus
	uncoded := m.code == "" && m.envelope.Form != envelope.Malformed
	throttled := func(word string) bool { return containsFold(m.envelope.Message, word) }
	for _, h := range httpMeanings {
		listed := slices.Contains(h.statuses, status) || h.statuses == nil && status/100 == 4
		if listed && (!h.uncoded || uncoded || status == 429 && slices.ContainsFunc(throttlingWords, throttled)) {
			return h
		}
	}
	return otherHTTP
}

// fallBack sets an entry that is in no table: the advice of the HTTP status, with a reason.
func (m *meaning) fallBack(reason string, h httpMeaning, match errorv1.Match) bool {
	return m.apply(&catalog.Entry{Key: reason, Status: h.status, Reason: reason, Retry: h.retry, Outcome: h.outcome}, match)
}

// isFallback reports whether the HTTP status decided, and no row of a table.
func (m *meaning) isFallback() bool { return m.row.Code == "" }
