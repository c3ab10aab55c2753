package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
)

// A client requests large replies and reads none. Its connection then gets no further large reply until it reads. It gets
// small replies, and other connections get large ones.
func TestUnsentReplies_AreBoundedByConnection(t *testing.T) {
	t.Parallel()
	large, small := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 150<<10)}, &annotations.HttpRule{Selector: "echo"}
	h := start(t, func(c *server.Config) { c.MaxMessage = 200 << 10 })
	conn := dial(t, h.GRPCAddr(), grpc.WithInitialWindowSize(64<<10)) // a fixed window
	call := func(request *annotations.HttpRule) error {
		return conn.Invoke(t.Context(), doMethod, request, new(annotations.HttpRule))
	}
	rejected := func() bool {
		err := call(large)
		if err != nil {
			wantInfo(t, err, "OVERLOADED")
		}
		return err != nil
	}
	var streams []grpc.ClientStream
	eventually(t, "large replies are rejected", func() bool {
		s, err := conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, talkMethod)
		if err == nil {
			err = s.SendMsg(large)
		}
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, s)
		return rejected()
	})
	if least := 4 * 200 / 151; len(streams) < least {
		t.Errorf("rejected after %d replies, want at least %d: the limit is 4 × max-message", len(streams), least)
	}
	if err := call(small); err != nil {
		t.Errorf("a small reply meanwhile: %v", err)
	}
	for _, transport := range h.transports() {
		if _, err := transport.call(large); err != nil {
			t.Errorf("a large reply to another connection over %s: %v", transport.name, err)
		}
	}
	h.wantMetricLike(t, `server_test_calls_shed_total\{cause="unread_answers"\} [1-9]\d*`)
	for _, s := range streams {
		go func() { _ = s.RecvMsg(new(annotations.HttpRule)) }()
	}
	eventually(t, "large replies are sent again", func() bool { return !rejected() })
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(testTimeout); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v until %s", testTimeout, what)
		}
	}
}
