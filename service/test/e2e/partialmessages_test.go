//go:build e2e

package e2e

import (
	"sync"
	"testing"
	"time"
)

const (
	callBytes = 16 << 10 // memory of an open call besides its message
	garbage   = 1.25     // bytes of heap for each live byte, near GOMEMLIMIT
)

// TestMemory_PartialMessages sends parts of messages. The daemon buffers at most connections × --max-streams ×
// (--max-message + 16 KiB), as documented in deploy/operations.md.
func TestMemory_PartialMessages(t *testing.T) {
	message, streams := defaultOf(t, "max-message"), defaultOf(t, "max-streams")
	for _, c := range []struct {
		name         string
		conns, bytes int // of each message
	}{
		{"one window per stream, many connections", manyConns, 48 << 10},
		{"all but one byte, one connection", 1, message - 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := startDaemon(t)
			before := d.peak(t)
			sent := sendPartialMessages(t, d, c.conns, streams, c.bytes, message)
			peak, bound := d.peak(t), float64(c.conns*streams*(c.bytes+callBytes))/(1<<20)
			t.Logf("%d connections × %d streams × (%d bytes + 16 KiB) are %.0f MiB; sent %.0f MiB, peak %.0f MiB, before %.0f MiB",
				c.conns, streams, c.bytes, bound, float64(sent)/(1<<20), peak, before)
			if sent == 0 {
				t.Error("nothing was sent, so the attack had no effect")
			}
			if peak-before > garbage*bound {
				t.Errorf("peak %.0f MiB, want at most %.2f × %.0f MiB more than %.0f", peak, garbage, bound, before)
			}
		})
	}
}

// sendPartialMessages begins messages of maximum size, and sends up to size bytes of each.
func sendPartialMessages(t *testing.T, d *daemon, conns, streams, size, message int) (sent int) {
	var mu sync.Mutex
	var sending sync.WaitGroup
	for range conns {
		p := newRawClient(t, d.grpc, 1<<20)
		windows := make(chan [2]int, 1<<16)
		go p.serve(func(stream uint32, more int) { windows <- [2]int{int(stream), more} })
		sending.Go(func() {
			n := p.fill(streams, size, message, windows)
			mu.Lock()
			defer mu.Unlock()
			sent += n
		})
	}
	sending.Wait()
	return sent
}

// fill sends within the daemon's windows, until they stay closed.
func (c *rawClient) fill(streams, size, message int, windows <-chan [2]int) (sent int) {
	const initial = 65535
	head := framed(make([]byte, message), false)[:5]
	missing, windowOf, connWindow := map[int]int{}, map[int]int{}, initial
	for range streams {
		id, err := c.begin(callMethod, head, false)
		if err != nil {
			return sent
		}
		missing[int(id)], windowOf[int(id)], connWindow = size, initial-len(head), connWindow-len(head)
	}
	zeros := make([]byte, maxFrame)
	for {
		for id, left := range missing {
			for n := min(left, windowOf[id], connWindow, maxFrame); n > 0; n = min(left, windowOf[id], connWindow, maxFrame) {
				c.mu.Lock()
				_ = c.conn.SetWriteDeadline(time.Now().Add(attackTime))
				err := c.WriteData(uint32(id), false, zeros[:n])
				c.mu.Unlock()
				if err != nil {
					return sent
				}
				left, windowOf[id], connWindow, sent = left-n, windowOf[id]-n, connWindow-n, sent+n
			}
			missing[id] = left
		}
		select {
		case w := <-windows:
			if w[0] == 0 {
				connWindow += w[1]
			} else {
				windowOf[w[0]] += w[1]
			}
		case <-time.After(attackTime / 4):
			return sent
		}
	}
}
