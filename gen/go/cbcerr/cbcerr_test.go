package cbcerr_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// service/conformance tests what all languages have in common. These tests are about Go alone.

func throttled(t *testing.T) error {
	t.Helper()
	s, err := status.New(codes.ResourceExhausted, "Connection request control triggered.").WithDetails(
		&errdetails.ErrorInfo{Reason: "REQUEST_THROTTLED", Domain: cbcerr.Domain, Metadata: map[string]string{"code": "CBC.0250"}})
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

func TestFromError_Wrapped(t *testing.T) {
	e, ok := cbcerr.FromError(fmt.Errorf("placing the order: %w", throttled(t)))
	if !ok || e.Reason != cbcerr.ReasonRequestThrottled || e.Number != errorv1.ErrorCode_ERROR_CODE_CBC_0250 {
		t.Errorf("%+v, %v", e, ok)
	}
	if got, want := e.Status.GetMessage(), "Connection request control triggered."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFromError_OtherErrors(t *testing.T) {
	for _, err := range []error{nil, errors.New("network"), context.Canceled, status.Error(codes.Unavailable, "down")} {
		if e, ok := cbcerr.FromError(err); ok || e != nil {
			t.Errorf("%v: %+v", err, e)
		}
	}
}

// A server that returns the error returns the status as received.
func TestError_PassedOn(t *testing.T) {
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

func TestError_Unwrap(t *testing.T) {
	cause := errors.New("cause")
	e, ok := cbcerr.FromError(fmt.Errorf("%w: %w", cause, throttled(t)))
	if !ok || !errors.Is(e, cause) {
		t.Errorf("%+v, %v does not wrap what it was read from", e, ok)
	}
	if e, _ := cbcerr.FromStatus(e.Status); e.Unwrap() != nil {
		t.Errorf("a status wraps %v", e.Unwrap())
	}
}

func TestError_IsReason(t *testing.T) {
	e, _ := cbcerr.FromError(throttled(t))
	err := fmt.Errorf("placing the order: %w", e)
	if !errors.Is(err, cbcerr.ReasonRequestThrottled) || errors.Is(err, cbcerr.ReasonWrongSite) || errors.Is(err, errors.New("REQUEST_THROTTLED")) {
		t.Errorf("%v is another error", err)
	}
	if reason, ok := errors.AsType[cbcerr.Reason](error(cbcerr.ReasonWrongSite)); !ok || reason.Error() != "WRONG_SITE" {
		t.Errorf("%v, %t", reason, ok)
	}
}

// A reason that is newer than this package stays readable.
func TestFromStatus_NewerReason(t *testing.T) {
	s, err := status.New(codes.Aborted, "m").WithDetails(&errdetails.ErrorInfo{
		Reason: "CARBON_BUDGET_SPENT", Domain: cbcerr.Domain, Metadata: map[string]string{"retry": "TOMORROW", "outcome": "ELSEWHERE"}})
	if err != nil {
		t.Fatal(err)
	}
	e, ok := cbcerr.FromStatus(s.Proto())
	if !ok || e.Reason != "CARBON_BUDGET_SPENT" || e.Retry != "TOMORROW" || e.Outcome != "ELSEWHERE" || e.ShouldRetry(true) {
		t.Errorf("%+v, %v", e, ok)
	}
}

// An Error that was not read from a status is no success and no reason to retry.
func TestError_ZeroValue(t *testing.T) {
	e := new(cbcerr.Error)
	if status.Code(e) != codes.Unknown || e.Error() == "" || e.Unwrap() != nil || e.ShouldRetry(true) || errors.Is(e, cbcerr.ReasonWrongSite) {
		t.Errorf("%v", e)
	}
	if _, ok := cbcerr.ShouldRetry(e, true); ok {
		t.Error("it permits a retry")
	}
}

// The constants are the values of the contract's enums, but for the unspecified one.
func TestConstants(t *testing.T) {
	retry := []cbcerr.RetryAdvice{cbcerr.RetryChangeRequest, cbcerr.RetryFixState, cbcerr.RetryBackoff, cbcerr.RetryBackoffIfIdempotent, cbcerr.RetryVerifyFirst}
	checkConstants(t, retry, "RETRY_ADVICE_", errorv1.RetryAdvice_name)
	outcomes := []cbcerr.Outcome{cbcerr.OutcomeNotApplied, cbcerr.OutcomeApplied, cbcerr.OutcomeAlreadyApplied,
		cbcerr.OutcomePartiallyApplied, cbcerr.OutcomeInProgress, cbcerr.OutcomeUnknown}
	checkConstants(t, outcomes, "OUTCOME_", errorv1.Outcome_name)
}

func checkConstants[C ~string](t *testing.T, constants []C, prefix string, names map[int32]string) {
	t.Helper()
	if len(constants) != len(names)-1 {
		t.Errorf("%d constants for %d values of %s", len(constants), len(names), prefix)
	}
	for i, constant := range constants {
		if want := strings.TrimPrefix(names[int32(i+1)], prefix); string(constant) != want {
			t.Errorf("constant %q, want %q", constant, want)
		}
	}
}

func TestMeaning_UnknownCodes(t *testing.T) {
	for _, number := range []errorv1.ErrorCode{0, -1, 1, 98765432} {
		if m, ok := cbcerr.Meaning(number); ok || m != nil {
			t.Errorf("%d: %v", number, m)
		}
	}
}

func TestMeaningOf(t *testing.T) {
	for code, number := range map[string]errorv1.ErrorCode{"CBC.5003": 5003, "cbc.99003651": 99003651, "Cbc.5003": 5003, "5003": 5003, "CBC.0000": 10000, "CBC.0250": 250} {
		want, known := cbcerr.Meaning(number)
		if got, ok := cbcerr.MeaningOf(code); !known || !ok || got != want {
			t.Errorf("%s: %v, %t, want %v", code, got, ok, want)
		}
	}
	for _, code := range []string{"", "CBC.", "CBC.1", "CBC.250", "CBC.10000", "CBC.00000250", "CBC.5OO3", "503", "05003", "CBC.CBC.5003", "cbc5003", " CBC.5003", "APIGW.5003", "CBC.-003", "CBC.5003.1"} {
		if m, ok := cbcerr.MeaningOf(code); ok || m != nil {
			t.Errorf("%q: %v", code, m)
		}
	}
}
