package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// Two large requests that exceed max-message together run one after the other. Small requests do not wait.
func TestLargeRequests_ShareMaxMessage(t *testing.T) {
	t.Parallel()
	for i := range 2 {
		h := start(t, func(c *server.Config) { c.MaxMessage = 200 << 10 })
		transport := h.transports()[i]
		large := &annotations.HttpRule{Selector: "wait", Body: strings.Repeat("x", 150<<10)}
		ended := make(chan error, 3)
		for range cap(ended) {
			go func() { _, err := transport.call(large); ended <- err }()
		}
		<-h.entered
		for _, small := range h.transports() {
			if _, err := small.call(&annotations.HttpRule{Selector: "echo"}); err != nil {
				t.Errorf("a small request beside large ones: %v", err)
			}
		}
		if len(h.entered) > 0 {
			t.Errorf("%s: two large requests at once", transport.name)
		}
		h.releaseCalls()
		for range cap(ended) {
			if err := <-ended; err != nil {
				t.Errorf("%s: %v", transport.name, err)
			}
		}
	}
}

// A large request releases its bytes if its client cancels, if it is malformed, and if it comes on a stream.
func TestLargeRequests_AreReleased(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxMessage = 200 << 10 })
	body := strings.Repeat("x", 150<<10)
	for range 2 {
		err := h.conn.Invoke(t.Context(), doMethod, wrapperspb.Bytes([]byte(strings.Repeat("\xff", 150<<10))), new(annotations.HttpRule))
		wantInfo(t, err, "INVALID_REQUEST")
		reply, err := h.sendREST(http.MethodPost, doPath, `{"nope":"`+body+`"}`)
		if err != nil || reply.status != http.StatusBadRequest {
			t.Errorf("%d, %v, want 400", reply.status, err)
		}
		stream := h.openTalk(t)
		if err := stream.SendMsg(&annotations.HttpRule{Selector: "echo", Body: body}); err != nil {
			t.Fatal(err)
		}
		receiveReply(t, stream)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- h.conn.Invoke(ctx, doMethod, &annotations.HttpRule{Selector: "wait", Body: body}, new(annotations.HttpRule))
		}()
		<-h.entered
		cancel()
		if err := <-ended; status.Code(err) != codes.Canceled {
			t.Errorf("%v, want CANCELLED", err)
		}
	}
	for _, transport := range h.transports() {
		if _, err := transport.call(&annotations.HttpRule{Selector: "echo", Body: body}); err != nil {
			t.Errorf("%s: %v", transport.name, err)
		}
	}
}

// The server decompresses nothing, whatever the size.
func TestCompressedRequests_AreRejected(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, size := range []int{1, 100 << 20} {
		rule := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", size)}
		err := h.conn.Invoke(t.Context(), doMethod, rule, new(annotations.HttpRule), grpc.UseCompressor(gzip.Name))
		if s := wantInfo(t, err, "INVALID_REQUEST"); s.Code() != codes.Unimplemented {
			t.Errorf("%d bytes: %v, want UNIMPLEMENTED", size, s)
		}
	}
	stream, err := h.conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, talkMethod, grpc.UseCompressor(gzip.Name))
	if err != nil {
		t.Fatal(err)
	}
	sendAction(t, stream, "echo")
	wantInfo(t, stream.RecvMsg(new(annotations.HttpRule)), "INVALID_REQUEST")
}
