package main

import (
	"net"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// raise returns the status of a call of Raise.
func raise(t *testing.T, body string) *status.Status {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	go func() { _ = s.Serve(listener) }()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	response := &errorv1.RawResponse{HttpStatus: 400, Body: &errorv1.RawResponse_Text{Text: body}}
	_, err = errorv1.NewTranslationServiceClient(conn).Raise(t.Context(), &errorv1.RaiseRequest{Response: response})
	return status.Convert(err)
}

// TestRaise_Wrapped tests that the error is wrapped on its way. Its details are tested by package conformance.
func TestRaise_Wrapped(t *testing.T) {
	got := raise(t, `{"error_code":"CBC.5003"}`)
	if !strings.HasPrefix(got.Message(), "pay: CBC.5003 BALANCE_INSUFFICIENT: ") || len(got.Details()) == 0 {
		t.Errorf("%v", got.Proto())
	}
}

// TestRaise_OwnKeys tests that the interceptor hides an error about the server's own keys.
func TestRaise_OwnKeys(t *testing.T) {
	if got := raise(t, `{"error_code":"CBC.0151"}`); got.Code() != codes.Internal || len(got.Details()) > 0 {
		t.Errorf("%v", got.Proto())
	}
}
