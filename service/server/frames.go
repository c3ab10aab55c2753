package server

import (
	"net"
	"sync"

	"golang.org/x/net/http2"
)

// A framed connection of gRPC knows how much its peer has sent of the calls that there are. gRPC reads on while nobody has asked for what
// comes, and forgets it only with the call; nobody else sees it. So frames are looked at on their way (RFC 9113, 4.1): data come with
// their call, and go with it: when the peer gives it up, or has been sent its end.
type framed struct {
	net.Conn
	ledger  *ledger
	of      *origin
	in, out frames

	mu     sync.Mutex
	last   uint32         // the call that was opened last
	calls  map[uint32]int // how much came of each
	change passage        // since somebody was told
}

// A passage is what has come, and what of it went with its calls.
type passage struct{ came, went, calls int }

// newFramed looks at a connection from its beginning.
func newFramed(conn net.Conn, l *ledger) net.Conn {
	of, ok := conn.RemoteAddr().(*origin)
	if !ok {
		return conn
	}
	f := &framed{Conn: conn, ledger: l, of: of, calls: map[uint32]int{}}
	f.in.skip = len(http2.ClientPreface)
	return f
}

// Read implements net.Conn.
func (f *framed) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	f.look(&f.in, p[:n], f.received)
	return n, err
}

// Write implements net.Conn.
func (f *framed) Write(p []byte) (int, error) {
	n, err := f.Conn.Write(p)
	f.look(&f.out, p[:n], f.sent)
	return n, err
}

func (f *framed) look(at *frames, data []byte, each func(frame)) {
	f.mu.Lock()
	at.look(data, each)
	change := f.change
	f.change = passage{}
	f.mu.Unlock()
	if change != (passage{}) {
		f.ledger.pass(f.of, change)
	}
}

// received looks at a frame of the peer's.
func (f *framed) received(of frame) {
	came, open := f.calls[of.call]
	switch {
	case of.kind == http2.FrameHeaders && of.call > f.last:
		f.last = of.call
		f.calls[of.call] = 0
		f.change.calls++
	case of.kind == http2.FrameData && open:
		f.calls[of.call] = came + of.length
		f.change.came += of.length
	case of.kind == http2.FrameRSTStream:
		f.end(of.call)
	}
}

// sent looks at a frame of ours.
func (f *framed) sent(of frame) {
	ends := (of.kind == http2.FrameHeaders || of.kind == http2.FrameData) && of.flags.Has(http2.FlagHeadersEndStream)
	if ends || of.kind == http2.FrameRSTStream {
		f.end(of.call)
	}
}

func (f *framed) end(call uint32) {
	if came, open := f.calls[call]; open {
		delete(f.calls, call)
		f.change.went += came
		f.change.calls--
	}
}

// A frame is what stands before its payload.
type frame struct {
	kind   http2.FrameType
	flags  http2.Flags
	call   uint32
	length int
}

// frames are one direction of a connection, which comes in pieces of any size.
type frames struct {
	skip int // bytes until the next frame
	head [9]byte
	has  int // bytes of the head
}

// look passes each frame on that begins in the data.
func (f *frames) look(data []byte, each func(frame)) {
	for len(data) > 0 {
		if f.skip > 0 {
			n := min(f.skip, len(data))
			f.skip, data = f.skip-n, data[n:]
			continue
		}
		n := copy(f.head[f.has:], data)
		f.has, data = f.has+n, data[n:]
		if f.has == len(f.head) {
			next := readFrame(f.head)
			f.has, f.skip = 0, next.length
			each(next)
		}
	}
}

func readFrame(head [9]byte) frame {
	const reserved = 1 << 31
	number := func(bytes []byte) (n uint32) {
		for _, b := range bytes {
			n = n<<8 | uint32(b)
		}
		return n
	}
	return frame{http2.FrameType(head[3]), http2.Flags(head[4]), number(head[5:]) &^ reserved, int(number(head[:3]))}
}
