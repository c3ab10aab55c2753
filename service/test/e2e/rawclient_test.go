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

// A rawClient sends HTTP/2 frames, which a well-behaved client would not.
type rawClient struct {
	*http2.Framer
	conn    net.Conn
	mu      sync.Mutex // guards writes
	encoder *hpack.Encoder
	block   bytes.Buffer
	next    uint32 // stream ID
}

// maxFrame is the frame size that every server accepts.
const maxFrame = 16 << 10

// newRawClient connects, and announces the initial window of its streams.
func newRawClient(t *testing.T, address string, window uint32) *rawClient {
	t.Helper()
	conn := connect(t, address)
	c := &rawClient{Framer: http2.NewFramer(conn, conn), conn: conn, next: 1}
	c.encoder = hpack.NewEncoder(&c.block)
	_, err := io.WriteString(conn, http2.ClientPreface)
	if err == nil {
		err = c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window})
	}
	if err == nil {
		err = c.WriteSettingsAck()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// connect opens a connection with a small receive buffer, so that unread replies stay in the daemon.
func connect(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, hangTimeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	return conn
}

// begin opens a stream and sends data on it, ignoring the window. It returns an error once the daemon reads no more.
func (c *rawClient) begin(method string, data []byte, end bool, more ...hpack.HeaderField) (stream uint32, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stream, c.next = c.next, c.next+2
	_ = c.conn.SetWriteDeadline(time.Now().Add(attackTime))
	c.block.Reset()
	for _, field := range append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":path", Value: method}, {Name: ":authority", Value: "x"},
		{Name: "content-type", Value: "application/grpc"}, {Name: "te", Value: "trailers"},
	}, more...) {
		_ = c.encoder.WriteField(field) // writes to a buffer
	}
	err = c.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: c.block.Bytes(), EndHeaders: true})
	for err == nil && len(data) > 0 {
		n := min(len(data), maxFrame)
		err = c.WriteData(stream, end && n == len(data), data[:n])
		data = data[n:]
	}
	return stream, err
}

// framed returns a message with gRPC's prefix.
func framed(message []byte, compressed bool) []byte {
	data := make([]byte, 5, 5+len(message))
	if compressed {
		data[0] = 1
	}
	binary.BigEndian.PutUint32(data[1:], uint32(len(message)))
	return append(data, message...)
}

// serve acknowledges pings and passes window updates to update, until the connection closes.
func (c *rawClient) serve(update func(stream uint32, more int)) {
	for {
		frame, err := c.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.PingFrame:
			if !frame.IsAck() {
				c.mu.Lock()
				err = c.WritePing(true, frame.Data)
				c.mu.Unlock()
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
