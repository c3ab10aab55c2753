package server

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// A codec wraps gRPC's protobuf codec. It keeps the error of a malformed message, which grpc-go would turn into INTERNAL
// without a reason. It counts large replies until they are sent, which grpc-go has no hook for.
type codec struct {
	encoding.CodecV2
	interceptors *interceptors
}

// A received is a message to receive, and the result.
type received struct {
	largeSlot
	ctx     context.Context
	message any
	err     error
}

// receive receives a message. The error of a malformed message carries a reason.
func (r *received) receive(decode func(any) error, message any) error {
	r.free()
	r.message, r.err = message, nil
	if err := decode(r); err != nil {
		return err
	}
	return r.err
}

// Unmarshal implements encoding.CodecV2.
func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	r, ok := v.(*received)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	r.err = c.unmarshal(data, r)
	return nil
}

func (c codec) unmarshal(data mem.BufferSlice, r *received) error {
	errors, size := c.interceptors.errors, data.Len()
	if size == len(compressedMarker) && string(data.Materialize()) == compressedMarker {
		return errors.newError(codes.Unimplemented, reasonInvalidRequest, "compressed requests are not supported")
	}
	if size > c.interceptors.maxMessage {
		return errors.requestTooLarge(c.interceptors.maxMessage)
	}
	if err := r.acquire(r.ctx, c.interceptors.large, size); err != nil {
		return err
	}
	if err := c.CodecV2.Unmarshal(data, r.message); err != nil {
		return errors.invalidArgument("not a message of the method's type: " + cleanMessage(err))
	}
	return nil
}

// A largeSlot is the share of a request in the limit of large requests. The zero slot holds none.
type largeSlot struct{ release func() }

// acquire waits until the limit admits a request of this size. Small requests do not wait.
func (s *largeSlot) acquire(ctx context.Context, limit *semaphore.Weighted, bytes int) error {
	if bytes <= largeMessage {
		return nil
	}
	if err := limit.Acquire(ctx, int64(bytes)); err != nil {
		return status.FromContextError(err).Err()
	}
	s.release = func() { limit.Release(int64(bytes)) }
	return nil
}

// free gives the share back.
func (s *largeSlot) free() {
	if s.release != nil {
		s.release()
		s.release = nil
	}
}

// Marshal implements encoding.CodecV2.
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	r, ok := v.(*unsentReply)
	if !ok {
		return c.CodecV2.Marshal(v)
	}
	data, err := proto.Marshal(r.message)
	r.from.unsent.Add(int64(len(data)))
	return mem.BufferSlice{mem.NewBuffer(&data, r)}, err
}

// An unsentReply is a large reply. gRPC buffers it until its client reads, and then frees the buffer.
type unsentReply struct {
	message proto.Message
	from    *connAddr
}

// Get implements mem.BufferPool. It is never called: the reply has its buffer.
func (r *unsentReply) Get(bytes int) *[]byte { return mem.DefaultBufferPool().Get(bytes) }

// Put implements mem.BufferPool.
func (r *unsentReply) Put(data *[]byte) { r.from.unsent.Add(-int64(len(*data))) }

// limitUnsent rejects a large reply while the client's connection has too many that are unsent.
func (i *interceptors) limitUnsent(ctx context.Context, reply any) (any, error) {
	message, ok := reply.(proto.Message)
	client, known := peer.FromContext(ctx)
	if !ok || !known || proto.Size(message) <= largeMessage {
		return reply, nil
	}
	from, ok := client.Addr.(*connAddr)
	if !ok {
		return reply, nil
	}
	if limit := maxUnsent * i.maxMessage; from.unsent.Load() >= int64(limit) {
		i.metrics.shed("unread_answers")
		return nil, i.errors.overloaded(retryDelay(), fmt.Sprintf("the connection has more than %d bytes of answers to read", limit))
	}
	return &unsentReply{message, from}, nil
}

// unaryUnsent limits the unsent replies of unary calls over gRPC. HTTP/1.1 has one reply for each connection.
func (i *interceptors) unaryUnsent(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	reply, err := handle(ctx, request)
	if err != nil {
		return nil, err
	}
	if reply, err = i.limitUnsent(ctx, reply); err != nil {
		return nil, i.reject(ctx, info.FullMethod, err)
	}
	return reply, nil
}

// compressedMarker replaces a compressed message. No valid message begins with it, because field 0 does not exist.
const compressedMarker = "\x00gzip"

// rejectingDecompressor rejects compressed messages: 4 MiB of gzip become 4 GiB. OpenTelemetry's exporters register gzip
// for the whole process.
type rejectingDecompressor struct{}

// Type implements grpc.Decompressor.
func (rejectingDecompressor) Type() string { return "gzip" }

// Do implements grpc.Decompressor. An error from here would reach the client as INTERNAL without a reason.
func (rejectingDecompressor) Do(io.Reader) ([]byte, error) { return []byte(compressedMarker), nil }
