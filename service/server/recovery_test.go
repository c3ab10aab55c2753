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
	r := start(t)
	for _, transport := range r.transports() {
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
	r := start(t)
	s := wantInfo(t, r.callPanicStream(t), "INTERNAL")
	if s.Code() != codes.Internal {
		t.Errorf("%v, want INTERNAL", s)
	}
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

// callPanicStream opens the stream that panics, and returns its error.
func (r *harness) callPanicStream(t *testing.T) error {
	t.Helper()
	stream, err := r.conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true}, panicStreamMethod)
	if err != nil {
		t.Fatal(err)
	}
	return stream.RecvMsg(new(emptypb.Empty))
}

func TestPanic_IsLoggedOnceWithoutBody(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, transport := range r.transports() {
		t.Run(transport.name, func(t *testing.T) {
			before := len(r.log.panics(t))
			if _, err := transport.call(&annotations.HttpRule{Selector: "panic", Body: "a private matter"}); err == nil {
				t.Fatal("no error")
			}
			lines := r.log.panics(t)[before:]
			if len(lines) != 1 || lines[0]["rpc.method"] != "test.Service/Do" || lines[0]["exception.message"] != "kaput" || lines[0]["exception.stacktrace"] == nil {
				t.Errorf("%v, want one line with method, panic and stack", lines)
			}
			if strings.Contains(r.log.String(), "private") {
				t.Errorf("the log has the body: %s", r.log)
			}
		})
	}
}

func TestPanic_InAuthenticatorFailsOnlyItsCall(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.Authenticate = func(auth.Caller) (string, error) { panic("kaput") } })
	wantInfo(t, r.callAs(t.Context(), "Bearer x"), "INTERNAL")
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer x")
	stream, err := r.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, talkMethod)
	if err != nil {
		t.Fatal(err)
	}
	wantInfo(t, stream.RecvMsg(new(annotations.HttpRule)), "INTERNAL")
	if a := r.requestAs(t, http.MethodPost, doPath, "Bearer x"); a.http != http.StatusInternalServerError {
		t.Errorf("over REST: %d, want 500", a.http)
	} else {
		wantInfo(t, a.err(), "INTERNAL")
	}
	r.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
}
