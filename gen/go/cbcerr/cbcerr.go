// Package cbcerr is how a Go program reads the errors that cbcerr translates: the typed messages are in the package
// errorv1 beside it, this one has the few words that every program needs. It asks nobody and keeps nothing.
//
//	_, err := client.Raise(ctx, request)
//	if e, ok := cbcerr.FromError(err); ok && e.ShouldRetry(false) { … }
package cbcerr

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Domain is that of the google.rpc.ErrorInfo of every translated error.
const Domain = "cbc.huaweicloud.com"

// Error is an error of the CBC, translated. Quote Code, branch on Reason, show Message. It is what other languages call
// CbcError.
type Error struct {
	Code    string            // upstream's code in its canonical spelling, such as CBC.0250; empty where none was received
	Number  errorv1.ErrorCode // its number, also of a code that is newer than this package; 0 where it has none
	Reason  string            // the constant to branch on, such as REQUEST_THROTTLED; the names are those of errorv1.ErrorReason
	Retry   string            // the name of the advice in errorv1.RetryAdvice, such as BACKOFF
	Outcome string            // what became of the effect, by its name in errorv1.Outcome, such as NOT_APPLIED
	Message string            // the text for people, in the language of Locale
	Locale  string            // a BCP 47 tag, such as zh-CN
	Detail  *errorv1.CbcError // the same by typed enums, and more; nil where the status came without it

	// RetryDelay is how long to wait before a repetition; nil where the error does not say.
	RetryDelay *time.Duration
	// Status is all that was received.
	Status *statuspb.Status
}

// FromError reads the error of Raise, also where other errors wrap it. It is false where err is no error of the CBC: nil,
// an error of the service itself, or one of the network.
func FromError(err error) (*Error, bool) {
	var failed interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &failed) {
		return nil, false
	}
	return FromStatus(failed.GRPCStatus().Proto())
}

// FromStatus reads a status of Translate, BatchTranslate and StreamTranslate, or of a failed item. It is false where the
// status is no error of the CBC: upstream succeeded, or it is another system's. A detail that cannot be read counts as not
// there.
func FromStatus(s *statuspb.Status) (*Error, bool) {
	info := detail[errdetails.ErrorInfo](s)
	if info.GetDomain() != Domain {
		return nil, false
	}
	e := &Error{Code: info.GetMetadata()["code"], Reason: info.GetReason(), Retry: info.GetMetadata()["retry"],
		Outcome: info.GetMetadata()["outcome"], Message: info.GetMetadata()["message"], Locale: info.GetMetadata()["locale"],
		Detail: detail[errorv1.CbcError](s), Status: s}
	if e.Number = e.Detail.GetCode(); e.Number == 0 {
		e.Number = numberOf(e.Code)
	}
	if wait := detail[errdetails.RetryInfo](s).GetRetryDelay(); wait != nil {
		delay := wait.AsDuration()
		e.RetryDelay = &delay
	}
	return e, true
}

// ShouldRetry tells whether the call to upstream is worth repeating, after a wait: where upstream turned it away
// unexecuted, or where it failed inside and repeating it cannot do the thing twice. An advice that is newer than this
// package counts as no.
func (e *Error) ShouldRetry(idempotent bool) bool {
	switch e.Retry {
	case "BACKOFF":
		return true
	case "BACKOFF_IF_IDEMPOTENT":
		return idempotent || e.Outcome == "NOT_APPLIED"
	}
	return false
}

// Error makes an Error a Go error, in words for logs.
func (e *Error) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s", e.Code, e.Reason, e.Status.GetMessage()))
}

// GRPCStatus lets a gRPC server pass the error on as it came.
func (e *Error) GRPCStatus() *status.Status { return status.FromProto(e.Status) }

// Meaning is what the catalogue that this package was generated from says of a code; false for one that it does not have.
func Meaning(number errorv1.ErrorCode) (*errorv1.Meaning, bool) {
	value := number.Descriptor().Values().ByNumber(protoreflect.EnumNumber(number))
	if value == nil {
		return nil, false
	}
	m, ok := proto.GetExtension(value.Options(), errorv1.E_Meaning).(*errorv1.Meaning)
	return m, ok && m != nil
}

// detail is the first detail of a type, nil where there is none that can be read.
func detail[T any, M interface {
	*T
	proto.Message
}](s *statuspb.Status) M {
	for _, packed := range s.GetDetails() {
		m := M(new(T))
		if packed.MessageIs(m) && packed.UnmarshalTo(m) == nil {
			return m
		}
	}
	return nil
}

// numberOf is the contract's rule for a code whose number was lost, as in JSON that names an enum value which is newer
// than the reader: exactly 4 digits, or 8 not beginning with 0.
func numberOf(code string) errorv1.ErrorCode {
	digits, ok := strings.CutPrefix(code, "CBC.")
	if !ok || len(digits) != 4 && len(digits) != 8 || len(digits) == 8 && digits[0] == '0' {
		return 0
	}
	if digits == "0000" {
		return errorv1.ErrorCode_ERROR_CODE_CBC_0000
	}
	var number errorv1.ErrorCode
	for _, digit := range []byte(digits) {
		if digit < '0' || digit > '9' {
			return 0
		}
		number = number*10 + errorv1.ErrorCode(digit-'0')
	}
	return number
}
