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
	*prepared
	envelope  envelope.Envelope
	origin    Origin
	item      envelope.Item // the part that the status is about; none for the whole
	limits    limits
	truncated []string // what was shortened or left out
	memory    *memory  // of the status
}

// memory is what an answer is made of, so that it takes one allocation.
type memory struct {
	translation errorv1.Translation
	status      statuspb.Status
	info, cbc   anypb.Any
	request     anypb.Any
	details     [maxDetails]*anypb.Any
}

// A detail is one of the standard details of a status.
type detail struct {
	make   func(*answer) *anypb.Any // nil is none
	varies func(*answer) bool       // the response changes what is prepared
}

// details are those that may follow ErrorInfo, in the contract's order.
var details = []detail{
	{(*answer).packedCbcError, always},
	{(*answer).localizedMessage, (*answer).textCut},
	{(*answer).retryInfo, (*answer).waitChanged},
	{(*answer).badRequest, (*answer).namesMore},
	{(*answer).preconditionFailure, (*answer).namesMore},
	{(*answer).quotaFailure, (*answer).namesMore},
	{(*answer).resourceInfo, (*answer).namesMore},
	{(*answer).requestInfo, always},
	{(*answer).help, (*answer).helpChanged},
}

// The place of RequestInfo among them, and how many a status has at most, with ErrorInfo.
const (
	requestPlace = 7
	maxDetails   = 10
)

// The types of the details that nearly every response changes.
const (
	urlPrefix   = "type.googleapis.com/"
	infoType    = urlPrefix + "google.rpc.ErrorInfo"
	cbcType     = urlPrefix + "cbc.error.v1.CbcError"
	requestType = urlPrefix + "google.rpc.RequestInfo"
)

// status puts the answer together. Details may note what they cut, so ErrorInfo is made last.
func (a *answer) status() *statuspb.Status {
	a.memory = new(memory)
	all := a.memory.details[:]
	for i, d := range slices.Backward(details) {
		all[1+i] = a.details[i]
		if d.varies(a) {
			all[1+i] = d.make(a)
		}
	}
	all[0] = a.errorInfo()
	s := &a.memory.status
	s.Code, s.Message = code.Code_value[a.Status], a.english
	s.Details = slices.DeleteFunc(all, func(detail *anypb.Any) bool { return detail == nil })
	return s
}

func always(*answer) bool { return true }

// textCut reports whether there is less room than usual for the localized text.
func (a *answer) textCut() bool { return a.limits.text != roomy.text }

// waitChanged reports whether the response states a wait, or its row's is withdrawn.
func (a *answer) waitChanged() bool { return a.stated() != nil || a.Wait != a.row.Wait }

// namesMore reports whether the response or the item names fields, subjects or resources, or there is less room for them.
func (a *answer) namesMore() bool {
	return len(a.envelope.Complaints) > 0 || a.item.Kind != "" || a.Reason == invalidParameter || a.limits.violations != roomy.violations
}

// helpChanged reports whether another code has the meaning of the row, or there is no room.
func (a *answer) helpChanged() bool { return a.code != a.row.Code || !a.limits.help }

// cutOut notes that something was shortened or left out.
func (a *answer) cutOut(name string) {
	if !slices.Contains(a.truncated, name) {
		a.truncated = append(a.truncated, name)
	}
}

func (a *answer) packedCbcError() *anypb.Any {
	return packed(&a.memory.cbc, cbcType, marshal(a.cbcError()))
}

func (a *answer) cbcError() *errorv1.CbcError {
	return &errorv1.CbcError{
		Code:            errorv1.ErrorCode(catalog.Number(a.code)),
		RawCode:         a.cut("code", a.raw, maxCode),
		Reason:          a.reason,
		HttpStatus:      int32(a.envelope.HTTPStatus),
		Retry:           errorv1.RetryAdvice(errorv1.RetryAdvice_value["RETRY_ADVICE_"+a.Retry]),
		Outcome:         errorv1.Outcome(errorv1.Outcome_value["OUTCOME_"+a.Outcome]),
		Match:           a.match,
		UpstreamMessage: a.upstreamMessage(),
		OuterCode:       a.cut("outerCode", a.outer, maxCode),
	}
}

