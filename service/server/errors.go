package server

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// The reasons of errors that the server makes itself.
const (
	invalidRequest  = "INVALID_REQUEST"
	requestTooLarge = "REQUEST_TOO_LARGE"
	overloaded      = "OVERLOADED"
	methodNotFound  = "METHOD_NOT_FOUND"
)

// reasons are the reasons of errors that come without one, from gRPC or the gateway: by their code. Where it has no
// line, the name of the code is the reason.
var reasons = map[codes.Code]string{
	codes.InvalidArgument:   invalidRequest,
	codes.ResourceExhausted: overloaded,
	codes.Unimplemented:     methodNotFound,
}

// A failure makes errors of one domain.
type failure struct{ domain string }

// of is an error with a reason.
func (f failure) of(c codes.Code, reason, message string) error {
	return f.with(status.New(c, message), reason)
}

// quoted is what was received as it may stand in an error and in the log: UTF-8, and not for ever.
func quoted(received string) string { return fmt.Sprintf("%.256s", strings.ToValidUTF8(received, "?")) }

// busy is the error of a call that would have been served at another time, and when that is.
func (f failure) busy(message string, wait time.Duration) error {
	s := status.Convert(f.of(codes.ResourceExhausted, overloaded, message))
	detailed, err := s.WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
	if err != nil {
		return s.Err() // a text that is no UTF-8
	}
	return detailed.Err()
}

// retryDelay is what an error says of when to come back.
func retryDelay(err error) (wait time.Duration, ok bool) {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration(), true
		}
	}
	return 0, false
}

// tooLarge is the error of a request above the limit.
func (f failure) tooLarge(limit int) error {
	return f.of(codes.ResourceExhausted, requestTooLarge, fmt.Sprintf("the request has more than %d bytes", limit))
}

// invalid is the error of a request that cannot be read as a whole; the message says where in it the fault is.
func (f failure) invalid(message string) error {
	message = quoted(message)
	s := status.Convert(f.of(codes.InvalidArgument, invalidRequest, message))
	detailed, err := s.WithDetails(&errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: fieldIn(message), Description: message}},
	})
	if err != nil {
		return s.Err() // a text that is no UTF-8
	}
	return detailed.Err()
}

// fieldIn finds the field that protobuf and the gateway name in their messages; else the fault is in the whole request.
func fieldIn(message string) string {
	for _, quotes := range [][2]string{{`field "`, `"`}, {`parsing "`, `"`}, {"field ", ":"}} {
		_, rest, _ := strings.Cut(message, quotes[0])
		name, _, closed := strings.Cut(rest, quotes[1])
		if closed && name != "" && strings.Trim(name, fieldLetters) == "" {
			return name
		}
	}
	return "request"
}

const fieldLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]-"

// fault is what is wrong, without protobuf's own prefix, whose blank is of a kind that changes from build to build.
func fault(err error) string {
	said := strings.ToValidUTF8(status.Convert(err).Message(), "?") // it may quote what is no text
	return strings.TrimSpace(strings.TrimPrefix(said, "proto:"))
}

// own gives an error a reason if it has none yet; a service's own errors keep theirs.
func (f failure) own(err error) error {
	s := status.Convert(err)
	if err == nil || reasonOf(s) != "" {
		return err
	}
	reason, ok := reasons[s.Code()]
	if !ok {
		reason = code.Code(s.Code()).String()
	}
	return f.with(s, reason)
}

func (f failure) with(s *status.Status, reason string) error {
	detailed, err := s.WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: f.domain})
	if err != nil {
		return s.Err() // a text that is no UTF-8
	}
	return detailed.Err()
}

func reasonOf(s *status.Status) string { return infoOf(s).GetReason() }

// infoOf reads only the detail that it looks for: a translated error has half a dozen.
func infoOf(s *status.Status) *errdetails.ErrorInfo {
	for _, detail := range s.Proto().GetDetails() {
		info := new(errdetails.ErrorInfo)
		if detail.MessageIs(info) && detail.UnmarshalTo(info) == nil {
			return info
		}
	}
	return nil
}
