package rpc

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
)

// Domain is the ErrorInfo domain of the service's own errors. Translated errors have upstream's domain.
const Domain = "cbcerr"

// The reasons of the service's own errors.
const (
	reasonInvalidRequest  = "INVALID_REQUEST"
	reasonRequestTooLarge = "REQUEST_TOO_LARGE"
)

// UnknownCode is the reason of the error for a code that is not in the catalogue.
const UnknownCode = "UNKNOWN_CODE"

// A fieldError is the error of an invalid request field. It is converted to a status only when it is returned to a client.
type fieldError struct{ field, description string }

func invalidArgument(field, format string, args ...any) error {
	return &fieldError{field, fmt.Sprintf(format, args...)}
}

// Error implements error.
func (e *fieldError) Error() string { return e.field + ": " + e.description }

// GRPCStatus returns INVALID_ARGUMENT with a BadRequest that names the field.
func (e *fieldError) GRPCStatus() *status.Status {
	return status.Convert(newError(codes.InvalidArgument, reasonInvalidRequest, e.Error(), nil, &errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: e.field, Description: e.description}},
	}))
}

// prefixField prepends a path to the field of a fieldError. Other errors are returned unchanged.
func prefixField(path string, err error) error {
	if e, ok := errors.AsType[*fieldError](err); ok {
		return &fieldError{strings.TrimSuffix(path+e.field, "."), e.description}
	}
	return err
}

// newError returns an error of the service itself.
func newError(code codes.Code, reason, message string, metadata map[string]string, details ...protoadapt.MessageV1) error {
	info := &errdetails.ErrorInfo{Reason: reason, Domain: Domain, Metadata: metadata}
	s, err := status.New(code, message).WithDetails(append([]protoadapt.MessageV1{info}, details...)...)
	if err != nil { // the details contain a string that is not valid UTF-8
		return status.Error(code, message)
	}
	return s.Err()
}
