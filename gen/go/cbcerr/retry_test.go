package cbcerr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
)

// failed returns a translated error with an advice.
func failed(t *testing.T, retry, outcome string, wait ...protoadapt.MessageV1) error {
	t.Helper()
	info := &errdetails.ErrorInfo{Domain: cbcerr.Domain, Metadata: map[string]string{"retry": retry, "outcome": outcome}}
	s, err := status.New(codes.Aborted, "m").WithDetails(append(wait, info)...)
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

func seconds(n time.Duration) protoadapt.MessageV1 {
	return &errdetails.RetryInfo{RetryDelay: durationpb.New(n * time.Second)}
}

func TestShouldRetry(t *testing.T) {
	tests := []struct {
		name       string
		err        error
		idempotent bool
		wait       time.Duration
		ok         bool
	}{
		{"wait", failed(t, "BACKOFF", "NOT_APPLIED", seconds(3)), false, 3 * time.Second, true},
		{"no wait", failed(t, "BACKOFF", "NOT_APPLIED"), false, 0, true},
		{"idempotent", failed(t, "BACKOFF_IF_IDEMPOTENT", "UNKNOWN"), true, 0, true},
		{"not idempotent", failed(t, "BACKOFF_IF_IDEMPOTENT", "UNKNOWN"), false, 0, false},
		{"advice against it", failed(t, "VERIFY_FIRST", "UNKNOWN", seconds(1)), true, 0, false},
		{"network", errors.New("network"), true, 0, false},
	}
	for _, tc := range tests {
		if wait, ok := cbcerr.ShouldRetry(fmt.Errorf("wrapped: %w", tc.err), tc.idempotent); wait != tc.wait || ok != tc.ok {
			t.Errorf("%s: %v, %t", tc.name, wait, ok)
		}
	}
	if wait, ok := cbcerr.ShouldRetry(nil, true); wait != 0 || ok {
		t.Errorf("no error: %v, %t", wait, ok)
	}
}

// Of several errors the most careful advice counts, in either order.
func TestShouldRetry_SeveralErrors(t *testing.T) {
	throttled, badGateway := failed(t, "BACKOFF", "NOT_APPLIED", seconds(1)), failed(t, "VERIFY_FIRST", "UNKNOWN")
	joined, _ := cbcerr.FromError(errors.Join(throttled, badGateway))
	tests := []struct {
		name   string
		others []error
		wait   time.Duration
		ok     bool
	}{
		{"advice against it", []error{badGateway}, 0, false},
		{"advice against it, nested", []error{fmt.Errorf("second: %w", errors.Join(nil, badGateway))}, 0, false},
		{"advice against it, wrapped by FromError", []error{joined}, 0, false},
		{"longer wait", []error{failed(t, "BACKOFF", "NOT_APPLIED", seconds(5))}, 5 * time.Second, true},
		{"shorter wait", []error{failed(t, "BACKOFF", "NOT_APPLIED")}, time.Second, true},
		{"if idempotent", []error{failed(t, "BACKOFF_IF_IDEMPOTENT", "UNKNOWN")}, 0, false},
		{"status of another system", []error{status.Error(codes.Unavailable, "down")}, 0, false},
		{"network", []error{&url.Error{Op: "Post", URL: "https://cbc.example.com", Err: io.EOF}}, 0, false},
		{"deadline", []error{fmt.Errorf("call: %w", context.DeadlineExceeded)}, 0, false},
		{"cancellation", []error{fmt.Errorf("call: %w", context.Canceled)}, 0, false},
		{"body that breaks off", []error{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF)}, 0, false},
		{"connection that ends", []error{io.EOF}, 0, false},
		{"network error of a transport", []error{&url.Error{Op: "Post", URL: "https://cbc.example.com", Err: throttled}}, time.Second, true},
		{"other error", []error{errors.New("placing the order")}, time.Second, true},
	}
	for _, tc := range tests {
		for _, err := range []error{
			errors.Join(append([]error{throttled}, tc.others...)...), errors.Join(append(tc.others, throttled)...),
			fmt.Errorf("%w, then %w", throttled, tc.others[0]),
		} {
			if wait, ok := cbcerr.ShouldRetry(err, false); wait != tc.wait || ok != tc.ok {
				t.Errorf("%s: %v, %t", tc.name, wait, ok)
			}
		}
	}
}

// A nil *Error, as a function with that type of result returns it, permits nothing and does not panic.
func TestError_Nil(t *testing.T) {
	var none *cbcerr.Error
	for _, err := range []error{none, fmt.Errorf("paying: %w", none), errors.Join(failed(t, "BACKOFF", "NOT_APPLIED"), none)} {
		if wait, ok := cbcerr.ShouldRetry(err, true); ok || errors.Is(err, io.EOF) || err.Error() == "" {
			t.Errorf("%v: retry after %v", err, wait)
		}
	}
	if e, ok := cbcerr.FromError(none); ok {
		t.Errorf("FromError: %v", e)
	}
}
