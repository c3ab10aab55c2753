package server_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// talk opens a stream whose messages are each done and sent back.
func (r *running) talk(t *testing.T) grpc.ClientStream {
	t.Helper()
	stream, err := r.conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, tinyTalk)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func say(t *testing.T, stream grpc.ClientStream, action string) {
	t.Helper()
	if err := stream.SendMsg(&annotations.HttpRule{Selector: action}); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, stream grpc.ClientStream) *annotations.HttpRule {
	t.Helper()
	rule := new(annotations.HttpRule)
	if err := stream.RecvMsg(rule); err != nil {
		t.Fatal(err)
	}
	return rule
}

// A stream is open for hours and works for moments: it is the messages that take places.
func TestIdleStreamsTakeNoPlaceOfACall(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	for range 3 {
		stream := r.talk(t)
		say(t, stream, "echo")
		hear(t, stream)
	}
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("a call beside idle streams: %v", err)
	}
}

// A message that there is no place for hears so, and the stream goes on; and a message takes the place of a call.
func TestMessagesOfAStreamAreCalls(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	busy, other := r.talk(t), r.talk(t)
	say(t, busy, "wait")
	<-r.entered
	say(t, other, "echo")
	if got := hear(t, other); !strings.Contains(got.GetBody(), "more than 1 calls in flight") || got.GetSelector() != "echo" {
		t.Errorf("%v, want that there is no place", got)
	}
	_, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"})
	wantInfo(t, err, "OVERLOADED")
	r.letGo()
	hear(t, busy)
	say(t, other, "echo")
	if got := hear(t, other); got.GetBody() != "" {
		t.Errorf("%v, want it done", got)
	}
}

// A place that was taken when something panicked is given back.
func TestPanicInAStreamGivesItsPlaceBack(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	stream := r.talk(t)
	say(t, stream, "panic")
	wantInfo(t, stream.RecvMsg(new(annotations.HttpRule)), "INTERNAL")
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Error(err)
	}
}

// How long a stream lasts is nothing to log, what it ends with is.
func TestWhatIsLoggedOfAStream(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.SlowCall = time.Nanosecond })
	good, bad := r.talk(t), r.talk(t)
	say(t, good, "echo")
	hear(t, good)
	if err := good.CloseSend(); err != nil {
		t.Fatal(err)
	}
	say(t, bad, "missing")
	wantInfo(t, bad.RecvMsg(new(annotations.HttpRule)), "NO_SUCH_THING")
	lines := r.log.calls(t)
	if len(lines) != 1 || lines[0]["error.type"] != "NO_SUCH_THING" || lines[0]["rpc.method"] != "tiny.Tiny/Talk" {
		t.Errorf("%v, want one line", lines)
	}
}

// A stream that waits for nothing in particular ends when the server stops, and a message in hand is answered first.
func TestStreamsFinishWhatTheyWorkOnWhileDraining(t *testing.T) {
	t.Parallel()
	r := start(t)
	idle, busy := r.talk(t), r.talk(t)
	say(t, idle, "echo")
	hear(t, idle)
	say(t, busy, "wait")
	<-r.entered
	r.stop()
	wantStopped(t, idle)
	r.letGo()
	if got := hear(t, busy); got.GetSelector() != "wait" {
		t.Errorf("%v", got)
	}
	wantStopped(t, busy)
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// A client that goes on and on is let go between two messages, in time for the server to end well.
func TestStreamThatNeverEndsDoesNotHoldTheServer(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.DrainTimeout = time.Second })
	stream := r.talk(t)
	say(t, stream, "echo")
	hear(t, stream)
	r.stop()
	for answered := 0; ; answered++ {
		_ = stream.SendMsg(&annotations.HttpRule{Selector: "echo"}) // that it ended is what RecvMsg says
		if err := stream.RecvMsg(new(annotations.HttpRule)); err != nil {
			wantInfo(t, err, "UNAVAILABLE")
			if answered == 0 {
				t.Error("ended before the next message, want half of the time that calls have")
			}
			break
		}
	}
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// A client that never reads its answers is cut off in the end; that is no failure of the server's.
func TestClientThatDoesNotReadDoesNotFailTheStop(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.DrainTimeout = time.Second })
	stream := r.talk(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for stream.SendMsg(&annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 64<<10)}) == nil {
		}
	}()
	time.Sleep(200 * time.Millisecond) // until nothing moves any more
	r.stop()
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	<-sent
}

// A client that changes its mind is nothing to log.
func TestCancelledStreamsAreNotLogged(t *testing.T) {
	t.Parallel()
	r := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := r.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, tinyTalk)
	if err != nil {
		t.Fatal(err)
	}
	say(t, stream, "echo")
	hear(t, stream)
	cancel()
	r.stop() // after which all that is logged has been
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if lines := r.log.calls(t); len(lines) > 0 {
		t.Errorf("%v", lines)
	}
}

func wantStopped(t *testing.T, stream grpc.ClientStream) {
	t.Helper()
	err := stream.RecvMsg(new(annotations.HttpRule))
	if s := wantInfo(t, err, "UNAVAILABLE"); s.Code() != codes.Unavailable {
		t.Errorf("%v, want UNAVAILABLE", s)
	}
}
