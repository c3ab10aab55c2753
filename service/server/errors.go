package server

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
)

// The reasons of the server's own errors.
const (
	reasonInvalidRequest  = "INVALID_REQUEST"
	reasonRequestTooLarge = "REQUEST_TOO_LARGE"
	reasonOverloaded      = "OVERLOADED"
	reasonMethodNotFound  = "METHOD_NOT_FOUND"
	reasonUnauthenticated = "UNAUTHENTICATED"
)

// defaultReasons are the reasons of errors from gRPC or the gateway, by code. For other codes the name of the code is the
// reason.
var defaultReasons = map[codes.Code]string{
	codes.InvalidArgument:   reasonInvalidRequest,
	codes.ResourceExhausted: reasonOverloaded,
	codes.Unimplemented:     reasonMethodNotFound,
}

// An errorFactory makes errors of one domain.
type errorFactory struct{ domain string }

// newError returns an error with a reason and further details. The message may quote bytes that are not UTF-8.
func (f errorFactory) newError(c codes.Code, reason, message string, details ...protoadapt.MessageV1) error {
	return f.withInfo(status.New(c, strings.ToValidUTF8(message, "?")), reason, details...)
}

// withInfo adds an ErrorInfo and further details to a status. A message that is not UTF-8 cannot carry details.
func (f errorFactory) withInfo(s *status.Status, reason string, details ...protoadapt.MessageV1) error {
	info := &errdetails.ErrorInfo{Reason: reason, Domain: f.domain}
	detailed, err := s.WithDetails(append([]protoadapt.MessageV1{info}, details...)...)
	if err != nil {
		return s.Err()
	}
	return detailed.Err()
}

// withReason gives an error the default reason of its code, unless it has a reason.
func (f errorFactory) withReason(err error) error {
	if err == nil || reasonOf(err) != "" {
		return err
	}
	s := status.Convert(err)
	reason, ok := defaultReasons[s.Code()]
	if !ok {
		reason = code.Code(s.Code()).String()
	}
	return f.withInfo(s, reason)
}

// overloaded returns the error of a call that the client should retry after the delay.
func (f errorFactory) overloaded(delay time.Duration, message string) error {
	return f.newError(codes.ResourceExhausted, reasonOverloaded, message, &errdetails.RetryInfo{RetryDelay: durationpb.New(delay)})
}

// requestTooLarge returns the error of a request above the limit in bytes.
func (f errorFactory) requestTooLarge(limit int) error {
	return f.newError(codes.ResourceExhausted, reasonRequestTooLarge, fmt.Sprintf("the request has more than %d bytes", limit))
}

// invalidArgument returns the error of a malformed request. Its BadRequest names the field that the message names.
func (f errorFactory) invalidArgument(message string) error {
	message = sanitize(message)
	return f.newError(codes.InvalidArgument, reasonInvalidRequest, message, &errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: fieldName(message), Description: message}},
	})
}

// fieldName returns the field that an error message of protobuf or the gateway names, or "request" if it names none.
func fieldName(message string) string {
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

// sanitize returns client text for an error or the log: valid UTF-8, at most 256 characters.
func sanitize(text string) string { return fmt.Sprintf("%.256s", strings.ToValidUTF8(text, "?")) }

// cleanMessage returns the message of an error without protobuf's prefix, whose white space differs between builds.
func cleanMessage(err error) string {
	message := strings.ToValidUTF8(status.Convert(err).Message(), "?")
	return strings.TrimSpace(strings.TrimPrefix(message, "proto:"))
}

// reasonOf returns the reason of an error, empty if it has none.
func reasonOf(err error) string { return errorInfoOf(err).GetReason() }

// errorInfoOf returns the ErrorInfo of an error, nil if it has none.
func errorInfoOf(err error) *errdetails.ErrorInfo { return detailOf[errdetails.ErrorInfo](err) }

// invalidFields returns the fields that an error rejects, separated by commas, empty if it names none.
func invalidFields(err error) string {
	var fields []string
	for _, violation := range detailOf[errdetails.BadRequest](err).GetFieldViolations() {
		fields = append(fields, violation.GetField())
	}
	return sanitize(strings.Join(fields, ","))
}

// detailOf returns the first detail of a type, nil if an error has none. It unmarshals no other detail.
func detailOf[T any, M interface {
	*T
	proto.Message
}](err error) M {
	if err == nil {
		return nil
	}
	for _, packed := range status.Convert(err).Proto().GetDetails() {
		detail := M(new(T))
		if packed.MessageIs(detail) && packed.UnmarshalTo(detail) == nil {
			return detail
		}
	}
	return nil
}
