package rpc_test

import (
	"context"
	"sync/atomic"

	"google.golang.org/grpc/stats"
)

// attempts counts how often calls are sent.
type attempts struct{ sent atomic.Int64 }

// TagRPC implements stats.Handler, as the following do.
func (a *attempts) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC counts requests as they leave.
func (a *attempts) HandleRPC(_ context.Context, s stats.RPCStats) {
	if _, ok := s.(*stats.OutHeader); ok {
		a.sent.Add(1)
	}
}

// TagConn does nothing.
func (a *attempts) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn does nothing.
func (a *attempts) HandleConn(context.Context, stats.ConnStats) {}
