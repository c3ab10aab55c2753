package translate

import (
	"slices"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

// domain is the domain of every translated error.
const domain = "cbc.huaweicloud.com"

// helpURL is upstream's page of the codes, in Chinese, which is the original.
const helpURL = "https://support.huaweicloud.com/api-bpconsole/zh-cn_topic_0081766005.html"

// maxWait is the longest wait that is passed on; whoever has to wait longer had better look again.
const maxWait = time.Hour

// An answer is all that the details of one status are made of.
type answer struct {
	meaning
	envelope     envelope.Envelope
	origin       Origin
	item         envelope.Item // the part that the status is about; none for the whole
	text, locale string        // the localized text and its real locale
	english      string
	limits       limits
	truncated    []string // what was shortened or left out
}

// details make the details of a status, in the contract's order; nil is none.
var details = []func(*answer) proto.Message{
	(*answer).errorInfo, (*answer).cbcError, (*answer).localizedMessage, (*answer).retryInfo, (*answer).badRequest,
	(*answer).preconditionFailure, (*answer).quotaFailure, (*answer).resourceInfo, (*answer).requestInfo, (*answer).help,
}

// status puts the answer together. Details that come later may note what they cut, so ErrorInfo is made last.
func (a *answer) status() *statuspb.Status {
	s := &statuspb.Status{Code: code.Code_value[a.Status], Message: a.english}
	for _, detail := range slices.Backward(details) {
		if m := detail(a); m != nil {
			s.Details = append(s.Details, wrap(m))
		}
	}
	slices.Reverse(s.Details)
	return s
}

// wrap packs a detail, the same way every time although ErrorInfo holds a map.
func wrap(m proto.Message) *anypb.Any {
	packed := new(anypb.Any)
	if err := anypb.MarshalFrom(packed, m, proto.MarshalOptions{Deterministic: true}); err != nil {
		panic(err) // cannot happen: all texts are valid UTF-8
	}
	return packed
}

// cutOut notes that something was shortened or left out.
func (a *answer) cutOut(name string) {
	if !slices.Contains(a.truncated, name) {
		a.truncated = append(a.truncated, name)
	}
}

func (a *answer) errorInfo() proto.Message {
	return &errdetails.ErrorInfo{Reason: a.Reason, Domain: domain, Metadata: a.metadata()}
}

func (a *answer) cbcError() proto.Message {
	return &errorv1.CbcError{
		Code:            errorv1.ErrorCode(catalog.Number(a.code)),
		RawCode:         a.cut("code", a.raw, maxCode),
		Reason:          errorv1.ErrorReason(errorv1.ErrorReason_value["ERROR_REASON_"+a.Reason]),
		HttpStatus:      int32(a.envelope.HTTPStatus),
		Retry:           errorv1.RetryAdvice(errorv1.RetryAdvice_value["RETRY_ADVICE_"+a.Retry]),
		Outcome:         errorv1.Outcome(errorv1.Outcome_value["OUTCOME_"+a.Outcome]),
		Match:           a.match,
		UpstreamMessage: a.upstreamMessage(),
		OuterCode:       a.cut("outerCode", a.outer, maxCode),
	}
}

func (a *answer) localizedMessage() proto.Message {
	return &errdetails.LocalizedMessage{Locale: a.locale, Message: a.cut("message", a.text, a.limits.text)}
}

// retryInfo: a row's wait, which the response may replace but never add; without a row, only what the response says.
func (a *answer) retryInfo() proto.Message {
	stated := a.envelope.RetryAfter
	if stated == nil && (a.fallback || a.Service != "") {
		stated = a.envelope.Window
	}
	waits := a.Wait > 0 || a.fallback && a.Retry == "BACKOFF"
	switch {
	case waits && stated != nil:
		return &errdetails.RetryInfo{RetryDelay: durationpb.New(min(*stated, maxWait))}
	case a.Wait > 0:
		return &errdetails.RetryInfo{RetryDelay: durationpb.New(min(a.Wait, maxWait))}
	}
	return nil
}

// invalidParameter is the reason whose rows leave it to the message to name the fields.
const invalidParameter = "PARAMETER_INVALID"

// badRequest names the fields that the response complains about, else the row's.
func (a *answer) badRequest() proto.Message {
	fields := a.names("field")
	if theirs := a.complaints("field"); fields != nil && theirs != nil {
		fields = theirs
	}
	if a.Reason == invalidParameter {
		fields = blamed(a.envelope.Message)
	}
	m := &errdetails.BadRequest{}
	for _, field := range a.some(fields) {
		m.FieldViolations = append(m.FieldViolations, &errdetails.BadRequest_FieldViolation{Field: field, Description: a.english})
	}
	return unlessEmpty(m, len(fields))
}

func (a *answer) preconditionFailure() proto.Message {
	types := a.names("precondition")
	m := &errdetails.PreconditionFailure{}
	for _, subject := range a.subjects(types, "precondition") {
		m.Violations = append(m.Violations, &errdetails.PreconditionFailure_Violation{Type: types[0], Subject: subject, Description: a.english})
	}
	return unlessEmpty(m, len(types))
}

func (a *answer) quotaFailure() proto.Message {
	metrics := a.names("quota")
	m := &errdetails.QuotaFailure{}
	for _, subject := range a.subjects(metrics, "quota") {
		m.Violations = append(m.Violations, &errdetails.QuotaFailure_Violation{QuotaMetric: metrics[0], Subject: subject, Description: a.english})
	}
	return unlessEmpty(m, len(metrics))
}

func (a *answer) resourceInfo() proto.Message {
	types := a.names("resource")
	if types == nil {
		return nil
	}
	info := &errdetails.ResourceInfo{ResourceType: domain + "/" + types[0], Description: a.english}
	if a.item.Kind == types[0] {
		info.ResourceName = a.cut("id", a.item.ID, maxID)
	}
	return info
}

func (a *answer) requestInfo() proto.Message {
	if a.envelope.RequestID == "" {
		return nil
	}
	return &errdetails.RequestInfo{RequestId: a.cut("requestId", a.envelope.RequestID, maxID)}
}

// help points to upstream's page, if the code stands on it.
func (a *answer) help() proto.Message {
	if !catalog.Ours(a.code) || a.Source != catalog.Page {
		return nil
	}
	if !a.limits.help {
		a.cutOut("help")
		return nil
	}
	return &errdetails.Help{Links: []*errdetails.Help_Link{{Description: "Huawei Cloud's page of error codes (in Chinese)", Url: helpURL}}}
}
