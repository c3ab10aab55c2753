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

// withTokens wants the token "of-NAME" of client a or b.
func withTokens(c *server.Config) {
	tokens, file := new(auth.Tokens), []byte(nil)
	for _, client := range []string{"a", "b"} {
		file = fmt.Appendf(file, "%s sha256:%x\n", client, sha256.Sum256([]byte("of-"+client)))
	}
	if err := tokens.UseStatic(file); err != nil {
		panic(err)
	}
	c.Authenticate = tokens.ByToken
}

// authorized calls over gRPC with these authorization headers.
func (r *running) authorized(ctx context.Context, headers ...string) error {
	for _, header := range headers {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", header)
	}
	return r.conn.Invoke(ctx, tinyMethod, &annotations.HttpRule{Selector: "echo"}, &annotations.HttpRule{})
}

// request asks over HTTP with these authorization headers.
func (r *running) request(t *testing.T, verb, path string, headers ...string) answered {
	t.Helper()
	return ask(t, verb, "http://"+r.HTTPAddr()+path, `{"selector":"echo"}`, http.Header{"Authorization": headers})
}

func TestCallersNeedTheirTokens(t *testing.T) {
	t.Parallel()
	r := start(t, withTokens, withAdmin)
	for _, c := range []struct {
		name    string
		headers []string
		says    string
	}{
		{"none", nil, "exactly one authorization header"},
		{"two", []string{"Bearer of-a", "Bearer of-a"}, "exactly one authorization header"},
		{"unknown", []string{"Bearer secret"}, "not known"},
		{"another scheme", []string{"Basic of-a"}, "no Bearer token"},
		{"empty", []string{"Bearer "}, "no Bearer token"},
		{"known", []string{"Bearer of-a"}, ""},
		{"scheme in another case", []string{"bearer of-a"}, ""},
	} {
		a := r.request(t, http.MethodPost, tinyPath, c.headers...)
		for way, err := range map[string]error{"gRPC": r.authorized(t.Context(), c.headers...), "REST": a.err()} {
			if c.says == "" && err != nil {
				t.Errorf("%s over %s: %v", c.name, way, err)
			}
			if c.says != "" {
				s := wantInfo(t, err, "UNAUTHENTICATED")
				if s.Code() != codes.Unauthenticated || !strings.Contains(s.Message(), c.says) || strings.Contains(s.Message(), "secret") {
					t.Errorf("%s over %s: %v, want UNAUTHENTICATED and %q", c.name, way, s, c.says)
				}
			}
		}
		if (c.says != "") != (a.http == http.StatusUnauthorized) {
			t.Errorf("%s: HTTP %d", c.name, a.http)
		}
	}
	r.wantMetric(t, "tiny_test_calls_unauthenticated_total 10")
	if strings.Contains(r.log.String(), "secret") {
		t.Error("a token is in the log")
	}
}

// Where tokens are wanted they are for everything, but for what only says whether the server is there.
func TestWhatNeedsNoToken(t *testing.T) {
	t.Parallel()
	r := start(t, withTokens)
	r.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/metrics": 401, tinyList: 401, "/nowhere": 401, "/healthz/": 401,
	} {
		if a := r.request(t, http.MethodGet, path); a.http != want {
			t.Errorf("%s: %d, want %d", path, a.http, want)
		}
	}
	for name, open := range map[string]func() error{
		"stream": func() error { return r.openAndListen(tinyTalk) },
		"reflection": func() error {
			return r.openAndListen(reflectionpb.ServerReflection_ServerReflectionInfo_FullMethodName)
		},
		"unknown method": func() error {
			return r.conn.Invoke(t.Context(), "/no/method", &annotations.HttpRule{}, &annotations.HttpRule{})
		},
		"method whose message never comes": func() error { return r.openAndListen(tinyMethod) },
	} {
		if err := open(); status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s: %v, want UNAUTHENTICATED", name, err)
		}
	}
}

func (r *running) openAndListen(method string) error {
	stream, err := r.conn.NewStream(context.Background(), &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
	if err != nil {
		return err
	}
	return stream.RecvMsg(&annotations.HttpRule{})
}

// Each client has its own rate, whichever way it calls, and hears when to come back.
func TestClientsHaveTheirRates(t *testing.T) {
	t.Parallel()
	r := start(t, withTokens, withAdmin, func(c *server.Config) { c.ClientRate, c.ClientBurst = 1, 3 })
	for i := range 3 {
		if err := r.authorized(t.Context(), "Bearer of-a"); err != nil {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	var trailer metadata.MD
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer of-a")
	err := r.conn.Invoke(ctx, tinyMethod, &annotations.HttpRule{}, &annotations.HttpRule{}, grpc.Trailer(&trailer))
	s := wantInfo(t, err, "OVERLOADED")
	wait := retryDelay(err)
	if s.Code() != codes.ResourceExhausted || wait <= 0 || wait > time.Second || !strings.Contains(s.Message(), "1 calls a second") {
		t.Errorf("%v after %v, want RESOURCE_EXHAUSTED for a second at most", s, wait)
	}
	if len(trailer.Get("grpc-retry-pushback-ms")) != 1 {
		t.Errorf("trailers %v, want when to come back", trailer)
	}
	stream, err := r.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, tinyTalk)
	if err != nil {
		t.Fatal(err)
	}
	wantInfo(t, stream.RecvMsg(&annotations.HttpRule{}), "OVERLOADED")
	if len(stream.Trailer().Get("grpc-retry-pushback-ms")) != 1 {
		t.Errorf("trailers of a stream %v, want when to come back", stream.Trailer())
	}
	if a := r.request(t, http.MethodPost, tinyPath, "Bearer of-a"); a.http != http.StatusTooManyRequests {
		t.Errorf("over REST: %d, want 429", a.http)
	}
	if err := r.authorized(t.Context(), "Bearer of-b"); err != nil {
		t.Errorf("another client: %v", err)
	}
	r.wantMetric(t, `tiny_test_calls_shed_total{cause="client_rate"} 3`)
}

// Without tokens and certificates an address is a client, and messages of a stream are its calls too.
func TestAddressesHaveTheirRates(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.ClientRate, c.ClientBurst = 1, 3 })
	talk := r.talk(t) // which is a call itself
	for range 2 {
		say(t, talk, "echo")
		hear(t, talk)
	}
	say(t, talk, "echo")
	if said := hear(t, talk); !strings.Contains(said.GetBody(), "calls a second") {
		t.Errorf("%v, want to be turned away", said)
	}
}

// Who is not known any more is not answered any more, on a stream that it has already neither.
func TestStreamEndsWhenItsTokenDoes(t *testing.T) {
	t.Parallel()
	var ended atomic.Bool
	r := start(t, func(c *server.Config) {
		c.Authenticate = func(auth.Caller) (string, error) {
			if ended.Load() {
				return "", errors.New("the token has ended")
			}
			return "a", nil
		}
	})
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer x")
	stream, err := r.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, tinyTalk)
	if err != nil {
		t.Fatal(err)
	}
	say(t, stream, "echo")
	hear(t, stream)
	ended.Store(true)
	for deadline := time.Now().Add(patience); err == nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still answered")
		}
		_ = stream.SendMsg(&annotations.HttpRule{Selector: "echo"}) // that it ended is what RecvMsg says
		err = stream.RecvMsg(&annotations.HttpRule{})
	}
	wantInfo(t, err, "UNAUTHENTICATED")
}
