package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/proto"
)

// holdingConns is how many connections make the daemon keep what they send.
const holdingConns = 60

// heldOpen has connections open as many calls as they may, one connection after another, and keep them.
func heldOpen(ctx context.Context, t *target, open func(*peer) error) (string, error) {
	return manyConns(ctx, t.grpc, holdingConns, "requests", func(conn net.Conn) (calls int) {
		p, err := newPeer(conn, 1<<20)
		if err != nil {
			return 0
		}
		go p.answerPings()
		for calls < 256 && open(p) == nil {
			calls++
		}
		<-ctx.Done()
		return calls
	})
}

// begin begins a call whose message is not complete.
func (p *peer) begin(method string, part []byte, more ...hpack.HeaderField) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := p.stream()
	err := p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: p.headers(method, more...), EndHeaders: true})
	for ; err == nil && len(part) > 0; part = part[min(len(part), maxFrame):] {
		err = p.WriteData(id, false, part[:min(len(part), maxFrame)])
	}
	return err
}

// fatCalls opens calls whose headers are 40 bytes on the wire and 14 KB in memory: HTTP/2 lets a peer repeat itself.
func fatCalls(ctx context.Context, t *target) (string, error) {
	return heldOpen(ctx, t, func(p *peer) error { return p.begin(translateMethod, nil, fatHeaders()...) })
}

// fatWatches does that with watches of the health, which nobody needs a token for.
func fatWatches(ctx context.Context, t *target) (string, error) {
	request, err := proto.Marshal(new(healthpb.HealthCheckRequest))
	if err != nil {
		return "", err
	}
	return heldOpen(ctx, t, func(p *peer) error {
		return p.begin(healthpb.Health_Watch_FullMethodName, framed(request, false), fatHeaders()...)
	})
}

func fatHeaders() (fields []hpack.HeaderField) {
	for range 4 {
		fields = append(fields, hpack.HeaderField{Name: "x-fat", Value: strings.Repeat("v", 3500)})
	}
	return fields
}

// beginnings sends 48 KiB each of messages that are said to have 15 MB, and then nothing.
func beginnings(ctx context.Context, t *target) (string, error) {
	part := framed(make([]byte, 15_000_000), false)[:48<<10]
	return heldOpen(ctx, t, func(p *peer) error { return p.begin(translateMethod, part) })
}

// packed is a request of zeros, which are a thousandth of that on the wire.
func packed(zeros int) ([]byte, error) {
	message, err := proto.Marshal(&errorv1.TranslateRequest{Response: &errorv1.RawResponse{HttpStatus: 400, Body: &errorv1.RawResponse_Raw{Raw: make([]byte, zeros)}}})
	if err != nil {
		return nil, err
	}
	small, err := compressed(message)
	return framed(small, true), err
}

func compressed(message []byte) ([]byte, error) {
	var small bytes.Buffer
	w := gzip.NewWriter(&small)
	_, err := w.Write(message)
	err = errors.Join(err, w.Close())
	return small.Bytes(), err
}

// bombs sends many messages at once that are as large as is allowed, but very well compressed.
func bombs(ctx context.Context, t *target) (string, error) {
	data, err := packed(15 << 20)
	if err != nil {
		return "", err
	}
	return manyConns(ctx, t.grpc, slowConns, "requests", func(conn net.Conn) (sent int) {
		p, err := newPeer(conn, 1<<20)
		if err != nil {
			return 0
		}
		go p.answerPings()
		for ctx.Err() == nil && p.begin(translateMethod, data, hpack.HeaderField{Name: "grpc-encoding", Value: "gzip"}) == nil {
			sent++
		}
		return sent
	})
}

// stopped sends 15 MB each of bodies that are said to have a little more, and then nothing.
func stopped(ctx context.Context, t *target) (string, error) {
	return manyConns(ctx, t.rest, holdingConns, "bytes of 16,000,000 each", func(conn net.Conn) int {
		_ = conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
		fmt.Fprintf(conn, "POST /v1/responses:translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", 16_000_000)
		n, _ := io.WriteString(conn, strings.Repeat(" ", 15_000_000)) // the daemon may close it
		<-ctx.Done()
		return n
	})
}
