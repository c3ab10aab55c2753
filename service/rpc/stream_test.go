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

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
)

type translateStream = grpc.BidiStreamingClient[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]

// openStream starts a server and opens a stream.
func openStream(t *testing.T, ctx context.Context) (translateStream, client) {
	t.Helper()
	c := newClients(t)[0]
	stream, err := c.StreamTranslate(ctx, grpc.ForceCodecV2(rawCodec{encoding.GetCodecV2("proto")}))
	if err != nil {
		t.Fatal(err)
	}
	return stream, c
}

// exchange sends one request and returns the response.
func exchange(t *testing.T, stream translateStream, r *errorv1.StreamTranslateRequest) *errorv1.StreamTranslateResponse {
	t.Helper()
	if err := stream.Send(r); err != nil {
		t.Fatal(err)
	}
	response, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// wantWorkingStream checks that the stream translates a further request.
func wantWorkingStream(t *testing.T, stream translateStream) {
	t.Helper()
	response := exchange(t, stream, &errorv1.StreamTranslateRequest{Id: "good", Request: requestWithCode("CBC.5003")})
	wantMeaning(t, response.GetResult().GetTranslation(), codes.FailedPrecondition, "BALANCE_INSUFFICIENT")
	if response.GetId() != "good" {
		t.Errorf("id %q", response.GetId())
	}
}

// Responses have the order and the IDs of the requests, also if all requests are sent first.
func TestStreamTranslate_OrderAndIDs(t *testing.T) {
	t.Parallel()
	stream, c := openStream(t, t.Context())
	want := []string{"CBC.5003", "CBC.0250", "CBC.99003651", "CBC.0250", "CBC.0100"}
	for i, code := range want {
		if err := stream.Send(&errorv1.StreamTranslateRequest{Id: fmt.Sprint(i, "余"), Request: requestWithCode(code)}); err != nil {
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
		unary, err := c.Translate(t.Context(), requestWithCode(code))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(unary.GetTranslation(), got.GetResult().GetTranslation(), protocmp.Transform()); diff != "" || got.GetId() != fmt.Sprint(i, "余") {
			t.Errorf("response %d has the id %q (-unary +stream)\n%s", i, got.GetId(), diff)
		}
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("%v after the last response, want the end", err)
	}
}

func TestStreamTranslate_InvalidRequest(t *testing.T) {
	t.Parallel()
	stream, _ := openStream(t, t.Context())
	for _, k := range []struct {
		name, field, description string
		bad                      *errorv1.StreamTranslateRequest
		id                       string
	}{
		{"nothing", "request.response", "missing", &errorv1.StreamTranslateRequest{}, ""},
		{"no response", "request.response", "missing", &errorv1.StreamTranslateRequest{Id: "a", Request: &errorv1.TranslateRequest{}}, "a"},
		{"status", "request.response.http_status", "100 to 599", &errorv1.StreamTranslateRequest{Id: "b", Request: withStatus(600)}, "b"},
		{"long id", "id", "at most 256", &errorv1.StreamTranslateRequest{Id: strings.Repeat("余", 100), Request: requestWithCode("CBC.0250")}, strings.Repeat("余", 64)},
		{"body", "request.response.text", "at most 1048576", &errorv1.StreamTranslateRequest{Id: "c", Request: withText(strings.Repeat("x", 1<<20+1))}, "c"},
	} {
		response := exchange(t, stream, k.bad)
		if response.GetId() != k.id {
			t.Errorf("%s: id %q, want %q", k.name, response.GetId(), k.id)
		}
		wantInvalid(t, status.FromProto(response.GetResult().GetError()).Err(), k.field, k.description)
		wantWorkingStream(t, stream)
	}
}

// A message that cannot be decoded, or is too large, does not end the stream.
func TestStreamTranslate_UndecodableMessage(t *testing.T) {
	t.Parallel()
	stream, _ := openStream(t, t.Context())
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
		if err := stream.SendMsg(rawMessage(k.sent)); err != nil {
			t.Fatal(err)
		}
		response, err := stream.Recv()
		if err != nil {
			t.Fatalf("%s: %v", k.name, err)
		}
		failed := status.FromProto(response.GetResult().GetError())
		if response.GetId() != k.id || failed.Code() != k.code || reasonOf(failed.Err()) != k.reason {
			t.Errorf("%s: id %q, %v", k.name, response.GetId(), failed)
		}
		wantWorkingStream(t, stream)
	}
}

func TestStreamTranslate_Canceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	stream, c := openStream(t, ctx)
	wantWorkingStream(t, stream)
	cancel()
	if _, err := stream.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("%v, want Canceled", err)
	}
	if _, err := c.Translate(t.Context(), requestWithCode("CBC.0250")); err != nil {
		t.Errorf("the connection after it: %v", err)
	}
}

// The server stops receiving from a client that does not read. No request is lost once the client reads.
func TestStreamTranslate_FlowControl(t *testing.T) {
	t.Parallel()
	stream, _ := openStream(t, t.Context())
	const all = 5000
	var sent atomic.Int64
	go func() {
		for i := range all {
			if stream.Send(&errorv1.StreamTranslateRequest{Id: fmt.Sprint(i), Request: requestWithCode("CBC.0250")}) != nil {
				return
			}
			sent.Add(1)
		}
		_ = stream.CloseSend()
	}()
	held := waitUntilStable(&sent)
	if held == 0 || held == all {
		t.Fatalf("%d of %d were taken from a client that does not read", held, all)
	}
	for i := range all {
		if response, err := stream.Recv(); err != nil || response.GetId() != fmt.Sprint(i) {
			t.Fatalf("response %d: %v, %v", i, response.GetId(), err)
		}
	}
}

// waitUntilStable returns n once it has not changed for 300 ms.
func waitUntilStable(n *atomic.Int64) int64 {
	last := n.Load()
	for calm := 0; calm < 10; calm++ {
		time.Sleep(30 * time.Millisecond)
		if now := n.Load(); now != last {
			last, calm = now, 0
		}
	}
	return last
}

// A rawMessage is sent unchanged, whether it is a valid message or not.
type rawMessage []byte

// A rawCodec is a codec that also sends rawMessages.
type rawCodec struct{ encoding.CodecV2 }

// Marshal implements encoding.CodecV2.
func (c rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	if sent, ok := v.(rawMessage); ok {
		return mem.BufferSlice{mem.SliceBuffer(sent)}, nil
	}
	return c.CodecV2.Marshal(v)
}
