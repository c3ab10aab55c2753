// Package cbcerr reads the errors that cbcerr translates. The typed messages are in the package errorv1; this package has
// what every program needs to handle an error. It makes no calls and keeps no state.
//
//	_, err := client.Raise(ctx, request)
//	if e, ok := cbcerr.FromError(err); ok && e.Reason == cbcerr.ReasonBalanceInsufficient {
//		return askForPayment(e.Message)
//	}
package cbcerr

import (
	"errors"
	"fmt"
	"strings"
	"time"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Domain is the domain of the google.rpc.ErrorInfo of every translated error.
const Domain = "cbc.huaweicloud.com"

// An Error is a translated error of the CBC. Log its Code, branch on its Reason, show its Message. Other languages call it
// CbcError.
type Error struct {
	Code    string            // upstream's code in its canonical spelling, such as CBC.0250; empty if there is none
	Number  errorv1.ErrorCode // number of the code, also of one that is newer than this package; 0 if it has none
	Reason  Reason            // constant to branch on
	Retry   RetryAdvice       // whether and when to retry the call to upstream
	Outcome Outcome           // effect of the call to upstream
	Message string            // text for users, in the language of Locale
	Locale  string            // BCP 47 tag, such as zh-CN
	Advice  string            // what to do, in one sentence for users; empty if the status has none
	Detail  *errorv1.CbcError // typed detail; nil if the status has none

	RetryDelay *time.Duration   // recommended delay before a retry; nil if none is recommended
	Status     *statuspb.Status // whole status as received

	err error
}

// FromError returns the translated error that err is or wraps, such as an error of Raise. It reports false
// for nil, for an error of the service itself, and for a network error.
func FromError(err error) (*Error, bool) {
	var failed interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &failed) {
		return nil, false
	}
	e, ok := FromStatus(failed.GRPCStatus().Proto())
	if ok {
		e.err = err
	}
	return e, ok
}

// FromStatus returns the translated error of a status: of Translate, BatchTranslate or StreamTranslate, or of a failed
// item. It reports false if upstream succeeded, and for a status of another system. Details that cannot be decoded are
// ignored.
func FromStatus(s *statuspb.Status) (*Error, bool) {
	info := detail[errdetails.ErrorInfo](s)
	if info.GetDomain() != Domain {
		return nil, false
	}
	metadata := info.GetMetadata()
	e := &Error{
		Code: metadata["code"], Reason: Reason(info.GetReason()), Retry: RetryAdvice(metadata["retry"]), Outcome: Outcome(metadata["outcome"]),
		Message: metadata["message"], Locale: metadata["locale"], Advice: metadata["advice"], Detail: detail[errorv1.CbcError](s), Status: s,
	}
	if e.Number = e.Detail.GetCode(); e.Number == 0 {
		e.Number = numberOf(e.Code)
	}
	if wait := detail[errdetails.RetryInfo](s).GetRetryDelay(); wait != nil {
		delay := wait.AsDuration()
		e.RetryDelay = &delay
	}
	return e, true
}

// ShouldRetry reports whether the advice permits a retry of the call to upstream, after a delay: upstream rejected it
// before executing it, or failed internally and a second call cannot take effect twice. It reports false for advice that
// is newer than this package.
func (e *Error) ShouldRetry(idempotent bool) bool {
	switch e.Retry {
	case RetryBackoff:
		return true
	case RetryBackoffIfIdempotent:
		return idempotent || e.Outcome == OutcomeNotApplied
	}
	return false
}

// ShouldRetry reports whether the translated error that err is or wraps permits a retry of the call to upstream, and how
// long to wait. If no wait is recommended, it is 0: back off exponentially. It reports false for other errors.
func ShouldRetry(err error, idempotent bool) (wait time.Duration, ok bool) {
	e, translated := FromError(err)
	if !translated || !e.ShouldRetry(idempotent) {
		return 0, false
	}
	if e.RetryDelay != nil {
		wait = *e.RetryDelay
	}
	return wait, true
}

// Is reports whether target is the error's Reason, for errors.Is.
func (e *Error) Is(target error) bool { return target == e.Reason }

// Error returns code, reason and the English message, for logs.
func (e *Error) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s", e.Code, e.Reason, e.Status.GetMessage()))
}

// Unwrap returns the error that FromError read; nil for an Error of FromStatus.
func (e *Error) Unwrap() error { return e.err }

// GRPCStatus returns the status as received, so that a gRPC server can return the error unchanged.
func (e *Error) GRPCStatus() *status.Status { return status.FromProto(e.Status) }

// Meaning returns the meaning of a code in the catalogue of this version. It reports false for an unknown code.
func Meaning(number errorv1.ErrorCode) (*errorv1.Meaning, bool) {
	value := number.Descriptor().Values().ByNumber(protoreflect.EnumNumber(number))
	if value == nil {
		return nil, false
	}
	m, ok := proto.GetExtension(value.Options(), errorv1.E_Meaning).(*errorv1.Meaning)
	return m, ok && m != nil
}

// detail returns the first detail of a type; nil if there is none that can be decoded.
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

// numberOf returns the number of a code of 4 digits, or of 8 that do not begin with 0; else 0. The typed detail lacks the
// number if it was read from JSON that names a code newer than this package.
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
