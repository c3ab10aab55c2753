//go:build !race

package rpc_test

import (
	"fmt"
	"runtime"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// The heap after 100,000 requests is that after 1,000. The race detector is excluded, as it allocates memory itself.
func TestStreamTranslate_Memory(t *testing.T) {
	stream, _ := openStream(t, t.Context())
	const all, early = 100_000, 1_000
	go func() {
		request := &errorv1.StreamTranslateRequest{Request: newRequest(400, documentedBody)}
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
		response, err := stream.Recv()
		if err != nil || response.GetId() != fmt.Sprint(i) || response.GetResult().GetTranslation() == nil {
			t.Fatalf("response %d: %v, %v", i, response, err)
		}
		if i == early {
			atFirst = heap()
		}
	}
	if atLast := heap(); atLast > atFirst+4<<20 {
		t.Errorf("%d bytes after %d requests, %d after %d", atFirst, early, atLast, all)
	}
}

// heap returns the bytes of live objects.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
