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

// Large requests together take no more memory than one of the largest, and keep no small one waiting.
func TestLargeRequestsTakeTurns(t *testing.T) {
	t.Parallel()
	for i := range 2 {
		r := start(t, func(c *server.Config) { c.MaxMessage = 200 << 10 })
		way := r.ways()[i]
		large := &annotations.HttpRule{Selector: "wait", Body: strings.Repeat("x", 150<<10)}
		ended := make(chan error, 3)
		for range cap(ended) {
			go func() { _, err := way.do(large); ended <- err }()
		}
		<-r.entered
		for _, small := range r.ways() {
			if _, err := small.do(&annotations.HttpRule{Selector: "echo"}); err != nil {
				t.Errorf("a small request beside large ones: %v", err)
			}
		}
		if len(r.entered) > 0 {
			t.Errorf("%s: two large requests at once", way.name)
		}
		r.letGo()
		for range cap(ended) {
			if err := <-ended; err != nil {
				t.Errorf("%s: %v", way.name, err)
			}
		}
	}
}

// A large request whose client gives up, that cannot be read, or that comes on a stream, keeps no other waiting.
func TestLargeRequests_Release(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxMessage = 200 << 10 })
	body := strings.Repeat("x", 150<<10)
	for range 2 {
		err := r.conn.Invoke(t.Context(), tinyMethod, wrapperspb.Bytes([]byte(strings.Repeat("\xff", 150<<10))), new(annotations.HttpRule))
		wantInfo(t, err, "INVALID_REQUEST")
		a, err := r.send(http.MethodPost, tinyPath, `{"nope":"`+body+`"}`)
		if err != nil || a.http != http.StatusBadRequest {
			t.Errorf("%d, %v, want 400", a.http, err)
		}
		talk := r.talk(t)
		if err := talk.SendMsg(&annotations.HttpRule{Selector: "echo", Body: body}); err != nil {
			t.Fatal(err)
		}
		hear(t, talk)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- r.conn.Invoke(ctx, tinyMethod, &annotations.HttpRule{Selector: "wait", Body: body}, new(annotations.HttpRule))
		}()
		<-r.entered
		cancel()
		if err := <-ended; status.Code(err) != codes.Canceled {
			t.Errorf("%v, want CANCELLED", err)
		}
	}
	for _, way := range r.ways() {
		if _, err := way.do(&annotations.HttpRule{Selector: "echo", Body: body}); err != nil {
			t.Errorf("%s: %v", way.name, err)
		}
	}
}

// A compressed request is refused without being decompressed, whatever it would become, and on a stream too.
func TestCompressedRequests(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, size := range []int{1, 100 << 20} {
		rule := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", size)}
		err := r.conn.Invoke(t.Context(), tinyMethod, rule, new(annotations.HttpRule), grpc.UseCompressor(gzip.Name))
		if s := wantInfo(t, err, "INVALID_REQUEST"); s.Code() != codes.Unimplemented {
			t.Errorf("%d bytes: %v, want UNIMPLEMENTED", size, s)
		}
	}
	stream, err := r.conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, tinyTalk, grpc.UseCompressor(gzip.Name))
	if err != nil {
		t.Fatal(err)
	}
	say(t, stream, "echo")
	wantInfo(t, stream.RecvMsg(new(annotations.HttpRule)), "INVALID_REQUEST")
}