func (a *answer) localizedMessage() *anypb.Any {
	return pack(&errdetails.LocalizedMessage{Locale: a.locale, Message: a.cut("message", a.text, a.limits.text)})
}

// stated is how long the response says to wait; nil if it does not.
func (a *answer) stated() *time.Duration {
	stated := a.envelope.RetryAfter
	if stated == nil && (a.fallback || a.Service != "") {
		stated = a.envelope.Window
	}
	return stated
}

// wait is a row's wait, which the response may replace but never add; without a row, only what the response says.
func (a *answer) wait() (wait time.Duration, advised bool) {
	stated := a.stated()
	waits := a.Wait > 0 || a.fallback && a.Retry == "BACKOFF"
	if waits && stated != nil {
		return min(*stated, maxWait), true
	}
	return min(a.Wait, maxWait), a.Wait > 0
}

func (a *answer) retryInfo() *anypb.Any {
	wait, advised := a.wait()
	if !advised {
		return nil
	}
	return pack(&errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
}

// invalidParameter is the reason whose rows leave it to the message to name the fields.
const invalidParameter = "PARAMETER_INVALID"

// badRequest names the fields that the response complains about, else the row's.
func (a *answer) badRequest() *anypb.Any {
	fields := a.names("field")
	if theirs := a.complaints("field"); fields != nil && theirs != nil {
		fields = theirs
	}
	if a.Reason == invalidParameter {
		fields = blamed(a.envelope.Message)
	}
	if len(fields) == 0 {
		return nil
	}
	m := &errdetails.BadRequest{}
	for _, field := range a.some(fields) {
		m.FieldViolations = append(m.FieldViolations, &errdetails.BadRequest_FieldViolation{Field: field, Description: a.english})
	}
	return pack(m)
}

func (a *answer) preconditionFailure() *anypb.Any {
	types := a.names("precondition")
	if types == nil {
		return nil
	}
	m := &errdetails.PreconditionFailure{}
	for _, subject := range a.subjects(types, "precondition") {
		m.Violations = append(m.Violations, &errdetails.PreconditionFailure_Violation{Type: types[0], Subject: subject, Description: a.english})
	}
	return pack(m)
}

func (a *answer) quotaFailure() *anypb.Any {
	metrics := a.names("quota")
	if metrics == nil {
		return nil
	}
	m := &errdetails.QuotaFailure{}
	for _, subject := range a.subjects(metrics, "quota") {
		m.Violations = append(m.Violations, &errdetails.QuotaFailure_Violation{QuotaMetric: metrics[0], Subject: subject, Description: a.english})
	}
	return pack(m)
}

func (a *answer) resourceInfo() *anypb.Any {
	types := a.names("resource")
	if types == nil {
		return nil
	}
	info := &errdetails.ResourceInfo{ResourceType: domain + "/" + types[0], Description: a.english}
	if a.item.Kind == types[0] {
		info.ResourceName = a.cut("id", a.item.ID, maxID)
	}
	return pack(info)
}

func (a *answer) requestInfo() *anypb.Any {
	if a.envelope.RequestID == "" {
		return nil
	}
	id := a.cut("requestId", a.envelope.RequestID, maxID)
	return packed(&a.memory.request, requestType, appendText(nil, 1, id))
}

// help points to upstream's page, if the code stands on it.
func (a *answer) help() *anypb.Any {
	if !catalog.Ours(a.code) || a.Source != catalog.Page {
		return nil
	}
	if !a.limits.help {
		a.cutOut("help")
		return nil
	}
	return pack(&errdetails.Help{Links: []*errdetails.Help_Link{{Description: "Huawei Cloud's page of error codes (in Chinese)", Url: helpURL}}})
}
