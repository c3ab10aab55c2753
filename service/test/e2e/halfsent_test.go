//go:build e2e

package e2e

import (
	"sync"
	"testing"
	"time"
)

const (
	callBytes = 16 << 10 // that an open call takes besides its message
	garbage   = 1.25     // bytes held for each byte in use, as the collector runs near its limit
)

// TestMemory_HalfSentMessages has clients begin messages and never finish them. The daemon holds what they sent: at most
// connections × --max-streams × (--max-message + 16 KiB), as deploy's documentation says. Only a smaller product bounds it.
func TestMemory_HalfSentMessages(t *testing.T) {
	message, streams := limit(t, "max-message"), limit(t, "max-streams")
	for _, c := range []struct {
		name         string
		conns, bytes int // of each message
	}{
		{"a window of each, on many connections", manyConns, 48 << 10},
		{"all but a byte, on one connection", 1, message - 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := startDaemon(t)
			before := d.peak(t)
			sent := halfSent(t, d, c.conns, streams, c.bytes, message)
			peak, bound := d.peak(t), float64(c.conns*streams*(c.bytes+callBytes))/(1<<20)
			t.Logf("%d connections × %d streams × (%d bytes + 16 KiB) are %.0f MiB; sent %.0f MiB, peak %.0f MiB, before %.0f MiB",
				c.conns, streams, c.bytes, bound, float64(sent)/(1<<20), peak, before)
			if sent == 0 {
				t.Error("nothing was sent: this was no attack")
			}
			if peak-before > garbage*bound {
				t.Errorf("peak %.0f MiB, want at most %.2f × %.0f MiB more than %.0f", peak, garbage, bound, before)
			}
		})
	}
}

// halfSent begins messages said to be as large as allowed, and sends as much as it may of each, up to a size.
func halfSent(t *testing.T, d *daemon, conns, streams, size, message int) (sent int) {
	var mu sync.Mutex
	var sending sync.WaitGroup
	for range conns {
		p := newPeer(t, d.grpc, 1<<20)
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

// fill respects the windows that the daemon opens. It ends when they stay closed.
func (p *peer) fill(streams, size, message int, windows <-chan [2]int) (sent int) {
	const initial = 65535
	head := framed(make([]byte, message), false)[:5]
	missing, room, whole := map[int]int{}, map[int]int{}, initial
	for range streams {
		id, err := p.begin(callMethod, head, false)
		if err != nil {
			return sent
		}
		missing[int(id)], room[int(id)], whole = size, initial-len(head), whole-len(head)
	}
	zeros := make([]byte, maxFrame)
	for {
		for id, left := range missing {
			for n := min(left, room[id], whole, maxFrame); n > 0; n = min(left, room[id], whole, maxFrame) {
				p.mu.Lock()
				_ = p.conn.SetWriteDeadline(time.Now().Add(attackTime))
				err := p.WriteData(uint32(id), false, zeros[:n])
				p.mu.Unlock()
				if err != nil {
					return sent
				}
				left, room[id], whole, sent = left-n, room[id]-n, whole-n, sent+n
			}
			missing[id] = left
		}
		select {
		case w := <-windows:
			if w[0] == 0 {
				whole += w[1]
			} else {
				room[w[0]] += w[1]
			}
		case <-time.After(attackTime / 4):
			return sent
		}
	}
}
