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

// A codec is protobuf's, but it keeps the error of a received message, and counts large answers. grpc-go's own turns such
// an error into INTERNAL without a reason, and ends the stream; and grpc-go does not tell how much it has yet to send.
type codec struct {
	encoding.CodecV2
	calls *calls
}

// received is a message to read, and what became of it.
type received struct {
	ctx     context.Context
	message any
	release func() // lets other large requests be worked on; nil for small ones
	err     error
}

// receive reads a message. An error of a message that cannot be read has a reason.
func (r *received) receive(decode func(any) error, message any) error {
	r.free()
	r.message, r.err = message, nil
	if err := decode(r); err != nil {
		return err
	}
	return r.err
}

// free ends the work on the message.
func (r *received) free() {
	if r.release != nil {
		r.release()
		r.release = nil
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
	errors, size := c.calls.errors, data.Len()
	if size == len(compressedMark) && string(data.Materialize()) == compressedMark {
		return errors.of(codes.Unimplemented, invalidRequest, "compressed requests are not supported")
	}
	if size > c.calls.maxMessage {
		return errors.tooLarge(c.calls.maxMessage)
	}
	if r.release, err = c.calls.reserve(r.ctx, size); err != nil {
		return err
	}
	if err := c.CodecV2.Unmarshal(data, r.message); err != nil {
		return errors.invalid("not a message of the method's type: " + fault(err))
	}
	return nil
}

// reserve waits until a large request may be worked on. Small ones need not wait.
func (o *calls) reserve(ctx context.Context, bytes int) (release func(), err error) {
	if bytes <= largeMessage {
		return nil, nil
	}
	if err := o.large.Acquire(ctx, int64(bytes)); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	return func() { o.large.Release(int64(bytes)) }, nil
}

// Marshal implements encoding.CodecV2.
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	message, ok := v.(proto.Message)
	if !ok || proto.Size(message) <= largeMessage {
		return c.CodecV2.Marshal(v)
	}
	data, err := proto.MarshalOptions{UseCachedSize: true}.Marshal(message)
	return mem.BufferSlice{mem.NewBuffer(&data, newUnsent(&c.calls.unsent, len(data)))}, err
}

// An unsent is a large answer that gRPC has not sent yet, as its client does not read. gRPC frees the buffer of an answer
// that it has sent, but drops those of a closed connection: the garbage collector finds these.
type unsent struct {
	bytes   int64
	total   *atomic.Int64
	cleanup runtime.Cleanup
}

func newUnsent(total *atomic.Int64, bytes int) *unsent {
	u := &unsent{bytes: int64(bytes), total: total}
	total.Add(u.bytes)
	u.cleanup = runtime.AddCleanup(u, func(bytes int64) { total.Add(-bytes) }, u.bytes)
	return u
}

// Get implements mem.BufferPool. Nothing calls it: the buffer exists.
func (u *unsent) Get(bytes int) *[]byte { return mem.DefaultBufferPool().Get(bytes) }

// Put implements mem.BufferPool.
func (u *unsent) Put(*[]byte) {
	u.cleanup.Stop()
	u.total.Add(-u.bytes)
}

// checkUnsent refuses a large answer while too many are unsent.
func (o *calls) checkUnsent(answer any) error {
	message, ok := answer.(proto.Message)
	if !ok || o.unsent.Load() < maxUnsent*int64(o.maxMessage) || proto.Size(message) <= largeMessage {
		return nil
	}
	o.metrics.shed("unread_answers")
	return o.errors.busy(backoff(), "too many large answers wait to be read by clients")
}

// compressedMark stands for a compressed message. No message begins like it, as there is no field 0.
const compressedMark = "\x00gzip"

// noDecompressor refuses compressed messages: OpenTelemetry's exporters register gzip for the whole process, and 4 MiB
// of gzip become 4 GiB.
type noDecompressor struct{}

// Type implements grpc.Decompressor.
func (noDecompressor) Type() string { return "gzip" }

// Do implements grpc.Decompressor. An error would reach the client as INTERNAL without a reason.
func (noDecompressor) Do(io.Reader) ([]byte, error) { return []byte(compressedMark), nil }
