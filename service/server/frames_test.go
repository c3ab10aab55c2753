package server

import (
	"bytes"
	"io"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// A call as its peer sends it, in pieces of any size, is counted until its end, whoever sends that.
func TestWhatCameIsCountedByFrames(t *testing.T) {
	t.Parallel()
	var sent, ends bytes.Buffer
	sent.WriteString(http2.ClientPreface)
	peer, ours := http2.NewFramer(&sent, nil), http2.NewFramer(&ends, nil)
	must := func(errs ...error) {
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	headers := func(call uint32, end bool) http2.HeadersFrameParam {
		var block bytes.Buffer
		must(hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: ":method", Value: "POST"}))
		return http2.HeadersFrameParam{StreamID: call, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: end}
	}
	must(peer.WriteSettings(), peer.WriteHeaders(headers(1, false)), peer.WriteData(1, false, make([]byte, 1000)), peer.WritePing(false, [8]byte{}),
		peer.WriteHeaders(headers(3, false)), peer.WriteData(3, true, make([]byte, 300)), peer.WriteHeaders(headers(5, false)), peer.WriteData(5, false, make([]byte, 50)),
		peer.WriteRSTStream(5, http2.ErrCodeCancel), peer.WriteData(7, false, make([]byte, 9000)))
	must(ours.WriteSettings(), ours.WriteHeaders(headers(1, false)), ours.WriteData(1, false, make([]byte, 77)), ours.WriteHeaders(headers(1, true)),
		ours.WriteData(5, true, nil))
	for size := 1; size < sent.Len(); size++ {
		l, of := newLedger(1<<30, nil), &origin{}
		f := &framed{ledger: l, of: of, calls: map[uint32]int{}}
		f.in.skip = len(http2.ClientPreface)
		pieces(sent.Bytes(), size, func(piece []byte) { f.look(&f.in, piece, f.received) })
		if got, want := l.total.Load(), int64(1300+2*streamBytes); got != want {
			t.Fatalf("in pieces of %d: %d bytes came, want %d", size, got, want)
		}
		pieces(ends.Bytes(), size, func(piece []byte) { f.look(&f.out, piece, f.sent) })
		if got, want := l.total.Load(), int64(300+streamBytes); got != want {
			t.Fatalf("in pieces of %d: %d bytes are left, want %d", size, got, want)
		}
	}
}

func pieces(all []byte, size int, each func([]byte)) {
	for r := bytes.NewReader(all); r.Len() > 0; {
		piece := make([]byte, min(size, r.Len()))
		_, _ = io.ReadFull(r, piece)
		each(piece)
	}
}
