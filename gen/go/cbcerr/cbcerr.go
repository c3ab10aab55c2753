// Package cbcerr reads the errors that cbcerr translates. The typed messages are in the package errorv1; this package has
// what every program needs to handle an error. It makes no calls and keeps no state.
//
//	response, err := client.Translate(ctx, request)
//	if err != nil {
//		return err // of cbcerr itself
//	}
//	if e, failed := cbcerr.FromStatus(response.GetTranslation().GetStatus()); failed && e.Reason == cbcerr.ReasonBalanceInsufficient {
//		return askForPayment(e.Message)
//	}
//
// FromError reads an error that wraps a translated one, such as those of Raise and of package client. MeaningOf looks up what
// a code means.
package cbcerr

import (
	"errors"
	"fmt"
	"strings"
	"time"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
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
//
// If err wraps several errors, such as one of errors.Join, FromError reads the first that has a gRPC status, in the order of
// errors.As. Unwrap still returns all of them, and the function ShouldRetry asks each.
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

// Is reports whether target is the error's Reason, for errors.Is.
func (e *Error) Is(target error) bool { return e != nil && target == e.Reason }

// Error returns code, reason and the English message, for logs.
func (e *Error) Error() string {
	if e == nil || e.Status == nil {
		return errNoStatus
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s", e.Code, e.Reason, e.Status.GetMessage()))
}

// errNoStatus is the text of an Error that was not read from a status.
const errNoStatus = "cbcerr: an Error without a status"

// Unwrap returns the error that FromError read; nil for an Error of FromStatus.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.err
}

// GRPCStatus returns the status as received, so that a gRPC server can return the error unchanged. An Error without a
// status, also a nil one, has the code UNKNOWN.
func (e *Error) GRPCStatus() *status.Status {
	if e == nil || e.Status == nil {
		return status.New(codes.Unknown, errNoStatus)
	}
	return status.FromProto(e.Status)
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
