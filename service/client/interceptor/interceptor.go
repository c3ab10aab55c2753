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
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Unary returns an interceptor of unary calls. It logs hidden errors, to slog.Default() if logger is nil.
//
// The language is that of the call's metadata accept-language. The message of the status stays as it is, in English and
// with what the server wrapped around the error.
//
// An error is about the server's keys or address, not its caller's, if its status is UNAUTHENTICATED, or PERMISSION_DENIED
// with the reason ACCESS_DENIED or IP_ADDRESS_FORBIDDEN, or of a code that cbcerr does not know. It becomes INTERNAL without details, also if it is one of
// several that are joined: gRPC sends the text of all.
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
	if isAboutOwnKeys(err) {
		cmp.Or(logger, slog.Default()).ErrorContext(ctx, "the CBC refused this server's keys", "method", method, "error", err)
		return status.Error(codes.Internal, "internal error")
	}
	return localize(metadata.ValueFromIncomingContext(ctx, "accept-language"), err)
}

// isAboutOwnKeys reports whether an error, or one that it wraps, is about the server's keys. An error with a status of its
// own hides what it wraps.
func isAboutOwnKeys(err error) bool {
	switch e := err.(type) { //nolint:errorlint // it unwraps by itself
	case interface{ GRPCStatus() *status.Status }:
		translated, ok := cbcerr.FromStatus(e.GRPCStatus().Proto())
		return ok && refusesKeys(translated)
	case interface{ Unwrap() error }:
		return isAboutOwnKeys(e.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), isAboutOwnKeys)
	}
	return false
}

// refusals are the reasons with which PERMISSION_DENIED is about the server. The last three may be: IAM has many codes and texts
// for a missing policy.
var refusals = []cbcerr.Reason{
	cbcerr.ReasonAccessDenied, cbcerr.ReasonIPAddressForbidden,
	cbcerr.ReasonUnrecognizedCode, cbcerr.ReasonForeignCode, cbcerr.ReasonUnrecognizedResponse,
}

// refusesKeys reports whether upstream refuses the keys of the call.
func refusesKeys(e *cbcerr.Error) bool {
	switch codes.Code(e.Status.GetCode()) {
	case codes.Unauthenticated:
		return true
	case codes.PermissionDenied:
		return slices.Contains(refusals, e.Reason)
	}
	return false
}

// A failure is a *client.Failure, or an error that embeds one.
type failure interface {
	GRPCStatus() *status.Status
	Localize(languages ...string) *client.Failure
}

// localize replaces the details of a failure. It returns other errors unchanged, also those that hide a failure behind
// another status.
func localize(languages []string, err error) error {
	var outermost interface{ GRPCStatus() *status.Status }
	errors.As(err, &outermost)
	f, ok := outermost.(failure)
	if !ok || len(languages) == 0 {
		return err
	}
	s := status.Convert(err).Proto()
	s.Details = f.Localize(languages...).GRPCStatus().Proto().GetDetails()
	return status.ErrorProto(s)
}
