package rpc_test

import (
	"context"
	"sync/atomic"

	"google.golang.org/grpc/stats"
)

// An attemptCounter is a stats.Handler that counts the attempts of calls.
type attemptCounter struct{ sent atomic.Int64 }

// TagRPC implements stats.Handler.
func (a *attemptCounter) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC counts the request headers that are sent.
func (a *attemptCounter) HandleRPC(_ context.Context, s stats.RPCStats) {
	if _, ok := s.(*stats.OutHeader); ok {
		a.sent.Add(1)
	}
}

// TagConn implements stats.Handler.
func (a *attemptCounter) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return ctx
}

// HandleConn implements stats.Handler.
func (a *attemptCounter) HandleConn(context.Context, stats.ConnStats) {}
