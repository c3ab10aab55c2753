package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"
)

// The panic value is logged, and not sent to the client.
func TestPanic_FailsOnlyItsCall(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, transport := range h.transports() {
		t.Run(transport.name, func(t *testing.T) {
			_, err := transport.call(&annotations.HttpRule{Selector: "panic"})
			s := wantInfo(t, err, "INTERNAL")
			if s.Code() != codes.Internal || strings.Contains(s.Message(), "kaput") {
				t.Errorf("%v, want INTERNAL without the panic value", s)
			}
			if _, err := transport.call(&annotations.HttpRule{Selector: "echo"}); err != nil {
				t.Errorf("after a panic: %v", err)
			}
		})
	}
}

func TestPanic_FailsOnlyItsStream(t *testing.T) {
	t.Parallel()
	h := start(t)
	s := wantInfo(t, h.callPanicStream(t), "INTERNAL")
	if s.Code() != codes.Internal {
		t.Errorf("%v, want INTERNAL", s)
	}
	if _, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

// callPanicStream opens the stream that panics, and returns its error.
func (h *harness) callPanicStream(t *testing.T) error {
	t.Helper()
	stream, err := h.conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true}, panicStreamMethod)
	if err != nil {
		t.Fatal(err)
	}
	return stream.RecvMsg(new(emptypb.Empty))
}

func TestPanic_IsLoggedOnceWithoutBody(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, transport := range h.transports() {
		t.Run(transport.name, func(t *testing.T) {
			before := len(h.log.panics(t))
			if _, err := transport.call(&annotations.HttpRule{Selector: "panic", Body: "a private matter"}); err == nil {
				t.Fatal("no error")
			}
			lines := h.log.panics(t)[before:]
			if len(lines) != 1 || lines[0]["rpc.method"] != "test.Service/Do" || lines[0]["exception.message"] != "kaput" || lines[0]["exception.stacktrace"] == nil {
				t.Errorf("%v, want one line with method, panic and stack", lines)
			}
			if strings.Contains(h.log.String(), "private") {
				t.Errorf("the log has the body: %s", h.log)
			}
		})
	}
}

func TestPanic_InAuthenticatorFailsOnlyItsCall(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.Authenticate = func(auth.Caller) (string, error) { panic("kaput") } })
	wantInfo(t, h.callAs(t.Context(), "Bearer x"), "INTERNAL")
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer x")
	stream, err := h.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, talkMethod)
	if err != nil {
		t.Fatal(err)
	}
	wantInfo(t, stream.RecvMsg(new(annotations.HttpRule)), "INTERNAL")
	if reply := h.requestAs(t, http.MethodPost, doPath, "Bearer x"); reply.status != http.StatusInternalServerError {
		t.Errorf("over REST: %d, want 500", reply.status)
	} else {
		wantInfo(t, reply.err(), "INTERNAL")
	}
	h.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
}
