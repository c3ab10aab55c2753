package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// A peer speaks HTTP/2 frame by frame, as no client does.
type peer struct {
	*http2.Framer
	conn    net.Conn
	mu      sync.Mutex // of writing
	encoder *hpack.Encoder
	block   bytes.Buffer
	next    uint32       // stream
	written atomic.Int64 // frames
}

// Write implements io.Writer for the framer, which writes each frame at once.
func (p *peer) Write(frame []byte) (int, error) {
	n, err := p.conn.Write(frame)
	if err == nil {
		p.written.Add(1)
	}
	return n, err
}

// newPeer begins a connection that says how large the windows of its streams are.
func newPeer(conn net.Conn, window uint32) (*peer, error) {
	p := &peer{conn: conn, next: 1}
	p.Framer = http2.NewFramer(p, conn)
	p.encoder = hpack.NewEncoder(&p.block)
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		return nil, err
	}
	if err := p.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window}); err != nil {
		return nil, err
	}
	return p, p.WriteSettingsAck()
}

// headers are those of a call, and what else is wanted.
func (p *peer) headers(method string, more ...hpack.HeaderField) []byte {
	p.block.Reset()
	for _, field := range append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":path", Value: method}, {Name: ":authority", Value: "x"},
		{Name: "content-type", Value: "application/grpc"}, {Name: "te", Value: "trailers"},
	}, more...) {
		_ = p.encoder.WriteField(field) // into memory
	}
	return bytes.Clone(p.block.Bytes())
}

// stream is the number of the next stream.
func (p *peer) stream() uint32 {
	p.next += 2
	return p.next - 2
}

// maxFrame is the largest frame that every peer takes.
const maxFrame = 16 << 10

// call makes a call without waiting for anything.
func (p *peer) call(method string, message []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := p.stream()
	if err := p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: p.headers(method), EndHeaders: true}); err != nil {
		return err
	}
	data := framed(message, false)
	for len(data) > maxFrame {
		if err := p.WriteData(id, false, data[:maxFrame]); err != nil {
			return err
		}
		data = data[maxFrame:]
	}
	return p.WriteData(id, true, data)
}

// framed is a message as gRPC has it in a stream.
func framed(message []byte, compressed bool) []byte {
	data := make([]byte, 5, 5+len(message))
	if compressed {
		data[0] = 1
	}
	binary.BigEndian.PutUint32(data[1:], uint32(len(message)))
	return append(data, message...)
}

// answerPings keeps the connection alive and reads nothing but what is needed for that.
func (p *peer) answerPings() {
	for {
		frame, err := p.ReadFrame()
		if err != nil {
			return
		}
		if ping, ok := frame.(*http2.PingFrame); ok && !ping.IsAck() {
			p.mu.Lock()
			err = p.WritePing(true, ping.Data)
			p.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}
