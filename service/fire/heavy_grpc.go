package main

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// batchMethod is what heavy requests call.
const batchMethod = errorv1.TranslationService_BatchTranslate_FullMethodName

// heavyConns is how many connections there are: so many that none of them waits for room in its window, which would be a queue before
// the daemon's door.
const heavyConns = 32

// heavyGRPC calls on many connections.
func heavyGRPC(d *daemon) (func() verdict, func(), error) {
	var conns []*grpc.ClientConn
	release := func() {
		for _, conn := range conns {
			conn.Close()
		}
	}
	for range heavyConns {
		conn, err := dialOne(new(attempts), d.grpc, nil, grpc.WithInitialWindowSize(1<<20), grpc.WithInitialConnWindowSize(1<<20))
		if err != nil {
			return nil, release, err
		}
		conns = append(conns, conn)
	}
	var n atomic.Int64
	call, err := heavyCalls(heavyWay{
		write: func(m *errorv1.BatchTranslateRequest) ([]byte, error) { return proto.Marshal(m) },
		read:  func(b []byte, m *errorv1.BatchTranslateResponse) error { return proto.Unmarshal(b, m) },
		ask:   func(h *heavy) ([]byte, verdict) { return h.askGRPC(conns[int(n.Add(1))%len(conns)]) },
	})
	return call, release, err
}

// askGRPC sends the request and compares the answer.
func (h *heavy) askGRPC(conn grpc.ClientConnInterface) ([]byte, verdict) {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	got := rawAnswer{want: h.want}
	if err := conn.Invoke(ctx, batchMethod, h.request, &got, grpc.ForceCodecV2(rawCodec{})); err != nil {
		return nil, judgeOverload(err)
	}
	if h.want != nil && !got.same {
		return nil, verdict{wrong, "another answer than before"}
	}
	return got.bytes, verdict{}
}

// judgeOverload is judgeCall, and holds clients that are turned away to what they must be told: when to come back.
func judgeOverload(err error) verdict {
	v := judgeCall(err)
	if v.kind == shed && !hasRetryInfo(err) {
		return verdict{failed, "turned away without RetryInfo"}
	}
	return v
}

// hasRetryInfo tells whether an error says when to come back.
func hasRetryInfo(err error) bool {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok && info.GetRetryDelay().AsDuration() > 0 {
			return true
		}
	}
	return false
}

// A rawAnswer is bytes that are compared where they are, or kept where there is nothing to compare with.
type rawAnswer struct {
	want, bytes []byte
	same        bool
}

// rawCodec sends bytes as they are. It implements encoding.CodecV2.
type rawCodec struct{}

// Name implements encoding.CodecV2.
func (rawCodec) Name() string { return "proto" }

// Marshal implements encoding.CodecV2.
func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	raw, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("no bytes: %T", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(raw)}, nil
}

// Unmarshal implements encoding.CodecV2.
func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	answer, ok := v.(*rawAnswer)
	if !ok {
		return fmt.Errorf("no raw answer: %T", v)
	}
	if answer.want == nil {
		answer.bytes = data.Materialize()
		return nil
	}
	rest := answer.want
	for _, part := range data {
		part := part.ReadOnlyData()
		if len(part) > len(rest) || !bytes.Equal(part, rest[:len(part)]) {
			return nil
		}
		rest = rest[len(part):]
	}
	answer.same = len(rest) == 0
	return nil
}
