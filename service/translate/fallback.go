package translate

import (
	"slices"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
)

// An httpMeaning is what an HTTP status means when nothing else of a response is understood.
type httpMeaning struct {
	from, to               int
	without                bool // it holds only where no code was received, or the text speaks of throttling
	status, retry, outcome string
}

// byHTTP is what HTTP statuses mean: the first line that holds counts, the last one for all others. The statuses are the
// API mapping of google/rpc/code.proto, which is not gRPC's own mapping of HTTP.
var byHTTP = []httpMeaning{
	{401, 401, false, "UNAUTHENTICATED", "FIX_STATE", "NOT_APPLIED"},
	{403, 403, false, "PERMISSION_DENIED", "FIX_STATE", "NOT_APPLIED"},
	{404, 404, false, "NOT_FOUND", "FIX_STATE", "NOT_APPLIED"},
	{405, 405, true, "UNIMPLEMENTED", "CHANGE_REQUEST", "NOT_APPLIED"},
	{406, 406, true, "INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
	{411, 411, true, "INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
	{413, 415, true, "INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
	{431, 431, true, "INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
	{429, 429, true, "RESOURCE_EXHAUSTED", "BACKOFF", "NOT_APPLIED"},
	{429, 429, false, "RESOURCE_EXHAUSTED", "BACKOFF_IF_IDEMPOTENT", "UNKNOWN"},
	{409, 409, false, "ABORTED", "VERIFY_FIRST", "UNKNOWN"},
	{408, 408, false, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{444, 444, false, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{460, 460, false, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{499, 499, false, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{400, 499, false, "FAILED_PRECONDITION", "VERIFY_FIRST", "UNKNOWN"},
	{502, 503, false, "UNAVAILABLE", "VERIFY_FIRST", "UNKNOWN"},
	{504, 504, false, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{0, 0, false, "UNKNOWN", "VERIFY_FIRST", "UNKNOWN"},
}

// throttlingWords are words of texts that speak of throttling, in lower case.
var throttlingWords = []string{"throttl", "too many requests", "rate limit", "ratelimit", "rate-limit", "flow control", "流控", "限流", "流量控制", "频率"}

// holds reports whether a line holds for a response. Where the body breaks off, a code may be what is lost.
func (h httpMeaning) holds(e envelope.Envelope, code string) bool {
	in := h.from <= e.HTTPStatus && e.HTTPStatus <= h.to
	none := code == "" && e.Form != envelope.Broken
	return in && (!h.without || none || h.from == 429 && speaksOfThrottling(e.Message))
}

func speaksOfThrottling(message string) bool {
	return slices.ContainsFunc(throttlingWords, func(word string) bool { return mentions(message, word) })
}

// unrecognized: no row fits, so the HTTP status decides and the reason says what was not understood.
func unrecognized(_ *Translator, e envelope.Envelope, m *meaning) bool {
	reason := errorv1.ErrorReason_ERROR_REASON_FOREIGN_CODE
	switch {
	case m.code == "":
		reason = errorv1.ErrorReason_ERROR_REASON_UNRECOGNIZED_RESPONSE
	case catalog.Ours(m.code):
		reason = errorv1.ErrorReason_ERROR_REASON_UNRECOGNIZED_CODE
	}
	return m.fallBack(reason, e, errorv1.Match_MATCH_UNRECOGNIZED)
}

// contradict: the code reports success and the HTTP status does not, so neither is believed.
func (m *meaning) contradict() {
	m.fallBack(errorv1.ErrorReason_ERROR_REASON_CONTRADICTORY_RESPONSE, envelope.Envelope{}, errorv1.Match_MATCH_UNRECOGNIZED)
}

// fallBack gives the meaning of the HTTP status.
func (m *meaning) fallBack(reason errorv1.ErrorReason, e envelope.Envelope, match errorv1.Match) bool {
	line := byHTTP[len(byHTTP)-1]
	if i := slices.IndexFunc(byHTTP, func(h httpMeaning) bool { return h.holds(e, m.code) }); i >= 0 {
		line = byHTTP[i]
	}
	name := strings.TrimPrefix(reason.String(), "ERROR_REASON_")
	m.Entry = &catalog.Entry{Status: line.status, Reason: name, Retry: line.retry, Outcome: line.outcome}
	m.row, m.key, m.match, m.fallback = m.Entry, name, match, true
	return true
}
