package server

import (
	"context"
	"fmt"
	"runtime"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// weigh counts an answer, and refuses it if its peer has too much already.
func (o *observer) weigh(ctx context.Context, reply mem.BufferSlice) (mem.BufferSlice, error) {
	of := originOf(ctx)
	if of != nil && of.unread.Load() >= int64(o.held.share()) {
		reply.Free()
		return nil, pushBack(ctx, o.overfull())
	}
	return o.keep(ctx, of, reply), nil
}

// keep counts an answer for as long as gRPC keeps it. It is sent as it is, though its client may take it packed: what gRPC packs it keeps
// in memory of its own, which nobody could count.
func (o *observer) keep(ctx context.Context, of *origin, reply mem.BufferSlice) mem.BufferSlice {
	if of == nil {
		return reply
	}
	_ = grpc.SetSendCompressor(ctx, encoding.Identity) // an error where a stream has begun to answer, and then it has been said
	bytes := reply.Len() + answerBytes
	of.unread.Add(int64(bytes))
	o.held.count(of, amount{held: bytes})
	return watch(reply, part{o.held, of, bytes})
}

// overfull is the error of a call of a connection that has its share.
func (o *observer) overfull() error {
	o.metrics.shed("held")
	return o.busy(fmt.Sprintf("this connection has %d bytes of calls, and of answers that it has not read", o.held.share()), pause())
}

// watch has an answer taken off when gRPC does not need it any more: when its largest part does not.
func watch(data mem.BufferSlice, counted part) mem.BufferSlice {
	largest := 0
	for i, buffer := range data {
		if buffer.Len() > data[largest].Len() {
			largest = i
		}
	}
	if len(data) == 0 || mem.IsBelowBufferPoolingThreshold(cap(data[largest].ReadOnlyData())) {
		data, largest = roomy(data), 0 // gRPC never tells of buffers as small as that
	}
	w := &watched{Buffer: data[largest], part: counted}
	w.data = w.ReadOnlyData()
	w.forgotten = runtime.AddCleanup(w, part.drop, counted) // as gRPC forgets answers of calls that were given up
	data[largest] = mem.NewBuffer(&w.data, w)
	return data
}

// roomy copies a small answer into a larger buffer.
func roomy(data mem.BufferSlice) mem.BufferSlice {
	defer data.Free()
	pool := mem.DefaultBufferPool()
	bytes := pool.Get(answerBytes + 1)
	*bytes = (*bytes)[:data.Len()]
	data.CopyTo(*bytes)
	return mem.BufferSlice{mem.NewBuffer(bytes, pool)}
}

// watched is where one buffer goes back to. It implements mem.BufferPool.
type watched struct {
	mem.Buffer
	part
	data      []byte
	forgotten runtime.Cleanup
}

// Get implements mem.BufferPool. Nobody asks for it.
func (*watched) Get(n int) *[]byte { return mem.DefaultBufferPool().Get(n) }

// Put implements mem.BufferPool.
func (w *watched) Put(*[]byte) {
	w.Free()
	w.forgotten.Stop()
	w.drop()
}
