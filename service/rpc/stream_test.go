package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
)

type translateStream = grpc.BidiStreamingClient[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]

// open opens a stream of a server of its own.
func open(t *testing.T, ctx context.Context) (translateStream, client) {
	t.Helper()
	c := clients(t)[0]
	stream, err := c.StreamTranslate(ctx, grpc.ForceCodecV2(anyBytes{encoding.GetCodecV2("proto")}))
	if err != nil {
		t.Fatal(err)
	}
	return stream, c
}

// exchange sends one request and answers with what comes back.
func exchange(t *testing.T, stream translateStream, r *errorv1.StreamTranslateRequest) *errorv1.StreamTranslateResponse {
	t.Helper()
	if err := stream.Send(r); err != nil {
		t.Fatal(err)
	}
	answer, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// wantGood holds a stream to being as good as new.
func wantGood(t *testing.T, stream translateStream) {
	t.Helper()
	answer := exchange(t, stream, &errorv1.StreamTranslateRequest{Id: "good", Request: coded("CBC.5003")})
	wantMeaning(t, answer.GetResult().GetTranslation(), nil, codes.FailedPrecondition, "BALANCE_INSUFFICIENT")
	if answer.GetId() != "good" {
		t.Errorf("id %q", answer.GetId())
	}
}

// Requests are sent ahead of the answers; these come in order and each has its own id.
func TestStreamKeepsTheOrderAndEchoesIDs(t *testing.T) {
	t.Parallel()
	stream, c := open(t, t.Context())
	want := []string{"CBC.5003", "CBC.0250", "CBC.99003651", "CBC.0250", "CBC.0100"}
	for i, code := range want {
		if err := stream.Send(&errorv1.StreamTranslateRequest{Id: fmt.Sprint(i, "余"), Request: coded(code)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	for i, code := range want {
		got, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		unary, err := c.Translate(t.Context(), coded(code))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(unary.GetTranslation(), got.GetResult().GetTranslation(), protocmp.Transform()); diff != "" || got.GetId() != fmt.Sprint(i, "余") {
			t.Errorf("answer %d has the id %q (-unary +stream)\n%s", i, got.GetId(), diff)
		}
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("%v after the last answer, want the end", err)
	}
}

func TestBadRequestOfAStreamFailsAlone(t *testing.T) {
	t.Parallel()
	stream, _ := open(t, t.Context())
	for _, k := range []struct {
		name, field, says string
		bad               *errorv1.StreamTranslateRequest
		id                string
	}{
		{"nothing", "request.response", "missing", &errorv1.StreamTranslateRequest{}, ""},
		{"no response", "request.response", "missing", &errorv1.StreamTranslateRequest{Id: "a", Request: &errorv1.TranslateRequest{}}, "a"},
		{"status", "request.response.http_status", "100 to 599", &errorv1.StreamTranslateRequest{Id: "b", Request: withStatus(600)}, "b"},
		{"long id", "id", "at most 256", &errorv1.StreamTranslateRequest{Id: strings.Repeat("余", 100), Request: coded("CBC.0250")}, strings.Repeat("余", 64)},
		{"body", "request.response.text", "at most 1048576", &errorv1.StreamTranslateRequest{Id: "c", Request: withText(strings.Repeat("x", 1<<20+1))}, "c"},
	} {
		answer := exchange(t, stream, k.bad)
		if answer.GetId() != k.id {
			t.Errorf("%s: id %q, want %q", k.name, answer.GetId(), k.id)
		}
		wantInvalid(t, status.FromProto(answer.GetResult().GetError()).Err(), k.field, k.says)
		wantGood(t, stream)
	}
}

// What is no message at all does not end the stream either, nor does one that is larger than messages may be.
func TestUnreadableMessageOfAStreamFailsAlone(t *testing.T) {
	t.Parallel()
	stream, _ := open(t, t.Context())
	for _, k := range []struct {
		name   string
		sent   []byte
		id     string
		code   codes.Code
		reason string
	}{
		{"no protobuf", []byte("\x0a\x05hello\xff\xff"), "hello", codes.InvalidArgument, "INVALID_REQUEST"},
		{"text that is no UTF-8", []byte("\x0a\x01\xff"), "", codes.InvalidArgument, "INVALID_REQUEST"},
		{"too large", make([]byte, 4<<20+1), "", codes.ResourceExhausted, "REQUEST_TOO_LARGE"},
	} {
		if err := stream.SendMsg(asBytes(k.sent)); err != nil {
			t.Fatal(err)
		}
		answer, err := stream.Recv()
		if err != nil {
			t.Fatalf("%s: %v", k.name, err)
		}
		failed := status.FromProto(answer.GetResult().GetError())
		if answer.GetId() != k.id || failed.Code() != k.code || reasonOf(failed.Err()) != k.reason {
			t.Errorf("%s: id %q, %v", k.name, answer.GetId(), failed)
		}
		wantGood(t, stream)
	}
}

func TestCancelledStreamEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	stream, c := open(t, ctx)
	wantGood(t, stream)
	cancel()
	if _, err := stream.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("%v, want Canceled", err)
	}
	if _, err := c.Translate(t.Context(), coded("CBC.0250")); err != nil {
		t.Errorf("the connection after it: %v", err)
	}
}

// A client that sends and does not read is not read from either: what it has sent stays bounded, nothing of it is
// lost once it reads.
func TestClientThatDoesNotReadIsHeldUp(t *testing.T) {
	t.Parallel()
	stream, _ := open(t, t.Context())
	const all = 5000
	var sent atomic.Int64
	go func() {
		for i := range all {
			if stream.Send(&errorv1.StreamTranslateRequest{Id: fmt.Sprint(i), Request: coded("CBC.0250")}) != nil {
				return
			}
			sent.Add(1)
		}
		_ = stream.CloseSend()
	}()
	held := settled(&sent)
	if held == 0 || held == all {
		t.Fatalf("%d of %d were taken from a client that does not read", held, all)
	}
	for i := range all {
		if answer, err := stream.Recv(); err != nil || answer.GetId() != fmt.Sprint(i) {
			t.Fatalf("answer %d: %v, %v", i, answer.GetId(), err)
		}
	}
}

// settled waits until a number has not changed for a while.
func settled(n *atomic.Int64) int64 {
	last := n.Load()
	for calm := 0; calm < 10; calm++ {
		time.Sleep(30 * time.Millisecond)
		if now := n.Load(); now != last {
			last, calm = now, 0
		}
	}
	return last
}

// asBytes is a message that is sent as it is, although it may be none.
type asBytes []byte

// anyBytes is the codec of a client that sends such messages.
type anyBytes struct{ encoding.CodecV2 }

// Marshal implements encoding.CodecV2.
func (c anyBytes) Marshal(v any) (mem.BufferSlice, error) {
	if sent, ok := v.(asBytes); ok {
		return mem.BufferSlice{mem.SliceBuffer(sent)}, nil
	}
	return c.CodecV2.Marshal(v)
}
