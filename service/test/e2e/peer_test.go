//go:build e2e

package e2e

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// A peer speaks HTTP/2 frame by frame, as no well-behaved client does.
type peer struct {
	*http2.Framer
	conn    net.Conn
	mu      sync.Mutex // of writing
	encoder *hpack.Encoder
	block   bytes.Buffer
	next    uint32 // stream
}

// maxFrame is the largest frame that every server takes.
const maxFrame = 16 << 10

// newPeer connects and announces the window of its streams.
func newPeer(t *testing.T, address string, window uint32) *peer {
	t.Helper()
	conn := connect(t, address)
	p := &peer{Framer: http2.NewFramer(conn, conn), conn: conn, next: 1}
	p.encoder = hpack.NewEncoder(&p.block)
	_, err := io.WriteString(conn, http2.ClientPreface)
	if err == nil {
		err = p.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window})
	}
	if err == nil {
		err = p.WriteSettingsAck()
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// connect keeps the kernel's buffers small, so that what is not read stays in the daemon.
func connect(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, hang)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	return conn
}

// begin opens a stream and sends data on it, without waiting for any window. It returns an error if the daemon takes no more.
func (p *peer) begin(method string, data []byte, end bool, more ...hpack.HeaderField) (stream uint32, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stream, p.next = p.next, p.next+2
	_ = p.conn.SetWriteDeadline(time.Now().Add(attackTime))
	p.block.Reset()
	for _, field := range append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":path", Value: method}, {Name: ":authority", Value: "x"},
		{Name: "content-type", Value: "application/grpc"}, {Name: "te", Value: "trailers"},
	}, more...) {
		_ = p.encoder.WriteField(field) // into memory
	}
	err = p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: p.block.Bytes(), EndHeaders: true})
	for err == nil && len(data) > 0 {
		n := min(len(data), maxFrame)
		err = p.WriteData(stream, end && n == len(data), data[:n])
		data = data[n:]
	}
	return stream, err
}

// framed is a message as gRPC has it on a stream.
func framed(message []byte, compressed bool) []byte {
	data := make([]byte, 5, 5+len(message))
	if compressed {
		data[0] = 1
	}
	binary.BigEndian.PutUint32(data[1:], uint32(len(message)))
	return append(data, message...)
}

// serve answers pings and passes window updates on, until the connection ends.
func (p *peer) serve(update func(stream uint32, more int)) {
	for {
		frame, err := p.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.PingFrame:
			if !frame.IsAck() {
				p.mu.Lock()
				err = p.WritePing(true, frame.Data)
				p.mu.Unlock()
			}
		case *http2.WindowUpdateFrame:
			if update != nil {
				update(frame.StreamID, int(frame.Increment))
			}
		}
		if err != nil {
			return
		}
	}
}
