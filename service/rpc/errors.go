package rpc

import (
	"errors"
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
)

// Domain is the domain of this service's own errors, so that nobody takes them for upstream's.
const Domain = "cbcerr"

// The reasons of this service's own errors.
const (
	invalidRequest  = "INVALID_REQUEST"
	requestTooLarge = "REQUEST_TOO_LARGE"
)

// UnknownCode is the reason of the error that the catalogue does not have a code.
const UnknownCode = "UNKNOWN_CODE"

// A fieldError is the error of a request whose field is at fault. It says which limit or rule the field breaks. It
// becomes a status only if its caller asks for one.
type fieldError struct{ field, fault string }

func invalid(field, format string, args ...any) error {
	return &fieldError{field, fmt.Sprintf(format, args...)}
}

// Error implements error.
func (e *fieldError) Error() string { return e.field + ": " + e.fault }

// GRPCStatus returns INVALID_ARGUMENT with the field in a BadRequest.
func (e *fieldError) GRPCStatus() *status.Status {
	return status.Convert(fail(codes.InvalidArgument, invalidRequest, e.Error(), nil, &errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: e.field, Description: e.fault}},
	}))
}

// within names the field of an error by its path in a larger request.
func within(path string, err error) error {
	if e, ok := errors.AsType[*fieldError](err); ok {
		return &fieldError{path + e.field, e.fault}
	}
	return err
}

// fail is an error of this service.
func fail(code codes.Code, reason, message string, metadata map[string]string, more ...protoadapt.MessageV1) error {
	info := &errdetails.ErrorInfo{Reason: reason, Domain: Domain, Metadata: metadata}
	s, err := status.New(code, message).WithDetails(append([]protoadapt.MessageV1{info}, more...)...)
	if err != nil {
		return status.Error(code, message) // a text that is no UTF-8: better without details than not at all
	}
	return s.Err()
}
