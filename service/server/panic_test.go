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

// A panic is one failed call and no more; what it was stands in the log and not in the answer.
func TestPanicFailsItsCallAlone(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, way := range r.ways() {
		t.Run(way.name, func(t *testing.T) {
			_, err := way.do(&annotations.HttpRule{Selector: "panic"})
			s := wantInfo(t, err, "INTERNAL")
			if s.Code() != codes.Internal || strings.Contains(s.Message(), "kaput") {
				t.Errorf("%v, want INTERNAL without what the panic said", s)
			}
			if _, err := way.do(&annotations.HttpRule{Selector: "echo"}); err != nil {
				t.Errorf("after a panic: %v", err)
			}
		})
	}
}

func TestPanicOfAStreamFailsItsCallAlone(t *testing.T) {
	t.Parallel()
	r := start(t)
	s := wantInfo(t, r.flow(t), "INTERNAL")
	if s.Code() != codes.Internal {
		t.Errorf("%v, want INTERNAL", s)
	}
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

// flow opens a stream and answers with what it ends with.
func (r *running) flow(t *testing.T) error {
	t.Helper()
	stream, err := r.conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true}, tinyStream)
	if err != nil {
		t.Fatal(err)
	}
	return stream.RecvMsg(new(emptypb.Empty))
}

func TestPanicIsLoggedOnceAndWithoutTheBody(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, way := range r.ways() {
		t.Run(way.name, func(t *testing.T) {
			before := len(r.log.panics(t))
			if _, err := way.do(&annotations.HttpRule{Selector: "panic", Body: "a private matter"}); err == nil {
				t.Fatal("no error")
			}
			lines := r.log.panics(t)[before:]
			if len(lines) != 1 || lines[0]["rpc.method"] != "tiny.Tiny/Do" || lines[0]["exception.message"] != "kaput" || lines[0]["exception.stacktrace"] == nil {
				t.Errorf("%v, want one line with method, panic and stack", lines)
			}
			if strings.Contains(r.log.String(), "private") {
				t.Errorf("the log has the body: %s", r.log)
			}
		})
	}
}

// Who finds out who calls may be at fault as well.
func TestPanicBeforeACallFailsItAlone(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.Authenticate = func(auth.Caller) (string, error) { panic("kaput") } })
	wantInfo(t, r.authorized(t.Context(), "Bearer x"), "INTERNAL")
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer x")
	stream, err := r.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, tinyTalk)
	if err != nil {
		t.Fatal(err)
	}
	wantInfo(t, stream.RecvMsg(new(annotations.HttpRule)), "INTERNAL")
	if a := r.request(t, http.MethodPost, tinyPath, "Bearer x"); a.http != http.StatusInternalServerError {
		t.Errorf("over REST: %d, want 500", a.http)
	} else {
		wantInfo(t, a.err(), "INTERNAL")
	}
	r.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
}
