// Command wrapping is a gRPC server as those of programs that call the CBC: it returns the errors of package client,
// wrapped with %w. Its method is Raise. Command conformance tests that the clients of all languages read these errors.
//
// It logs its address as cbcerrd does, and serves until it is stopped.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/client/interceptor"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	slog.New(slog.NewTextHandler(os.Stderr, nil)).Info("serving", "grpc", listener.Addr())
	server, err := newServer()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.Serve(listener))
}

func newServer() (*grpc.Server, error) {
	t, err := client.New()
	if err != nil {
		return nil, err
	}
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(localesToMetadata, interceptor.Unary(slog.New(slog.DiscardHandler))))
	errorv1.RegisterTranslationServiceServer(s, payments{translator: t})
	return s, nil
}

// localesToMetadata sets the metadata accept-language, where the clients of other services state their languages.
func localesToMetadata(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if r, ok := request.(*errorv1.RaiseRequest); ok {
		ctx = metadata.NewIncomingContext(ctx, metadata.MD{"accept-language": r.GetLocales()})
	}
	return handler(ctx, request)
}

// payments is a service whose calls to the CBC have the responses of its requests.
type payments struct {
	errorv1.UnimplementedTranslationServiceServer
	translator *client.Translator // of responses whose origin is not stated
}

// Raise returns the error of a response, or nothing if the CBC succeeded.
func (p payments) Raise(_ context.Context, request *errorv1.RaiseRequest) (*errorv1.RaiseResponse, error) {
	r := request.GetResponse()
	t, err := p.translatorOf(r.GetOrigin())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	header := http.Header{}
	for name, value := range r.GetHeaders() {
		header.Set(name, value)
	}
	body := bytes.NewReader(append(r.GetRaw(), r.GetText()...)) // one of them is empty
	if err := t.Check(&http.Response{StatusCode: int(r.GetHttpStatus()), Header: header, Body: io.NopCloser(body)}); err != nil {
		return nil, fmt.Errorf("pay: %w", err)
	}
	return &errorv1.RaiseResponse{}, nil
}

func (p payments) translatorOf(o *errorv1.Origin) (*client.Translator, error) {
	if o.GetService() == "" && o.GetSite() == "" {
		return p.translator, nil
	}
	return client.New(client.WithService(o.GetService()), client.WithSite(o.GetSite()))
}
