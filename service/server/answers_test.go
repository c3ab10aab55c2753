package server

import (
	"net"
	"runtime"
	"testing"
	"time"

	"google.golang.org/grpc/mem"
)

// gRPC drops some answers without giving them back, such as those of a call that has just been given up. They are taken off all the same.
func TestAnswersThatAreDroppedAreTakenOff(t *testing.T) {
	t.Parallel()
	for _, size := range []int{10, 1 << 20} {
		l := newLedger(1<<30, nil)
		o := &observer{held: l}
		of := &origin{Addr: &net.TCPAddr{}}
		func() { _ = o.keep(t.Context(), of, mem.BufferSlice{mem.SliceBuffer(make([]byte, size))}) }()
		if got := l.total.Load(); got < int64(size) {
			t.Errorf("%d bytes are counted, want %d at least", got, size)
		}
		for deadline := time.Now().Add(30 * time.Second); l.total.Load() != 0 || of.unread.Load() != 0; runtime.GC() {
			if time.Now().After(deadline) {
				t.Fatalf("%d bytes are counted for ever", l.total.Load())
			}
		}
	}
}
