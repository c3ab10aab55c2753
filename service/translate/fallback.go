package translate

import (
	"slices"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
)

// An httpMeaning is what HTTP statuses of a range mean.
type httpMeaning struct {
	from, to               int
	status, retry, outcome string
}

func (m httpMeaning) holds(http int) bool { return m.from <= http && http <= m.to }

// byHTTP is what a response means when nothing but its HTTP status is understood: the first line whose range holds
// the status counts, the last one for all others. The statuses are the API mapping of google/rpc/code.proto, which is
// not gRPC's own mapping of HTTP.
var byHTTP = []httpMeaning{
	{401, 401, "UNAUTHENTICATED", "FIX_STATE", "NOT_APPLIED"},
	{403, 403, "PERMISSION_DENIED", "FIX_STATE", "NOT_APPLIED"},
	{404, 404, "NOT_FOUND", "FIX_STATE", "NOT_APPLIED"},
	{408, 408, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{409, 409, "ABORTED", "VERIFY_FIRST", "UNKNOWN"},
	{429, 429, "RESOURCE_EXHAUSTED", "BACKOFF", "NOT_APPLIED"},
	{400, 499, "FAILED_PRECONDITION", "FIX_STATE", "NOT_APPLIED"},
	{502, 503, "UNAVAILABLE", "VERIFY_FIRST", "UNKNOWN"},
	{504, 504, "DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	{0, 0, "UNKNOWN", "VERIFY_FIRST", "UNKNOWN"},
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
	return m.fallBack(reason, e.HTTPStatus, errorv1.Match_MATCH_UNRECOGNIZED)
}

// contradict: the code reports success and the HTTP status does not, so neither is believed.
func (m *meaning) contradict() {
	m.fallBack(errorv1.ErrorReason_ERROR_REASON_CONTRADICTORY_RESPONSE, 0, errorv1.Match_MATCH_UNRECOGNIZED)
}

// fallBack gives the meaning of an HTTP status.
func (m *meaning) fallBack(reason errorv1.ErrorReason, http int, match errorv1.Match) bool {
	line := byHTTP[len(byHTTP)-1]
	if i := slices.IndexFunc(byHTTP, func(m httpMeaning) bool { return m.holds(http) }); i >= 0 {
		line = byHTTP[i]
	}
	name := strings.TrimPrefix(reason.String(), "ERROR_REASON_")
	m.Entry = &catalog.Entry{Status: line.status, Reason: name, Retry: line.retry, Outcome: line.outcome}
	m.key, m.match, m.fallback = name, match, true
	return true
}
