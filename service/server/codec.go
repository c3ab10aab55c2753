package server

import (
	"context"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

// A raw message is one as it was received, to be read later: gRPC would write a status of its own, without a reason, as
// soon as a codec fails, and leave the method nothing to say.
type raw struct {
	wire   int        // bytes that it came in
	packed bool       // and is to be unpacked
	bytes  mem.Buffer // nil where it cannot be read
	err    error
}

// size is how many bytes it has.
func (m *raw) size() int {
	if m.bytes == nil {
		return 0
	}
	return m.bytes.Len()
}

// free gives the bytes back.
func (m *raw) free() {
	if m.bytes != nil {
		m.bytes.Free()
	}
}

// written is a message that a shortcut has written.
type written struct{ mem.BufferSlice }

// A lenient codec is the one of protobuf, but it takes messages as they are where that is asked for. It tells those that
// are too large apart up to what gRPC reads at all.
type lenient struct {
	encoding.CodecV2
	failure
	*unpacker
	limit int
}

// Marshal implements encoding.CodecV2.
func (c lenient) Marshal(v any) (mem.BufferSlice, error) {
	if w, ok := v.(written); ok {
		return w.BufferSlice, nil
	}
	return c.CodecV2.Marshal(v)
}

// Unmarshal implements encoding.CodecV2.
func (c lenient) Unmarshal(data mem.BufferSlice, v any) error {
	to, ok := v.(*raw)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	*to = raw{wire: data.Len(), packed: isPacked(data)}
	if to.packed {
		to.wire -= len(packedMark)
	}
	if to.wire > c.limit {
		to.packed, to.err = false, c.tooLarge(c.limit)
		return nil
	}
	to.bytes = data.MaterializeToBuffer(mem.DefaultBufferPool())
	return nil
}

// unpack unpacks a raw message that came packed.
func (c lenient) unpack(m *raw) {
	packed := m.bytes
	defer packed.Free()
	m.packed, m.bytes = false, nil
	message, err := c.unpacker.unpack(packed.ReadOnlyData()[len(packedMark):], c.limit)
	switch {
	case err != nil:
		m.err = c.invalid("not packed as gzip: " + err.Error())
	case message.Len() > c.limit:
		message.Free()
		m.err = c.tooLarge(c.limit)
	default:
		m.bytes = message
	}
}

// read reads a raw message, and explains why it cannot be read.
func (o *observer) read(m *raw, to any) error {
	err := m.err
	if err == nil {
		err = o.fewEnough(m.bytes.ReadOnlyData(), to)
	}
	if err == nil {
		err = o.codec.CodecV2.Unmarshal(mem.BufferSlice{m.bytes}, to)
	}
	if err != nil && reasonOf(status.Convert(err)) == "" {
		err = o.invalid("not a message of the method's type: " + fault(err))
	}
	return err
}

// A shortcut answers the bytes of a request with the bytes of its reply, or declines: then the request is read as a message
// and answered as if there were no shortcut. It keeps nothing of the request.
type shortcut = func(ctx context.Context, request []byte) (reply mem.BufferSlice, ok bool)

// shortcutter is a service that has shortcuts, by the full names of unary methods, and of streams that answer each message
// before they read the next.
type shortcutter interface{ Shortcuts() map[string]shortcut }

func shortcutsOf(service Service) map[string]shortcut {
	if s, ok := service.(shortcutter); ok {
		return s.Shortcuts()
	}
	return nil
}

// maxShort is the largest request that a shortcut is tried on: it may copy what it works on, and larger ones are rare.
const maxShort = 1 << 20

// shortly tries a shortcut on a message, where there is one.
func (m *raw) shortly(ctx context.Context, short shortcut) (reply mem.BufferSlice, ok bool) {
	if short == nil || m.bytes == nil || m.bytes.Len() > maxShort {
		return nil, false
	}
	return short(ctx, m.bytes.ReadOnlyData())
}
