package rpc_test

import (
	"fmt"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
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

// A client has the stubs of both services over one transport, so that tests run the same cases over gRPC and REST.
type client struct {
	name string
	errorv1.TranslationServiceClient
	errorv1.CatalogServiceClient
}

func newClient(name string, conn grpc.ClientConnInterface) client {
	return client{name, errorv1.NewTranslationServiceClient(conn), errorv1.NewCatalogServiceClient(conn)}
}

// newClients starts a server and returns a client for gRPC and one for REST.
func newClients(t *testing.T, changes ...func(*rpc.Limits)) []client {
	t.Helper()
	s := testserver.StartSmall(t, changes...)
	return []client{newClient("gRPC", dial(t, s.GRPCAddr())), newClient("REST", restConn{"http://" + s.HTTPAddr()})}
}

// spelled returns the path of a field as the client's transport writes it: restConn writes JSON names.
func (c client) spelled(field string) string {
	if c.name != "REST" {
		return field
	}
	return strings.NewReplacer("http_status", "httpStatus", "page_size", "pageSize", "page_token", "pageToken").Replace(field)
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

// forEachTransport runs a test as a subtest of each client.
func forEachTransport(t *testing.T, clients []client, test func(*testing.T, client)) {
	t.Helper()
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) { test(t, c) })
	}
}

// wantError checks the code and all details of an error, except the descriptions of violations.
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

// ownInfo returns the ErrorInfo of an error of the service itself.
func ownInfo(reason string) *errdetails.ErrorInfo {
	return &errdetails.ErrorInfo{Reason: reason, Domain: "cbcerr"}
}

// badRequest returns a BadRequest with one field.
func badRequest(field string) *errdetails.BadRequest {
	return &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: field}}}
}

// wantInvalid checks for INVALID_REQUEST with a BadRequest that names the field and whose description has the text.
func wantInvalid(t *testing.T, err error, field, description string) {
	t.Helper()
	wantError(t, err, codes.InvalidArgument, ownInfo("INVALID_REQUEST"), badRequest(field))
	if details := status.Convert(err).Details(); !strings.Contains(fmt.Sprint(details), description) {
		t.Errorf("%v do not contain %q", details, description)
	}
}
