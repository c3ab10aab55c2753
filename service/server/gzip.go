package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"sync"

	"google.golang.org/grpc/mem"
)

// packedMark stands before a message that came packed. No message begins like it, as there is no field 0.
const packedMark = "\x00gzip"

// gRPC would unpack a message before anybody knows what it came in, and fail without a reason if it becomes too large. asItCame has it
// handed on packed, behind a mark. It implements grpc.Decompressor, which is one server's own; a compressor of the whole program would
// do this to its clients, too.
type asItCame struct{}

// Type implements grpc.Decompressor.
func (asItCame) Type() string { return "gzip" }

// Do implements grpc.Decompressor.
func (asItCame) Do(packed io.Reader) ([]byte, error) {
	return io.ReadAll(io.MultiReader(strings.NewReader(packedMark), packed))
}

// isPacked tells whether a message came packed.
func isPacked(data mem.BufferSlice) bool {
	return len(data) > 0 && bytes.HasPrefix(data[0].ReadOnlyData(), []byte(packedMark))
}

// An unpacker has what is needed to unpack, which is large.
type unpacker struct{ readers sync.Pool }

func newUnpacker() *unpacker {
	return &unpacker{sync.Pool{New: func() any { return new(gzip.Reader) }}}
}

// unpack answers with at most one byte more than the limit.
func (u *unpacker) unpack(packed []byte, limit int) (mem.Buffer, error) {
	reader := u.readers.Get().(*gzip.Reader)
	defer u.readers.Put(reader)
	if err := reader.Reset(bytes.NewReader(packed)); err != nil {
		return nil, err
	}
	message, err := mem.ReadAll(io.LimitReader(reader, int64(limit)+1), mem.DefaultBufferPool())
	defer message.Free()
	if err != nil {
		return nil, err
	}
	return message.MaterializeToBuffer(mem.DefaultBufferPool()), nil
}
