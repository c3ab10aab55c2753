//go:build !race

package rpc_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// A stream may go on for as long as it likes: the memory that 100,000 requests leave behind is what a few leave. The race
// detector is not asked, as it keeps memory of its own.
func TestLongStreamTakesBoundedMemory(t *testing.T) {
	stream, _ := open(t, t.Context())
	const all, early = 100_000, 1_000
	go func() {
		request := &errorv1.StreamTranslateRequest{Request: asked(400, plain)}
		for i := range all {
			request.Id = fmt.Sprint(i)
			if stream.Send(request) != nil {
				return
			}
		}
		_ = stream.CloseSend()
	}()
	var atFirst uint64
	for i := range all {
		answer, err := stream.Recv()
		if err != nil || answer.GetId() != fmt.Sprint(i) || answer.GetResult().GetTranslation() == nil {
			t.Fatalf("answer %d: %v, %v", i, answer, err)
		}
		if i == early {
			atFirst = heap()
		}
	}
	if atLast := heap(); atLast > atFirst+4<<20 {
		t.Errorf("%d bytes after %d requests, %d after %d", atFirst, early, atLast, all)
	}
}

// heap is how much is in use once what is not has been collected.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
