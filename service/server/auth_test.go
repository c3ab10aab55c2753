package server_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
)

// withTokens requires a token: "of-a" of client a, or "of-b" of client b.
func withTokens(c *server.Config) {
	tokens, file := new(auth.Tokens), []byte(nil)
	for _, client := range []string{"a", "b"} {
		file = fmt.Appendf(file, "%s sha256:%x\n", client, sha256.Sum256([]byte("of-"+client)))
	}
	if err := tokens.SetStatic(file); err != nil {
		panic(err)
	}
	c.Authenticate = tokens.ByToken
}

// callAs calls over gRPC with authorization headers.
func (h *harness) callAs(ctx context.Context, headers ...string) error {
	for _, header := range headers {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", header)
	}
	return h.conn.Invoke(ctx, doMethod, &annotations.HttpRule{Selector: "echo"}, &annotations.HttpRule{})
}

// requestAs sends an HTTP request with authorization headers.
func (h *harness) requestAs(t *testing.T, verb, path string, headers ...string) httpReply {
	t.Helper()
	return sendHTTP(t, verb, "http://"+h.HTTPAddr()+path, `{"selector":"echo"}`, http.Header{"Authorization": headers})
}

func TestAuth_RequiresToken(t *testing.T) {
	t.Parallel()
	h := start(t, withTokens, withAdmin)
	for _, c := range []struct {
		name    string
		headers []string
		message string
	}{
		{"none", nil, "exactly one authorization header"},
		{"two", []string{"Bearer of-a", "Bearer of-a"}, "exactly one authorization header"},
		{"unknown", []string{"Bearer secret"}, "not known"},
		{"another scheme", []string{"Basic of-a"}, "no Bearer token"},
		{"empty", []string{"Bearer "}, "no Bearer token"},
		{"known", []string{"Bearer of-a"}, ""},
		{"scheme in another case", []string{"bearer of-a"}, ""},
	} {
		reply := h.requestAs(t, http.MethodPost, doPath, c.headers...)
		for transport, err := range map[string]error{"gRPC": h.callAs(t.Context(), c.headers...), "REST": reply.err()} {
			if c.message == "" && err != nil {
				t.Errorf("%s over %s: %v", c.name, transport, err)
			}
			if c.message != "" {
				s := wantInfo(t, err, "UNAUTHENTICATED")
				if s.Code() != codes.Unauthenticated || !strings.Contains(s.Message(), c.message) || strings.Contains(s.Message(), "secret") {
					t.Errorf("%s over %s: %v, want UNAUTHENTICATED and %q", c.name, transport, s, c.message)
				}
			}
		}
		if (c.message != "") != (reply.status == http.StatusUnauthorized) {
			t.Errorf("%s: HTTP %d", c.name, reply.status)
		}
	}
	h.wantMetric(t, "server_test_calls_unauthenticated_total 10")
	if strings.Contains(h.log.String(), "secret") {
		t.Error("a token is in the log")
	}
}

func TestAuth_ExemptsHealthAndProbes(t *testing.T) {
	t.Parallel()
	h := start(t, withTokens)
	h.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/metrics": 401, listPath: 401, "/nowhere": 401, "/healthz/": 401,
	} {
		if reply := h.requestAs(t, http.MethodGet, path); reply.status != want {
			t.Errorf("%s: %d, want %d", path, reply.status, want)
		}
	}
	for name, open := range map[string]func() error{
		"stream": func() error { return h.openAndReceive(talkMethod) },
		"reflection": func() error {
			return h.openAndReceive(reflectionpb.ServerReflection_ServerReflectionInfo_FullMethodName)
		},
		"unknown method": func() error {
			return h.conn.Invoke(t.Context(), "/no/method", &annotations.HttpRule{}, &annotations.HttpRule{})
		},
		"method without a message": func() error { return h.openAndReceive(doMethod) },
	} {
		if err := open(); status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s: %v, want UNAUTHENTICATED", name, err)
		}
	}
}

func (h *harness) openAndReceive(method string) error {
	stream, err := h.conn.NewStream(context.Background(), &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
	if err != nil {
		return err
	}
	return stream.RecvMsg(&annotations.HttpRule{})
}

// A client has one rate over gRPC and REST. A rejected call carries the delay.
func TestRateLimit_ByToken(t *testing.T) {
	t.Parallel()
	h := start(t, withTokens, withAdmin, func(c *server.Config) { c.ClientRate, c.ClientBurst = 1, 3 })
	for i := range 3 {
		if err := h.callAs(t.Context(), "Bearer of-a"); err != nil {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	var trailer metadata.MD
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer of-a")
	err := h.conn.Invoke(ctx, doMethod, &annotations.HttpRule{}, &annotations.HttpRule{}, grpc.Trailer(&trailer))
	s := wantInfo(t, err, "OVERLOADED")
	wait := retryDelay(err)
	if s.Code() != codes.ResourceExhausted || wait <= 0 || wait > time.Second || !strings.Contains(s.Message(), "1 calls a second") {
		t.Errorf("%v after %v, want RESOURCE_EXHAUSTED and at most a second", s, wait)
	}
	if len(trailer.Get("grpc-retry-pushback-ms")) != 1 {
		t.Errorf("trailers %v, want the pushback", trailer)
	}
	stream, err := h.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, talkMethod)
	if err != nil {
		t.Fatal(err)
	}
	wantInfo(t, stream.RecvMsg(&annotations.HttpRule{}), "OVERLOADED")
	if len(stream.Trailer().Get("grpc-retry-pushback-ms")) != 1 {
		t.Errorf("trailers of a stream %v, want the pushback", stream.Trailer())
	}
	if reply := h.requestAs(t, http.MethodPost, doPath, "Bearer of-a"); reply.status != http.StatusTooManyRequests {
		t.Errorf("over REST: %d, want 429", reply.status)
	}
	if err := h.callAs(t.Context(), "Bearer of-b"); err != nil {
		t.Errorf("another client: %v", err)
	}
	h.wantMetric(t, `server_test_calls_shed_total{cause="client_rate"} 3`)
}

// Without tokens and certificates, an address is a client. Each message of a stream is a call.
func TestRateLimit_ByAddress(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.ClientRate, c.ClientBurst = 1, 3 })
	stream := h.openTalk(t) // itself a call
	for range 2 {
		sendAction(t, stream, "echo")
		receiveReply(t, stream)
	}
	sendAction(t, stream, "echo")
	if reply := receiveReply(t, stream); !strings.Contains(reply.GetBody(), "calls a second") {
		t.Errorf("%v, want a rejection", reply)
	}
}

func TestAuth_ExpiredTokenEndsStream(t *testing.T) {
	t.Parallel()
	var expired atomic.Bool
	h := start(t, func(c *server.Config) {
		c.Authenticate = func(auth.Caller) (string, error) {
			if expired.Load() {
				return "", errors.New("the token has expired")
			}
			return "a", nil
		}
	})
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer x")
	stream, err := h.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, talkMethod)
	if err != nil {
		t.Fatal(err)
	}
	sendAction(t, stream, "echo")
	receiveReply(t, stream)
	expired.Store(true)
	for deadline := time.Now().Add(testTimeout); err == nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the stream goes on")
		}
		_ = stream.SendMsg(&annotations.HttpRule{Selector: "echo"}) // RecvMsg returns the error
		err = stream.RecvMsg(&annotations.HttpRule{})
	}
	wantInfo(t, err, "UNAUTHENTICATED")
}
