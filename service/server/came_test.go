package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
)

// A sender speaks gRPC on one connection as no library for it would.
type sender struct {
	transport *http.Transport
	address   string
}

func (r *running) sender(t *testing.T) sender {
	t.Helper()
	s := sender{&http.Transport{Protocols: new(http.Protocols)}, r.GRPCAddr()}
	s.transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(s.transport.CloseIdleConnections)
	return s
}

// send calls the method with a body, packed or not, and answers with the header that says why it failed.
func (s sender) send(body io.Reader) (details string, err error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+s.address+tinyMethod, body)
	if err != nil {
		return "", err
	}
	request.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}, "Grpc-Encoding": {"gzip"}}
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	const key = "Grpc-Status-Details-Bin"
	return response.Header.Get(key) + response.Trailer.Get(key), err
}

// frame is a message as gRPC sends it: packed or not, how long, and what it is.
func frame(packed byte, message []byte) []byte {
	head := []byte{packed, 0, 0, 0, 0}
	binary.BigEndian.PutUint32(head[1:], uint32(len(message)))
	return append(head, message...)
}

// begin sends all of a message but its last byte, and returns when it is sent, or the connection has ended.
func (s sender) begin(t *testing.T, bytes int) error {
	t.Helper()
	body, sent := io.Pipe()
	t.Cleanup(func() { sent.Close() })
	go func() {
		_, err := s.send(body)
		body.CloseWithError(err)
	}()
	_, err := sent.Write(frame(0, make([]byte, bytes))[:5+bytes-1])
	return err
}

// packedZeros are a thousand times as many.
func packedZeros(t *testing.T, bytes int) []byte {
	t.Helper()
	return frame(1, pack(t, make([]byte, bytes)))
}

func pack(t *testing.T, message []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(message); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// Messages that do not come to their end are held, and what else comes on their connection cannot hide them, least of all by becoming
// more than it came in.
func TestUnfinishedMessagesAreLimited(t *testing.T) {
	t.Parallel()
	for name, between := range map[string][]byte{
		"alone":           nil,
		"beside packed":   packedZeros(t, 1<<20),
		"beside calls":    frame(0, nil),
		"beside no calls": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, holds(4))
			s := r.sender(t)
			for range 10 { // of 512 KiB are more than 4 MiB
				err := s.begin(t, 512<<10)
				for n := 0; n < 3 && between != nil && err == nil; n++ {
					_, err = s.send(bytes.NewReader(between))
				}
			}
			r.wantMetric(t, `tiny_test_connections_refused_total{cause="held",port="grpc"} 1`)
		})
	}
}

// What is over leaves nothing behind, however it ended and however long calls beside it last.
func TestWhatIsOverLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	fat := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 10<<10)}
	call := func(ctx context.Context, r *running, method string) {
		_ = r.conn.Invoke(ctx, method, fat, new(annotations.HttpRule))
	}
	known := func(t *testing.T) context.Context {
		return metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer of-a")
	}
	for name, do := range map[string]func(*testing.T, *running){
		"calls of nobody":    func(t *testing.T, r *running) { call(t.Context(), r, tinyMethod) },
		"calls":              func(t *testing.T, r *running) { call(known(t), r, tinyMethod) },
		"calls of no method": func(t *testing.T, r *running) { call(known(t), r, "/tiny.Tiny/Nothing") },
		"calls that are given up": func(t *testing.T, r *running) {
			ctx, cancel := context.WithTimeout(known(t), 50*time.Microsecond)
			defer cancel()
			call(ctx, r, tinyMethod)
		},
		"messages that are given up": func(t *testing.T, r *running) {
			ctx, cancel := context.WithCancel(known(t))
			defer cancel()
			if stream, err := r.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true}, tinyTalk); err == nil {
				_ = stream.SendMsg(fat)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, withAdmin, withTokens)
			stream, err := r.conn.NewStream(known(t), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, tinyTalk)
			if err != nil {
				t.Fatal(err)
			}
			for range 3000 {
				do(t, r)
			}
			say(t, stream, "echo")
			hear(t, stream)
			r.wantHeld(t, 64<<10)
		})
	}
}

// Each message of a stream is held until the next, also where it is turned away, and so is each of gRPC's own services.
func TestMessagesOfAStreamLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	fat := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 10<<10)}
	r := start(t, holds(4), withAdmin, func(c *server.Config) { c.ClientRate = 1 })
	stream := r.talk(t)
	for range 600 {
		if err := stream.SendMsg(fat); err != nil {
			t.Fatal(err)
		}
		hear(t, stream)
	}
	r.wantHeld(t, 64<<10)
	unlimited := start(t, holds(4), withAdmin)
	reflection, err := reflectionpb.NewServerReflectionClient(unlimited.conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	question := &reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_FileByFilename{FileByFilename: fat.GetBody()}}
	for range 600 {
		if err := reflection.Send(question); err != nil {
			t.Fatal(err)
		}
		if _, err := reflection.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	unlimited.wantHeld(t, 64<<10)
}

// wantHeld wants no more than this to be held, and no connection to have been closed for it.
func (r *running) wantHeld(t *testing.T, most int) {
	t.Helper()
	eventually(t, func() error {
		line := regexp.MustCompile(`(?m)^tiny_test_held_bytes (.*)$`).FindStringSubmatch(r.metrics(t))
		if held, err := strconv.ParseFloat(line[1], 64); err != nil || held > float64(most) {
			return fmt.Errorf("%s bytes are held, want %d at most, %w", line[1], most, err)
		}
		return nil
	})
	if metrics := r.metrics(t); strings.Contains(metrics, `connections_refused_total{cause="held"`) {
		t.Error("a connection was closed")
	}
}
