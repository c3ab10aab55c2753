package main

import (
	"context"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// A door is a way to the service: the embedded one, or a server's. All of them answer alike, but for a
// code with a slash, which has no address over REST.
type door interface {
	Translate(context.Context, *errorv1.TranslateRequest, ...grpc.CallOption) (*errorv1.TranslateResponse, error)
	GetErrorCode(context.Context, *errorv1.GetErrorCodeRequest, ...grpc.CallOption) (*errorv1.GetErrorCodeResponse, error)
	ListErrorCodes(context.Context, *errorv1.ListErrorCodesRequest, ...grpc.CallOption) (*errorv1.ListErrorCodesResponse, error)
}

// through opens the door that the flags name and lets a command use it for as long as they say.
func (o *options) through(ctx context.Context, use func(context.Context, door) error) error {
	if o.server == "" {
		c, err := catalog.Embedded()
		if err != nil {
			return err
		}
		limits := rpc.DefaultLimits()
		return use(ctx, offline{rpc.New(c, translate.New(c, limits.Items), limits, "")})
	}
	if token := o.env("CBCERR_TOKEN"); token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	conn, err := dial(o.server)
	if err != nil {
		return err
	}
	return use(ctx, online{errorv1.NewTranslationServiceClient(conn), errorv1.NewCatalogServiceClient(conn)})
}

// dial reaches a server over gRPC, or over REST where the address is one of HTTP.
func dial(server string) (grpc.ClientConnInterface, error) {
	if strings.HasPrefix(server, "http://") || strings.HasPrefix(server, "https://") {
		return newREST(server)
	}
	return grpc.NewClient(server, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// online is a server.
type online struct {
	errorv1.TranslationServiceClient
	errorv1.CatalogServiceClient
}

// offline is the service in this process, with the catalogue that it was built with.
type offline struct{ *rpc.Service }

// Translate implements door, as the following do.
func (d offline) Translate(ctx context.Context, r *errorv1.TranslateRequest, _ ...grpc.CallOption) (*errorv1.TranslateResponse, error) {
	return d.Translation().Translate(ctx, r)
}

// GetErrorCode finds a code.
func (d offline) GetErrorCode(ctx context.Context, r *errorv1.GetErrorCodeRequest, _ ...grpc.CallOption) (*errorv1.GetErrorCodeResponse, error) {
	return d.Catalog().GetErrorCode(ctx, r)
}

// ListErrorCodes lists codes.
func (d offline) ListErrorCodes(ctx context.Context, r *errorv1.ListErrorCodesRequest, _ ...grpc.CallOption) (*errorv1.ListErrorCodesResponse, error) {
	return d.Catalog().ListErrorCodes(ctx, r)
}

// reported is an error as people read it: what a service says, without gRPC's frame around it.
func reported(err error) string {
	if s, ok := status.FromError(err); ok {
		return s.Code().String() + ": " + s.Message()
	}
	return err.Error()
}
