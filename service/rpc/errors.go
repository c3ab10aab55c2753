package rpc

import (
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

// invalid is the error of a request whose field is at fault; it says which limit or rule the field breaks.
func invalid(field, format string, args ...any) error {
	fault := fmt.Sprintf(format, args...)
	return fail(codes.InvalidArgument, invalidRequest, field+": "+fault, nil, &errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: field, Description: fault}},
	})
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
