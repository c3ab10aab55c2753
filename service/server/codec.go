package server

import (
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

// A received message carries its own error: gRPC would write a status of its own, without a reason, as soon as a codec
// fails, and leave the method nothing to say.
type received struct {
	message any
	err     error
}

// A lenient codec is a codec that reads into received messages without failing. It tells those
// that are too large apart up to what gRPC reads at all.
type lenient struct {
	encoding.CodecV2
	limit int
	large error
}

// Unmarshal implements encoding.CodecV2.
func (c lenient) Unmarshal(data mem.BufferSlice, v any) error {
	to, ok := v.(*received)
	switch {
	case !ok:
		return c.CodecV2.Unmarshal(data, v)
	case data.Len() > c.limit:
		to.err = c.large
	default:
		to.err = c.CodecV2.Unmarshal(data, to.message)
	}
	return nil
}

// readable explains why a received message could not be read.
func (o *observer) readable(method string, m *received) error {
	err := m.err
	if err == nil {
		return nil
	}
	if reasonOf(status.Convert(err)) == "" {
		err = o.invalid("not a message of the method's type: " + fault(err))
	}
	o.record(method, 0, o.slow, err)
	return err
}
