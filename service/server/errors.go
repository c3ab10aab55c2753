package server

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
)

// The reasons of the server's own errors.
const (
	invalidRequest  = "INVALID_REQUEST"
	requestTooLarge = "REQUEST_TOO_LARGE"
	overloaded      = "OVERLOADED"
	methodNotFound  = "METHOD_NOT_FOUND"
	unauthenticated = "UNAUTHENTICATED"
)

// reasons are the reasons of errors from gRPC or the gateway, by code. For other codes the name of the code is the reason.
var reasons = map[codes.Code]string{
	codes.InvalidArgument:   invalidRequest,
	codes.ResourceExhausted: overloaded,
	codes.Unimplemented:     methodNotFound,
}

// errorMaker makes errors of one domain.
type errorMaker struct{ domain string }

// of returns an error with a reason and further details. Its message may quote bytes that are not UTF-8.
func (e errorMaker) of(c codes.Code, reason, message string, details ...protoadapt.MessageV1) error {
	return e.explained(status.New(c, strings.ToValidUTF8(message, "?")), reason, details...)
}

func (e errorMaker) explained(s *status.Status, reason string, details ...protoadapt.MessageV1) error {
	info := &errdetails.ErrorInfo{Reason: reason, Domain: e.domain}
	detailed, err := s.WithDetails(append([]protoadapt.MessageV1{info}, details...)...)
	if err != nil {
		return s.Err() // its message is not UTF-8
	}
	return detailed.Err()
}

// own gives an error a reason if it has none. A service's own errors keep theirs.
func (e errorMaker) own(err error) error {
	if err == nil || reasonOf(err) != "" {
		return err
	}
	s := status.Convert(err)
	reason, ok := reasons[s.Code()]
	if !ok {
		reason = code.Code(s.Code()).String()
	}
	return e.explained(s, reason)
}

// busy returns the error of a call that the client should repeat after a while.
func (e errorMaker) busy(wait time.Duration, message string) error {
	return e.of(codes.ResourceExhausted, overloaded, message, &errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
}

// tooLarge returns the error of a request above the limit.
func (e errorMaker) tooLarge(limit int) error {
	return e.of(codes.ResourceExhausted, requestTooLarge, fmt.Sprintf("the request has more than %d bytes", limit))
}

// invalid returns the error of a request that cannot be read. The message says where the fault is.
func (e errorMaker) invalid(message string) error {
	message = quoted(message)
	return e.of(codes.InvalidArgument, invalidRequest, message, &errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: fieldIn(message), Description: message}},
	})
}

// fieldIn finds the field that protobuf or the gateway name in their messages; else it returns "request".
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

// quoted returns received text as an error or the log may hold it: UTF-8, at most 256 characters.
func quoted(received string) string { return fmt.Sprintf("%.256s", strings.ToValidUTF8(received, "?")) }

// fault returns the message of an error without protobuf's prefix, whose blank changes from build to build.
func fault(err error) string {
	said := strings.ToValidUTF8(status.Convert(err).Message(), "?")
	return strings.TrimSpace(strings.TrimPrefix(said, "proto:"))
}

func reasonOf(err error) string { return infoOf(err).GetReason() }

// infoOf returns the ErrorInfo of an error, and unmarshals no other detail.
func infoOf(err error) *errdetails.ErrorInfo {
	if err == nil {
		return nil
	}
	for _, detail := range status.Convert(err).Proto().GetDetails() {
		info := new(errdetails.ErrorInfo)
		if detail.MessageIs(info) && detail.UnmarshalTo(info) == nil {
			return info
		}
	}
	return nil
}
