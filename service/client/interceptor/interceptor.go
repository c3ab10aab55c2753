// Package interceptor adapts the errors of package client for the clients of a gRPC server: it translates their texts to
// the language of the caller, and hides those that are about the server's own keys.
//
//	grpc.NewServer(
//		grpc.ChainUnaryInterceptor(interceptor.Unary(slog.Default())),
//		grpc.ChainStreamInterceptor(interceptor.Stream(slog.Default())))
//
// Without it, a server that returns an error of package client sends code and details as they are.
package interceptor

import (
	"context"
	"errors"
	"log/slog"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Unary returns an interceptor of unary calls. It logs hidden errors.
//
// The language is that of the call's metadata accept-language. The message of the status stays as it is, in English and
// with what the server wrapped around the error.
//
// An error with the status UNAUTHENTICATED or the reason ACCESS_DENIED is about the server's keys, not its caller's. It
// becomes INTERNAL without details.
func Unary(logger *slog.Logger) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		response, err := handler(ctx, request)
		return response, adapt(ctx, logger, info.FullMethod, err)
	}
}

// Stream returns an interceptor of streams. It does what Unary does.
func Stream(logger *slog.Logger) grpc.StreamServerInterceptor {
	return func(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		return adapt(stream.Context(), logger, info.FullMethod, handler(server, stream))
	}
}

// adapt returns the error for the caller.
func adapt(ctx context.Context, logger *slog.Logger, method string, err error) error {
	e, ok := cbcerr.FromError(err)
	if !ok {
		return err
	}
	if isAboutOwnKeys(e) {
		logger.ErrorContext(ctx, "the CBC refused this server's keys", "method", method, "error", err)
		return status.Error(codes.Internal, "internal error")
	}
	return localize(metadata.ValueFromIncomingContext(ctx, "accept-language"), err)
}

func isAboutOwnKeys(e *cbcerr.Error) bool {
	return e.Status.GetCode() == int32(codes.Unauthenticated) || e.Reason == cbcerr.ReasonAccessDenied
}

// localize replaces the details of a failure. It returns other errors unchanged, also those that hide a failure behind
// another status.
func localize(languages []string, err error) error {
	var outermost interface{ GRPCStatus() *status.Status }
	errors.As(err, &outermost)
	failure, ok := outermost.(*client.Failure)
	if !ok || len(languages) == 0 {
		return err
	}
	s := status.Convert(err).Proto()
	s.Details = failure.Localize(languages...).Cause.Status.GetDetails()
	return status.ErrorProto(s)
}
