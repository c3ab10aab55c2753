package server

import (
	"context"
	"io"
	"runtime"
	"sync/atomic"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
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
	ctx          context.Context
	message      any
	releaseLarge func() // nil for small messages
	err          error
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

// free releases the message's share of the limit of large requests.
func (r *received) free() {
	if r.releaseLarge != nil {
		r.releaseLarge()
		r.releaseLarge = nil
	}
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

func (c codec) unmarshal(data mem.BufferSlice, r *received) (err error) {
	errors, size := c.interceptors.errors, data.Len()
	if size == len(compressedMarker) && string(data.Materialize()) == compressedMarker {
		return errors.newError(codes.Unimplemented, reasonInvalidRequest, "compressed requests are not supported")
	}
	if size > c.interceptors.maxMessage {
		return errors.requestTooLarge(c.interceptors.maxMessage)
	}
	if r.releaseLarge, err = c.interceptors.acquireLarge(r.ctx, size); err != nil {
		return err
	}
	if err := c.CodecV2.Unmarshal(data, r.message); err != nil {
		return errors.invalidArgument("not a message of the method's type: " + cleanMessage(err))
	}
	return nil
}

// acquireLarge waits until the limit of large requests admits one of this size. Small requests do not wait.
func (i *interceptors) acquireLarge(ctx context.Context, bytes int) (release func(), err error) {
	if bytes <= largeMessage {
		return nil, nil
	}
	if err := i.large.Acquire(ctx, int64(bytes)); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	return func() { i.large.Release(int64(bytes)) }, nil
}

// Marshal implements encoding.CodecV2.
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	message, ok := v.(proto.Message)
	if !ok || proto.Size(message) <= largeMessage {
		return c.CodecV2.Marshal(v)
	}
	data, err := proto.MarshalOptions{UseCachedSize: true}.Marshal(message)
	return mem.BufferSlice{mem.NewBuffer(&data, newUnsentReply(&c.interceptors.unsent, len(data)))}, err
}

// An unsentReply counts the bytes of a large reply that gRPC has not sent yet. gRPC frees the buffer of a sent reply, but
// drops the buffers of a closed connection: the garbage collector finds these.
type unsentReply struct {
	bytes   int64
	total   *atomic.Int64
	cleanup runtime.Cleanup
}

func newUnsentReply(total *atomic.Int64, bytes int) *unsentReply {
	u := &unsentReply{bytes: int64(bytes), total: total}
	total.Add(u.bytes)
	u.cleanup = runtime.AddCleanup(u, func(bytes int64) { total.Add(-bytes) }, u.bytes)
	return u
}

// Get implements mem.BufferPool. It is never called: the reply has its buffer.
func (u *unsentReply) Get(bytes int) *[]byte { return mem.DefaultBufferPool().Get(bytes) }

// Put implements mem.BufferPool.
func (u *unsentReply) Put(*[]byte) {
	u.cleanup.Stop()
	u.total.Add(-u.bytes)
}

// checkUnsent rejects a large reply while too many are unsent.
func (i *interceptors) checkUnsent(reply any) error {
	message, ok := reply.(proto.Message)
	if !ok || i.unsent.Load() < maxUnsent*int64(i.maxMessage) || proto.Size(message) <= largeMessage {
		return nil
	}
	i.metrics.shed("unread_answers")
	return i.errors.overloaded(retryDelay(), "too many large answers wait to be read by clients")
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
