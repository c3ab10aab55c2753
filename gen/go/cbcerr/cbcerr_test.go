package cbcerr_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// What every language has to make of every code is in service/conformance. This is what only Go has.

func throttled(t *testing.T) error {
	t.Helper()
	s, err := status.New(codes.ResourceExhausted, "Connection request control triggered.").WithDetails(
		&errdetails.ErrorInfo{Reason: "REQUEST_THROTTLED", Domain: cbcerr.Domain, Metadata: map[string]string{"code": "CBC.0250"}})
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

// TestWrappedErrorIsFound as it came, without the words around it.
func TestWrappedErrorIsFound(t *testing.T) {
	e, ok := cbcerr.FromError(fmt.Errorf("placing the order: %w", throttled(t)))
	if !ok || e.Reason != "REQUEST_THROTTLED" || e.Number != errorv1.ErrorCode_ERROR_CODE_CBC_0250 {
		t.Errorf("%+v, %v", e, ok)
	}
	if got, want := e.Status.GetMessage(), "Connection request control triggered."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOtherErrorsAreNone(t *testing.T) {
	for _, err := range []error{nil, errors.New("network"), context.Canceled, status.Error(codes.Unavailable, "down")} {
		if e, ok := cbcerr.FromError(err); ok || e != nil {
			t.Errorf("%v: %+v", err, e)
		}
	}
}

// TestErrorIsPassedOn: a server that answers with it answers as it was answered, and it is found again.
func TestErrorIsPassedOn(t *testing.T) {
	e, _ := cbcerr.FromError(throttled(t))
	if got := status.Code(e); got != codes.ResourceExhausted {
		t.Errorf("code %v", got)
	}
	if again, ok := cbcerr.FromError(fmt.Errorf("again: %w", e)); !ok || again.Code != "CBC.0250" {
		t.Errorf("%+v, %v", again, ok)
	}
	if got, want := e.Error(), "CBC.0250 REQUEST_THROTTLED: Connection request control triggered."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMeaningOfUnknownCodes(t *testing.T) {
	for _, number := range []errorv1.ErrorCode{0, -1, 1, 98765432} {
		if m, ok := cbcerr.Meaning(number); ok || m != nil {
			t.Errorf("%d: %v", number, m)
		}
	}
}
