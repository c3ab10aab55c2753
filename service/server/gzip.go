package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"runtime"
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

// cameIn is how many bytes a message came in, and whether it came packed.
func cameIn(data mem.BufferSlice) (wire int, packed bool) {
	if len(data) > 0 && bytes.HasPrefix(data[0].ReadOnlyData(), []byte(packedMark)) {
		return data.Len() - len(packedMark), true
	}
	return data.Len(), false
}

// An unpacker unpacks few messages at once: each may need a thousand times the memory that it came in, before anybody can count it.
type unpacker struct {
	places  chan struct{}
	readers sync.Pool // of *gzip.Reader, which are large
}

func newUnpacker() *unpacker {
	return &unpacker{make(chan struct{}, runtime.GOMAXPROCS(0)), sync.Pool{New: func() any { return new(gzip.Reader) }}}
}

// unpack answers with at most one byte more than the limit.
func (u *unpacker) unpack(data mem.BufferSlice, limit int) (mem.BufferSlice, error) {
	u.places <- struct{}{}
	defer func() { <-u.places }()
	packed := data.Reader()
	defer packed.Close()
	if _, err := packed.Discard(len(packedMark)); err != nil {
		return nil, err
	}
	reader := u.readers.Get().(*gzip.Reader)
	defer u.readers.Put(reader)
	if err := reader.Reset(packed); err != nil {
		return nil, err
	}
	message, err := mem.ReadAll(io.LimitReader(reader, int64(limit)+1), mem.DefaultBufferPool())
	if err != nil {
		message.Free()
		return nil, err
	}
	return message, nil
}
