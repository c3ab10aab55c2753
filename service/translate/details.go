package translate

import (
	"slices"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

// domain is the domain of every translated error.
const domain = "cbc.huaweicloud.com"

// helpURL is upstream's page of the codes in Chinese, the original language.
const helpURL = "https://support.huaweicloud.com/api-bpconsole/zh-cn_topic_0081766005.html"

// maxWait is the longest retry delay. Clients that have to wait longer should check the state first.
const maxWait = time.Hour

// A statusBuilder makes the status of a meaning.
type statusBuilder struct {
	*meaning
	*prepared
	origin           Origin
	advice           string // what to do, in the locale
	itemID, itemKind string // of the item that the status is about; empty for the whole response
	limits           limits
	truncated        []string // names of the parts that were shortened or left out
	memory           *memory  // of the status
}

func (t *Translator) newStatusBuilder(m *meaning, origin Origin, locale string) *statusBuilder {
	p := t.prepare(m.row, locale)
	return &statusBuilder{meaning: m, prepared: p, advice: t.advice(m, locale), origin: origin, limits: defaultLimits}
}

// advice returns the sentence of what to do. The sentence of a reason suits only the retry advice of its row: with other
// advice, or that of an HTTP status, the answer has the general sentence.
func (t *Translator) advice(m *meaning, locale string) (text string) {
	if m.isFallback() || m.Retry != m.row.Retry {
		text, _ = t.catalog.GeneralAdvice(m.Retry, locale)
	} else {
		text, _ = t.catalog.Advice(m.Reason, locale)
	}
	return text
}

// memory is the parts of a translation, in one allocation.
type memory struct {
	translation        errorv1.Translation
	status             statuspb.Status
	info, cbc, request anypb.Any
	details            [maxDetails]*anypb.Any
}

// A detail is a standard detail of a status.
type detail struct {
	build  func(*statusBuilder) *anypb.Any // returns nil if the detail does not apply
	varies func(*statusBuilder) bool       // whether the response changes the prepared detail; nil if it always does
}

// details are the standard details in the contract's order.
var details = [maxDetails]detail{
	{(*statusBuilder).errorInfo, nil},
	{(*statusBuilder).cbcError, nil},
	{(*statusBuilder).localizedMessage, func(b *statusBuilder) bool { return b.limits.text != defaultLimits.text }},
	{(*statusBuilder).retryInfo, func(b *statusBuilder) bool { return b.statedWait() != nil || b.Wait != b.row.Wait }},
	{(*statusBuilder).badRequest, changesNames("field")},
	{(*statusBuilder).preconditionFailure, changesNames("precondition")},
	{(*statusBuilder).quotaFailure, changesNames("quota")},
	{(*statusBuilder).resourceInfo, changesNames("resource")},
	requestPlace: {(*statusBuilder).requestInfo, nil},
	{(*statusBuilder).help, func(b *statusBuilder) bool { return b.code != b.row.Code || !b.limits.help }},
}

const (
	maxDetails   = 10
	requestPlace = 8 // of RequestInfo in details
)

// status builds the status. Details may mark what they truncate, so ErrorInfo, the first, is built last.
func (b *statusBuilder) status() *statuspb.Status {
	b.memory = new(memory)
	all := b.details
	for i, d := range slices.Backward(details[:]) {
		if d.varies == nil || d.varies(b) {
			all[i] = d.build(b)
		}
	}
	return b.memory.newStatus(code.Code_value[b.Status], b.english, all[:])
}

// newStatus returns the status with the details that are not nil.
func (m *memory) newStatus(code int32, message string, details []*anypb.Any) *statuspb.Status {
	list := m.details[:0]
	for _, detail := range details {
		if detail != nil {
			list = append(list, detail)
		}
	}
	m.status.Code, m.status.Message, m.status.Details = code, message, list
	return &m.status
}

func (b *statusBuilder) cbcError() *anypb.Any {
	return packInto(&b.memory.cbc, cbcType, marshal(&errorv1.CbcError{
		Code:            errorv1.ErrorCode(catalog.Number(b.code)),
		RawCode:         b.truncate("code", b.raw, maxCode),
		Reason:          b.reason,
		HttpStatus:      int32(b.envelope.HTTPStatus),
		Retry:           errorv1.RetryAdvice(errorv1.RetryAdvice_value["RETRY_ADVICE_"+b.Retry]),
		Outcome:         errorv1.Outcome(errorv1.Outcome_value["OUTCOME_"+b.Outcome]),
		Match:           b.match,
		UpstreamMessage: b.upstreamMessage(),
		OuterCode:       b.truncate("outerCode", b.outer, maxCode),
	}))
}

func (b *statusBuilder) localizedMessage() *anypb.Any {
	return pack(&errdetails.LocalizedMessage{Locale: b.locale, Message: b.truncate("message", b.text, b.limits.text)})
}

// statedWait returns the wait that the response states, or nil.
func (b *statusBuilder) statedWait() *time.Duration {
	if b.envelope.RetryAfter == nil && (b.isFallback() || b.Service != "") {
		return b.envelope.Window
	}
	return b.envelope.RetryAfter
}

// wait returns the retry delay, and whether there is one. The response may replace the wait of a row, but not add one.
func (b *statusBuilder) wait() (wait time.Duration, ok bool) {
	stated := b.statedWait()
	if stated != nil && (b.Wait > 0 || b.isFallback() && b.Retry == "BACKOFF") {
		return min(*stated, maxWait), true
	}
	return min(b.Wait, maxWait), b.Wait > 0
}

func (b *statusBuilder) retryInfo() *anypb.Any {
	wait, ok := b.wait()
	if !ok {
		return nil
	}
	return pack(&errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
}

func (b *statusBuilder) badRequest() *anypb.Any {
	m := &errdetails.BadRequest{}
	for _, field := range b.violations("field") {
		m.FieldViolations = append(m.FieldViolations, &errdetails.BadRequest_FieldViolation{Field: field, Description: b.english})
	}
	return pack(m)
}

func (b *statusBuilder) preconditionFailure() *anypb.Any {
	m := &errdetails.PreconditionFailure{}
	for _, subject := range b.violations("precondition") {
		m.Violations = append(m.Violations, &errdetails.PreconditionFailure_Violation{Type: b.Names("precondition")[0], Subject: subject, Description: b.english})
	}
	return pack(m)
}

func (b *statusBuilder) quotaFailure() *anypb.Any {
	m := &errdetails.QuotaFailure{}
	for _, subject := range b.violations("quota") {
		m.Violations = append(m.Violations, &errdetails.QuotaFailure_Violation{QuotaMetric: b.Names("quota")[0], Subject: subject, Description: b.english})
	}
	return pack(m)
}

func (b *statusBuilder) resourceInfo() *anypb.Any {
	types := b.Names("resource")
	if types == nil {
		return nil
	}
	info := &errdetails.ResourceInfo{ResourceType: domain + "/" + types[0], Description: b.english}
	if b.itemKind == types[0] {
		info.ResourceName = b.truncate("id", b.itemID, maxID)
	}
	return pack(info)
}

func (b *statusBuilder) requestInfo() *anypb.Any {
	id := b.truncate("requestId", b.envelope.RequestID, maxID)
	return packInto(&b.memory.request, requestType, appendText(nil, 1, id))
}

// help links to upstream's page if the code is on it.
func (b *statusBuilder) help() *anypb.Any {
	if !catalog.IsCBC(b.code) || b.Source != catalog.Page {
		return nil
	}
	if !b.limits.help {
		b.markTruncated("help")
		return nil
	}
	return pack(&errdetails.Help{Links: []*errdetails.Help_Link{{Description: "Huawei Cloud's page of error codes (in Chinese)", Url: helpURL}}})
}

// The type URLs of the details that nearly every response changes.
const (
	urlPrefix   = "type.googleapis.com/"
	infoType    = urlPrefix + "google.rpc.ErrorInfo"
	cbcType     = urlPrefix + "cbc.error.v1.CbcError"
	requestType = urlPrefix + "google.rpc.RequestInfo"
)

// packInto sets a detail to the bytes of a message. It returns nil if the message is empty.
func packInto(detail *anypb.Any, url string, value []byte) *anypb.Any {
	if len(value) == 0 {
		return nil
	}
	detail.TypeUrl, detail.Value = url, slices.Clip(value)
	return detail
}

// pack returns a message as a detail, or nil if the message is empty.
func pack(m proto.Message) *anypb.Any {
	return packInto(new(anypb.Any), urlPrefix+string(m.ProtoReflect().Descriptor().FullName()), marshal(m))
}

func marshal(m proto.Message) []byte {
	bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		panic(err) // cannot happen: all texts are valid UTF-8
	}
	return bytes
}
