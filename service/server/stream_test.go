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

// openTalk opens a stream that performs the action of each message and echoes it.
func (h *harness) openTalk(t *testing.T) grpc.ClientStream {
	t.Helper()
	stream, err := h.conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, talkMethod)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func sendAction(t *testing.T, stream grpc.ClientStream, action string) {
	t.Helper()
	if err := stream.SendMsg(&annotations.HttpRule{Selector: action}); err != nil {
		t.Fatal(err)
	}
}

func receiveReply(t *testing.T, stream grpc.ClientStream) *annotations.HttpRule {
	t.Helper()
	rule := new(annotations.HttpRule)
	if err := stream.RecvMsg(rule); err != nil {
		t.Fatal(err)
	}
	return rule
}

func TestStream_IdleIsNotInFlight(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	for range 3 {
		stream := h.openTalk(t)
		sendAction(t, stream, "echo")
		receiveReply(t, stream)
	}
	if _, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("a call beside idle streams: %v", err)
	}
}

// A message above the limit fails alone: the stream goes on.
func TestStream_MessageIsCallInFlight(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	busy, other := h.openTalk(t), h.openTalk(t)
	sendAction(t, busy, "wait")
	<-h.entered
	sendAction(t, other, "echo")
	if got := receiveReply(t, other); !strings.Contains(got.GetBody(), "more than 1 calls in flight") || got.GetSelector() != "echo" {
		t.Errorf("%v, want a rejection", got)
	}
	_, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"})
	wantInfo(t, err, "OVERLOADED")
	h.releaseCalls()
	receiveReply(t, busy)
	sendAction(t, other, "echo")
	if got := receiveReply(t, other); got.GetBody() != "" {
		t.Errorf("%v, want the echo", got)
	}
}

func TestStream_PanicEndsCallInFlight(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.MaxCalls = 1 })
	stream := h.openTalk(t)
	sendAction(t, stream, "panic")
	wantInfo(t, stream.RecvMsg(new(annotations.HttpRule)), "INTERNAL")
	if _, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Error(err)
	}
}

func TestStream_LogsErrorsAndNoDuration(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.SlowCall = time.Nanosecond })
	good, bad := h.openTalk(t), h.openTalk(t)
	sendAction(t, good, "echo")
	receiveReply(t, good)
	if err := good.CloseSend(); err != nil {
		t.Fatal(err)
	}
	sendAction(t, bad, "missing")
	wantInfo(t, bad.RecvMsg(new(annotations.HttpRule)), "NO_SUCH_THING")
	lines := h.log.calls(t)
	if len(lines) != 1 || lines[0]["error.type"] != "NO_SUCH_THING" || lines[0]["rpc.method"] != "test.Service/Talk" {
		t.Errorf("%v, want one line", lines)
	}
}

// The shutdown ends an idle stream at once, and another after the reply to its message.
func TestStream_ShutdownEndsItBetweenMessages(t *testing.T) {
	t.Parallel()
	h := start(t)
	idle, busy := h.openTalk(t), h.openTalk(t)
	sendAction(t, idle, "echo")
	receiveReply(t, idle)
	sendAction(t, busy, "wait")
	<-h.entered
	h.stop()
	wantStopped(t, idle)
	h.releaseCalls()
	if got := receiveReply(t, busy); got.GetSelector() != "wait" {
		t.Errorf("%v", got)
	}
	wantStopped(t, busy)
	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// The shutdown ends a stream that is never idle after half the drain timeout.
func TestStream_ShutdownEndsBusyStream(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.DrainTimeout = time.Second })
	stream := h.openTalk(t)
	sendAction(t, stream, "echo")
	receiveReply(t, stream)
	h.stop()
	for httpReply := 0; ; httpReply++ {
		_ = stream.SendMsg(&annotations.HttpRule{Selector: "echo"}) // RecvMsg returns the error
		if err := stream.RecvMsg(new(annotations.HttpRule)); err != nil {
			wantInfo(t, err, "UNAVAILABLE")
			if httpReply == 0 {
				t.Error("ended before the first message, want after half the drain timeout")
			}
			break
		}
	}
	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// The cut is no error of Serve.
func TestStream_ShutdownCutsOffClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.DrainTimeout = time.Second })
	stream := h.openTalk(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for stream.SendMsg(&annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 64<<10)}) == nil {
		}
	}()
	time.Sleep(200 * time.Millisecond) // until the windows are full
	h.stop()
	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	<-sent
}

func TestStream_CancellationIsNotLogged(t *testing.T) {
	t.Parallel()
	h := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := h.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, talkMethod)
	if err != nil {
		t.Fatal(err)
	}
	sendAction(t, stream, "echo")
	receiveReply(t, stream)
	cancel()
	h.stop() // then no more lines can follow
	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if lines := h.log.calls(t); len(lines) > 0 {
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
