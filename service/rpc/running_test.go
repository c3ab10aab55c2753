package rpc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
)

// A client reaches both services over one transport. One table of cases holds for both: what differs between gRPC and
// REST is in restConn.
type client struct {
	name string
	errorv1.TranslationServiceClient
	errorv1.CatalogServiceClient
}

func newClient(name string, conn grpc.ClientConnInterface) client {
	return client{name, errorv1.NewTranslationServiceClient(conn), errorv1.NewCatalogServiceClient(conn)}
}

// clients start a server and reach it both ways.
func clients(t *testing.T, changes ...func(*rpc.Limits)) []client {
	t.Helper()
	s := testserver.Start(t, changes...)
	return []client{newClient("gRPC", dial(t, s.GRPCAddr())), newClient("REST", restConn{"http://" + s.HTTPAddr()})}
}

func dial(t *testing.T, address string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// over runs a test over both transports.
func over(t *testing.T, clients []client, test func(*testing.T, client)) {
	t.Helper()
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) { test(t, c) })
	}
}

// wantError holds an error of the service to its code and all its details, but for how a violation is worded.
func wantError(t *testing.T, err error, code codes.Code, details ...any) {
	t.Helper()
	s := status.Convert(err)
	if s.Code() != code {
		t.Errorf("%v, want %v", s, code)
	}
	anyWords := protocmp.IgnoreFields(&errdetails.BadRequest_FieldViolation{}, "description")
	if diff := cmp.Diff(details, s.Details(), protocmp.Transform(), anyWords); diff != "" {
		t.Errorf("details of %v (-want +got)\n%s", s, diff)
	}
}

// own is the ErrorInfo of an error of the service itself.
func own(reason string) *errdetails.ErrorInfo {
	return &errdetails.ErrorInfo{Reason: reason, Domain: "cbcerr"}
}

// badRequest is the BadRequest about one field.
func badRequest(field string) *errdetails.BadRequest {
	return &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: field}}}
}

// wantInvalid holds an error to INVALID_REQUEST with a BadRequest that names the field, and says something of the limit.
func wantInvalid(t *testing.T, err error, field, says string) {
	t.Helper()
	wantError(t, err, codes.InvalidArgument, own("INVALID_REQUEST"), badRequest(field))
	if details := status.Convert(err).Details(); !strings.Contains(fmt.Sprint(details), says) {
		t.Errorf("%v do not say %q", details, says)
	}
}
