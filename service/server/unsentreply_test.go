package server_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
)

// A client requests large replies and reads none. Further large replies are rejected until it reads or closes its
// connection. Small replies are not.
func TestUnsentReplies_AreBounded(t *testing.T) {
	t.Parallel()
	large := &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 150<<10)}
	for _, c := range []struct {
		name string
		end  func(*grpc.ClientConn, []grpc.ClientStream)
	}{
		{"the client reads", func(_ *grpc.ClientConn, streams []grpc.ClientStream) {
			for _, s := range streams {
				go func() { _ = s.RecvMsg(new(annotations.HttpRule)) }()
			}
		}},
		{"the client closes the connection", func(conn *grpc.ClientConn, _ []grpc.ClientStream) { conn.Close() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, func(c *server.Config) { c.MaxMessage = 200 << 10 })
			conn := dial(t, r.GRPCAddr(), grpc.WithInitialWindowSize(64<<10)) // a fixed window
			var streams []grpc.ClientStream
			rejected := func() bool {
				_, err := r.overGRPC(large)
				if err != nil {
					wantInfo(t, err, "OVERLOADED")
				}
				return err != nil
			}
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
			if least := 16 * 200 / 151; len(streams) < least {
				t.Errorf("rejected after %d replies, want at least %d: the limit is 16 × max-message", len(streams), least)
			}
			if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
				t.Errorf("a small reply meanwhile: %v", err)
			}
			r.wantMetricLike(t, `server_test_calls_shed_total\{cause="unread_answers"\} [1-9]\d*`)
			c.end(conn, streams)
			eventually(t, "large replies are sent again", func() bool { runtime.GC(); return !rejected() })
		})
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(testTimeout); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v until %s", testTimeout, what)
		}
	}
}
