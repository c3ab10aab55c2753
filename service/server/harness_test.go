package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/service/server"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"
)

// A harness is a running server with the test service, a gRPC client, and its log.
type harness struct {
	*server.Server
	*testService
	conn *grpc.ClientConn
	log  *logBuffer
	stop context.CancelFunc
	// waitServe waits for Serve and returns its error. It may be called more than once.
	waitServe func() error
}

// start starts a server, which serves until the test ends.
func start(t *testing.T, changes ...func(*server.Config)) *harness {
	t.Helper()
	service := newTestService()
	return startAs(t, service, service, changes...)
}

// startAs is like start for a service that embeds the test service.
func startAs(t *testing.T, service server.Service, embedded *testService, changes ...func(*server.Config)) *harness {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	h := &harness{testService: embedded, log: &logBuffer{}, stop: stop}
	h.Server = listen(t, service, h.log, changes...)
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx) }()
	h.waitServe = sync.OnceValue(func() error { return <-served })
	h.conn = dial(t, h.GRPCAddr())
	t.Cleanup(func() {
		h.releaseCalls()
		h.conn.Close()
		http.DefaultClient.CloseIdleConnections() // the shutdown would wait for them
		stop()
		_ = h.waitServe() // the shutdown tests check the error
	})
	return h
}

func listen(t *testing.T, service server.Service, log io.Writer, changes ...func(*server.Config)) *server.Server {
	t.Helper()
	c := config()
	for _, change := range changes {
		change(&c)
	}
	s, err := server.Listen(c, testDomain, slog.New(slog.NewJSONHandler(log, nil)), service)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// config returns the defaults of the flags, with free ports.
func config() server.Config {
	var c server.Config
	c.Bind(pflag.NewFlagSet("", pflag.ContinueOnError))
	c.GRPCAddr, c.HTTPAddr = "127.0.0.1:0", "127.0.0.1:0"
	return c
}

func dial(t *testing.T, address string, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(address, append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// releaseCalls lets the waiting calls finish.
func (h *harness) releaseCalls() {
	select {
	case <-h.release:
	default:
		close(h.release)
	}
}

// A transport calls the method of the test service, over gRPC or REST.
type transport struct {
	name string
	call func(*annotations.HttpRule) (*annotations.HttpRule, error)
}

func (h *harness) transports() []transport {
	return []transport{{"gRPC", h.overGRPC}, {"REST", h.overREST}}
}

func (h *harness) overGRPC(rule *annotations.HttpRule) (*annotations.HttpRule, error) {
	reply := new(annotations.HttpRule)
	return reply, h.conn.Invoke(context.Background(), doMethod, rule, reply)
}

func (h *harness) overREST(rule *annotations.HttpRule) (*annotations.HttpRule, error) {
	body, err := protojson.Marshal(rule)
	if err != nil {
		return nil, err
	}
	reply, err := h.sendREST(http.MethodPost, doPath, string(body))
	if err == nil {
		err = reply.err()
	}
	if err != nil {
		return nil, err
	}
	got := new(annotations.HttpRule)
	return got, protojson.Unmarshal(reply.body, got)
}

// An httpReply is a reply over HTTP.
type httpReply struct {
	status int
	header http.Header
	body   []byte
}

// sendREST sends a request to the REST port. Its Content-Type is curl's default.
func (h *harness) sendREST(verb, path, body string) (httpReply, error) {
	request, err := http.NewRequest(verb, "http://"+h.HTTPAddr()+path, strings.NewReader(body))
	if err != nil {
		return httpReply{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(request)
}

// sendHTTP sends a request with headers to any port.
func sendHTTP(t *testing.T, verb, url, body string, header http.Header) httpReply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), verb, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	reply, err := do(request)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func do(request *http.Request) (httpReply, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return httpReply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return httpReply{response.StatusCode, response.Header, text}, err
}

// err returns the reply's status as an error, nil for HTTP 200.
func (reply httpReply) err() error {
	if reply.status == http.StatusOK {
		return nil
	}
	s := new(statuspb.Status)
	if err := protojson.Unmarshal(reply.body, s); err != nil {
		return errors.New(string(reply.body))
	}
	return status.FromProto(s).Err()
}

// wantInfo checks that the error has exactly one ErrorInfo: the test domain and the reason. It returns the status.
func wantInfo(t *testing.T, err error, reason string) *status.Status {
	t.Helper()
	var infos []*errdetails.ErrorInfo
	for _, detail := range status.Convert(err).Details() {
		if i, ok := detail.(*errdetails.ErrorInfo); ok {
			infos = append(infos, i)
		}
	}
	if diff := cmp.Diff([]*errdetails.ErrorInfo{info(reason)}, infos, protocmp.Transform()); diff != "" {
		t.Errorf("ErrorInfo of %v (-want +got)\n%s", err, diff)
	}
	return status.Convert(err)
}

func info(reason string) *errdetails.ErrorInfo {
	return &errdetails.ErrorInfo{Reason: reason, Domain: testDomain}
}

// A logBuffer keeps the log. It is safe for concurrent use.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// calls returns the lines about calls; panics those about panics.
func (b *logBuffer) calls(t *testing.T) []map[string]any  { return b.lines(t, "call") }
func (b *logBuffer) panics(t *testing.T) []map[string]any { return b.lines(t, "panic") }

// lines returns the lines with the message.
func (b *logBuffer) lines(t *testing.T, message string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for text := range strings.Lines(b.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		if line["msg"] == message {
			lines = append(lines, line)
		}
	}
	return lines
}
