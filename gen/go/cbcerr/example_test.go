package cbcerr_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// throttledStatus is a status as the service returns it, reduced to the details that the examples read.
func throttledStatus() *status.Status {
	s, err := status.New(codes.ResourceExhausted, "Request control.").WithDetails(
		&errdetails.ErrorInfo{Reason: "REQUEST_THROTTLED", Domain: cbcerr.Domain, Metadata: map[string]string{
			"code": "CBC.0250", "retry": "BACKOFF", "outcome": "NOT_APPLIED", "locale": "en", "message": "Request control.",
		}},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Second)},
	)
	if err != nil {
		panic(err)
	}
	return s
}

func ExampleFromError() {
	err := throttledStatus().Err() // of TranslationServiceClient.Raise
	if e, ok := cbcerr.FromError(err); ok && e.ShouldRetry(false) {
		fmt.Println(e.Code, e.Reason, "wait", *e.RetryDelay)
	}
	// Output: CBC.0250 REQUEST_THROTTLED wait 1s
}

func ExampleShouldRetry() {
	err := fmt.Errorf("paying: %w", throttledStatus().Err())
	if wait, ok := cbcerr.ShouldRetry(err, false); ok {
		fmt.Println("wait", wait)
	}
	// Output: wait 1s
}

// A reason is what errors.Is looks for.
func ExampleReason() {
	e, _ := cbcerr.FromStatus(throttledStatus().Proto())
	err := fmt.Errorf("paying: %w", e)
	fmt.Println(errors.Is(err, cbcerr.ReasonRequestThrottled))
	// Output: true
}

func ExampleFromStatus() {
	s := throttledStatus().Proto() // of TranslateResponse.Translation
	e, ok := cbcerr.FromStatus(s)
	if !ok {
		fmt.Println("upstream succeeded")
		return
	}
	fmt.Println(e.Code, e.Message)
	// Output: CBC.0250 Request control.
}

// Log lines have codes. Their meaning needs no server.
func ExampleMeaningOf() {
	if m, ok := cbcerr.MeaningOf("CBC.5003"); ok {
		fmt.Println(m.GetReason(), m.GetRetry())
	}
	// Output: ERROR_REASON_BALANCE_INSUFFICIENT RETRY_ADVICE_FIX_STATE
}
