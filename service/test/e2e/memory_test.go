//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/proto"
)

const (
	attackTime  = 4 * time.Second // duration of an attack
	fewConns    = 4               // for clients that send as fast as possible
	manyConns   = 60              // for clients that send what the daemon accepts, and wait
	batchMethod = errorv1.TranslationService_BatchTranslate_FullMethodName
	callMethod  = errorv1.TranslationService_Translate_FullMethodName
)

// limits are the defaults of flags, up to which the attacks send.
type limits struct{ message, streams, header int }

// TestMemory_StaysBelowPodLimit runs each attack against a new daemon, and checks its peak memory. The daemon still serves
// afterwards.
func TestMemory_StaysBelowPodLimit(t *testing.T) {
	l := limits{message: defaultOf(t, "max-message"), streams: defaultOf(t, "max-streams"), header: defaultOf(t, "max-header")}
	for _, a := range []struct {
		name string
		run  func(context.Context, *testing.T, *daemon, limits)
	}{
		{"unread replies, closed gRPC windows", closedWindows},
		{"unread replies, endless small calls", smallCalls},
		{"unread replies, gRPC sockets", unreadSockets},
		{"unread replies, streams", unreadStreams},
		{"unread replies, REST sockets", unreadREST},
		{"gzip bombs", gzipBombs},
		{"gzip bombs of maximum size", largeGzipBombs},
		{"many values, gRPC", manyValues},
		{"many values, REST", manyValuesREST},
		{"large headers, gRPC", largeHeaders},
		{"large headers, REST", largeHeadersREST},
	} {
		t.Run(a.name, func(t *testing.T) {
			d := startDaemon(t)
			before := d.peak(t)
			ctx, cancel := context.WithTimeout(t.Context(), attackTime)
			defer cancel()
			a.run(ctx, t, d, l)
			<-ctx.Done()
			peak := d.peak(t)
			t.Logf("peak %.0f MiB, before %.0f MiB", peak, before)
			if peak >= podMemory {
				t.Errorf("peak %.0f MiB, want less than %d", peak, podMemory)
			}
			d.requireReplies(t)
		})
	}
}

// requireReplies makes a call on a new connection to each port.
func (d *daemon) requireReplies(t *testing.T) {
	t.Helper()
	c := new(tally)
	c.once(overGRPC(dial(t, d.grpc, nil)), &samples[0])
	c.once(overREST(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+d.rest, ""), &samples[1])
	if c.succeeded.Load() != 2 {
		t.Errorf("after the attack: %v", c.failed)
	}
}

// largeBatch returns a request whose reply has hundreds of KiB.
func largeBatch(t *testing.T) []byte {
	t.Helper()
	batch := new(errorv1.BatchTranslateRequest)
	for i := range 500 {
		batch.Requests = append(batch.Requests, samples[i%len(samples)].request())
	}
	return framed(marshal(t, batch), false)
}

func marshal(t *testing.T, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// flood makes calls on raw connections until the context ends, the daemon reads no more, or each has begun the number of calls.
func flood(ctx context.Context, t *testing.T, d *daemon, conns, calls int, window uint32, reads bool, method string, data []byte, end bool, more ...hpack.HeaderField) {
	t.Helper()
	var sending sync.WaitGroup
	var sent sync.Map
	for i := range conns {
		p := newRawClient(t, d.grpc, window)
		if reads {
			go p.serve(nil)
		}
		sending.Go(func() {
			n := 0
			for n < calls && ctx.Err() == nil {
				if _, err := p.begin(method, data, end, more...); err != nil {
					break
				}
				n++
			}
			sent.Store(i, n)
		})
	}
	sending.Wait()
	total := 0
	sent.Range(func(_, n any) bool { total += n.(int); return true })
	t.Logf("%d connections sent %d requests of %d bytes", conns, total, len(data))
	if total == 0 {
		t.Error("nothing was sent, so the attack had no effect")
	}
}

// endless exceeds the calls of any attack.
const endless = 1 << 30

func closedWindows(ctx context.Context, t *testing.T, d *daemon, l limits) {
	flood(ctx, t, d, fewConns, l.streams, 0, true, batchMethod, largeBatch(t), true)
}

func smallCalls(ctx context.Context, t *testing.T, d *daemon, _ limits) {
	flood(ctx, t, d, fewConns, endless, 0, true, callMethod, framed(marshal(t, samples[0].request()), false), true)
}

func unreadSockets(ctx context.Context, t *testing.T, d *daemon, _ limits) {
	flood(ctx, t, d, fewConns, endless, 1<<30, false, batchMethod, largeBatch(t), true)
}

// largeHeaders opens calls with headers of maximum size. HPACK sends a repeated header in a byte or two.
func largeHeaders(ctx context.Context, t *testing.T, d *daemon, l limits) {
	const parts = 8
	var fields []hpack.HeaderField
	for range parts {
		fields = append(fields, hpack.HeaderField{Name: "x-large", Value: strings.Repeat("v", l.header/4/parts-200)})
	}
	flood(ctx, t, d, manyConns, l.streams, 1<<20, true, callMethod, nil, false, fields...)
}

func largeHeadersREST(ctx context.Context, t *testing.T, d *daemon, l limits) {
	eachConn(ctx, t, d.rest, manyConns, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "POST /v1/responses:translate HTTP/1.1\r\nHost: x\r\nX-Large: %s\r\nContent-Length: 10\r\n\r\n", strings.Repeat("v", l.header-4<<10))
		<-ctx.Done()
		return err
	})
}

// unreadREST requests the whole catalog repeatedly, and reads nothing.
func unreadREST(ctx context.Context, t *testing.T, d *daemon, _ limits) {
	eachConn(ctx, t, d.rest, 200, func(w io.Writer) (err error) {
		for ctx.Err() == nil && err == nil {
			_, err = io.WriteString(w, "GET /v1/codes?pageSize=1000 HTTP/1.1\r\nHost: x\r\n\r\n")
		}
		return nil
	})
}

func eachConn(_ context.Context, t *testing.T, address string, n int, send func(io.Writer) error) {
	t.Helper()
	var sending sync.WaitGroup
	for range n {
		conn := connect(t, address)
		_ = conn.SetWriteDeadline(time.Now().Add(attackTime))
		sending.Go(func() {
			if err := send(conn); err != nil {
				t.Errorf("nothing was sent: %v", err)
			}
		})
	}
	sending.Wait()
}

// unreadStreams sends on the maximum number of streams, and reads no reply.
func unreadStreams(ctx context.Context, t *testing.T, d *daemon, l limits) {
	var sending sync.WaitGroup
	for range fewConns {
		client := errorv1.NewTranslationServiceClient(dial(t, d.grpc, nil))
		for range l.streams {
			sending.Go(func() {
				s, err := client.StreamTranslate(ctx)
				for err == nil {
					err = s.Send(&errorv1.StreamTranslateRequest{Id: "1", Request: samples[0].request()})
				}
			})
		}
	}
	sending.Wait()
}
