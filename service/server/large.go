package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// What a request takes while it is read and answered is many times what it came in: two bytes may become a message of a hundred. So few
// that are large are worked on at once, and none has more values than a batch of a thousand with all that is allowed.
const (
	largeBytes = 64 << 10 // of requests that nobody has to wait for
	maxValues  = 1 << 18  // of others, which as messages are some 30 MiB
)

// few are the places of large requests. Those that wait for one are calls that are worked on, and as limited.
type few struct {
	places  chan struct{}
	waiting load
}

func newFew(c Config) *few {
	return &few{places: make(chan struct{}, min(runtime.GOMAXPROCS(0), shares)), waiting: load{most: int64(c.MaxCalls)}}
}

// enterLarge waits for a place, for as long as the request has somebody who asks it.
func (o *observer) enterLarge(ctx context.Context) (leave func(), err error) {
	f := o.large
	if !f.waiting.enter() {
		return nil, o.full()
	}
	defer f.waiting.leave()
	select {
	case f.places <- struct{}{}:
		return sync.OnceFunc(func() { <-f.places }), nil
	case <-ctx.Done():
		return nil, status.FromContextError(ctx.Err()).Err()
	}
}

// ready unpacks a message that came packed, and has one that is large wait for its place; leave gives that back.
func (o *observer) ready(ctx context.Context, m *raw, held *holding) (leave func(), err error) {
	if !m.packed && m.size() <= largeBytes {
		return func() {}, nil
	}
	if leave, err = o.enterLarge(ctx); err != nil {
		return func() {}, err
	}
	if m.packed {
		before := m.size()
		o.codec.unpack(m)
		held.count(amount{held: m.size() - before})
	}
	if m.size() <= largeBytes {
		leave()
	}
	return leave, nil
}

// fewEnough refuses a large message with too many values, before there is any of them.
func (o *observer) fewEnough(data []byte, to any) error {
	left := maxValues
	if m, ok := to.(proto.Message); ok && len(data) > largeBytes && !valuesFit(data, m.ProtoReflect().Descriptor(), &left) {
		return o.invalid(tooManyValues)
	}
	return nil
}

var tooManyValues = fmt.Sprintf("the request has more than %d values", maxValues)

// valuesFit counts messages, texts and bytes down, and tells whether there are no more than are left. What is broken is for others to find.
func valuesFit(data []byte, of protoreflect.MessageDescriptor, left *int) bool {
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeField(data)
		if n < 0 {
			return true
		}
		if field := of.Fields().ByNumber(number); field != nil && kind == protowire.BytesType {
			_, _, tag := protowire.ConsumeTag(data)
			value, _ := protowire.ConsumeBytes(data[tag:])
			if *left--; *left < 0 || field.Message() != nil && !valuesFit(value, field.Message(), left) {
				return false
			}
		}
		data = data[n:]
	}
	return true
}

// valuesOf counts the values of JSON, about: its marks outside of texts.
func valuesOf(text []byte) (n int) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == '{' || c == '['):
			n++
		}
	}
	return n
}

// A largeBody takes its place when it has come whole: one that comes slowly keeps nobody out.
type largeBody struct {
	io.ReadCloser
	enter   func() (leave func(), err error)
	bytes   int
	leave   func() // nil before
	refused error
}

// Read implements io.Reader.
func (b *largeBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += n
	if err == io.EOF && b.bytes > largeBytes && b.leave == nil {
		if b.leave, b.refused = b.enter(); b.refused != nil {
			return n, b.refused
		}
	}
	return n, err
}

func (b *largeBody) rest() {
	if b.leave != nil {
		b.leave()
	}
}

// An answering writer gives the place of its request back when the answer begins, which a peer may read as slowly as it likes.
type answering struct {
	http.ResponseWriter
	body *largeBody
}

// WriteHeader implements http.ResponseWriter, as the following does.
func (a answering) WriteHeader(status int) {
	a.body.rest()
	a.ResponseWriter.WriteHeader(status)
}

func (a answering) Write(p []byte) (int, error) {
	a.body.rest()
	return a.ResponseWriter.Write(p)
}
