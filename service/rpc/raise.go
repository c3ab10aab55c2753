package rpc

import (
	"context"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// noRetry tells clients with a retry policy not to repeat the call (gRFC A6): that cannot repeat what upstream was asked
// for, and would have the same answer.
var noRetry = metadata.Pairs("grpc-retry-pushback-ms", "-1")

// Raise fails as the response did.
func (s *translationService) Raise(ctx context.Context, r *errorv1.RaiseRequest) (*errorv1.RaiseResponse, error) {
	t, err := s.one(ctx, "", r)
	if err != nil {
		return nil, err
	}
	if t.GetStatus().GetCode() == int32(codes.OK) {
		return &errorv1.RaiseResponse{}, nil
	}
	if err := grpc.SetTrailer(ctx, noRetry); err != nil {
		return nil, err
	}
	return nil, status.FromProto(t.GetStatus()).Err()
}
