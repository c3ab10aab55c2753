package main

import (
	"context"
	"fmt"
	"net"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// A backend is the service that a command calls: the embedded one or a server. All return the same responses, except that
// REST cannot look up a code that contains a slash.
type backend interface {
	Translate(context.Context, *errorv1.TranslateRequest, ...grpc.CallOption) (*errorv1.TranslateResponse, error)
	GetErrorCode(context.Context, *errorv1.GetErrorCodeRequest, ...grpc.CallOption) (*errorv1.GetErrorCodeResponse, error)
	ListErrorCodes(context.Context, *errorv1.ListErrorCodesRequest, ...grpc.CallOption) (*errorv1.ListErrorCodesResponse, error)
}

// withBackend calls a function with the backend that the flags select. The context has the token and the timeout.
func (o *options) withBackend(ctx context.Context, call func(context.Context, backend) error) error {
	if o.server == "" {
		c, err := catalog.Embedded()
		if err != nil {
			return err
		}
		limits := rpc.DefaultLimits()
		return call(ctx, embedded{rpc.New(c, translate.New(c, limits.Items), limits, "")})
	}
	if token := o.env("CBCERR_TOKEN"); token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}
	if o.timeout <= 0 {
		return fmt.Errorf("--timeout=%v: must be more than 0s", o.timeout)
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	conn, err := dial(o.server)
	if err != nil {
		return err
	}
	return call(ctx, remote{errorv1.NewTranslationServiceClient(conn), errorv1.NewCatalogServiceClient(conn)})
}

// dial returns a connection over REST if the address is a URL, else over gRPC.
func dial(server string) (grpc.ClientConnInterface, error) {
	if strings.HasPrefix(server, "http://") || strings.HasPrefix(server, "https://") {
		return newREST(server)
	}
	if _, _, err := net.SplitHostPort(server); err != nil || strings.Contains(server, "/") {
		return nil, invalidServer(server)
	}
	return grpc.NewClient(server, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// invalidServer returns the error of an address that is neither of gRPC nor of REST.
func invalidServer(server string) error {
	return fmt.Errorf("--server=%q: must be host:port, or a URL such as https://cbcerr.example.com", server)
}

// remote is a backend that calls a server.
type remote struct {
	errorv1.TranslationServiceClient
	errorv1.CatalogServiceClient
}

// embedded is a backend in this process with the embedded catalogue.
type embedded struct{ *rpc.Service }

// Translate implements backend.
func (e embedded) Translate(ctx context.Context, r *errorv1.TranslateRequest, _ ...grpc.CallOption) (*errorv1.TranslateResponse, error) {
	return e.Translation().Translate(ctx, r)
}

// GetErrorCode implements backend.
func (e embedded) GetErrorCode(ctx context.Context, r *errorv1.GetErrorCodeRequest, _ ...grpc.CallOption) (*errorv1.GetErrorCodeResponse, error) {
	return e.Catalog().GetErrorCode(ctx, r)
}

// ListErrorCodes implements backend.
func (e embedded) ListErrorCodes(ctx context.Context, r *errorv1.ListErrorCodesRequest, _ ...grpc.CallOption) (*errorv1.ListErrorCodesResponse, error) {
	return e.Catalog().ListErrorCodes(ctx, r)
}

// userMessage returns the text of an error for users: the code and the message of a status.
func userMessage(err error) string {
	if s, ok := status.FromError(err); ok {
		return s.Code().String() + ": " + s.Message()
	}
	return err.Error()
}
