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

// A running is a server on ports of its own, with a tiny service, a client of each kind, and the log.
type running struct {
	*server.Server
	*tiny
	conn *grpc.ClientConn
	log  *logBook
	stop context.CancelFunc
	end  func() error // waits for Serve and answers with what it returned, every time
}

// start serves until the test ends. Calls that still wait then are let go.
func start(t *testing.T, changes ...func(*server.Config)) *running {
	t.Helper()
	service := newTiny()
	return startAs(t, service, service, changes...)
}

// startAs serves a service that has the tiny one in it.
func startAs(t *testing.T, service server.Service, tiny *tiny, changes ...func(*server.Config)) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{tiny: tiny, log: &logBook{}, stop: stop}
	r.Server = listen(t, service, r.log, changes...)
	served := make(chan error, 1)
	go func() { served <- r.Serve(ctx) }()
	r.end = sync.OnceValue(func() error { return <-served })
	r.conn = dial(t, r.GRPCAddr())
	t.Cleanup(func() {
		r.letGo()
		r.conn.Close()
		http.DefaultClient.CloseIdleConnections() // a stop waits for what may still ask
		stop()
		_ = r.end() // the tests of draining look at it
	})
	return r
}

func listen(t *testing.T, service server.Service, log io.Writer, changes ...func(*server.Config)) *server.Server {
	t.Helper()
	c := config()
	for _, change := range changes {
		change(&c)
	}
	s, err := server.Listen(c, tinyDomain, slog.New(slog.NewJSONHandler(log, nil)), service)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// config has the defaults of the flags, but for ports of its own.
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

// letGo lets the calls finish that wait.
func (r *running) letGo() {
	select {
	case <-r.release:
	default:
		close(r.release)
	}
}

// A way is one of the two ways to call the method of the tiny service.
type way struct {
	name string
	do   func(*annotations.HttpRule) (*annotations.HttpRule, error)
}

func (r *running) ways() []way { return []way{{"gRPC", r.overGRPC}, {"REST", r.overREST}} }

func (r *running) overGRPC(rule *annotations.HttpRule) (*annotations.HttpRule, error) {
	reply := new(annotations.HttpRule)
	return reply, r.conn.Invoke(context.Background(), tinyMethod, rule, reply)
}

func (r *running) overREST(rule *annotations.HttpRule) (*annotations.HttpRule, error) {
	body, err := protojson.Marshal(rule)
	if err != nil {
		return nil, err
	}
	a, err := r.send(http.MethodPost, tinyPath, string(body))
	if err == nil {
		err = a.err()
	}
	if err != nil {
		return nil, err
	}
	reply := new(annotations.HttpRule)
	return reply, protojson.Unmarshal(a.body, reply)
}

// An answered is what came back over HTTP.
type answered struct {
	http   int
	header http.Header
	body   []byte
}

// send says what curl says of a body unless it is told otherwise: that it is a form.
func (r *running) send(verb, path, body string) (answered, error) {
	request, err := http.NewRequest(verb, "http://"+r.HTTPAddr()+path, strings.NewReader(body))
	if err != nil {
		return answered{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(request)
}

// ask asks any of the ports with these headers.
func ask(t *testing.T, verb, url, body string, header http.Header) answered {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), verb, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	a, err := do(request)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func do(request *http.Request) (answered, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answered{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answered{response.StatusCode, response.Header, text}, err
}

// err is the status that an answer holds; nil for 200.
func (a answered) err() error {
	if a.http == http.StatusOK {
		return nil
	}
	s := new(statuspb.Status)
	if err := protojson.Unmarshal(a.body, s); err != nil {
		return errors.New(string(a.body))
	}
	return status.FromProto(s).Err()
}

// wantInfo holds an error to the ErrorInfo of the server's domain with this reason, and gives the status back.
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
	return &errdetails.ErrorInfo{Reason: reason, Domain: tinyDomain}
}

// A logBook keeps what is logged, by many at once.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// calls are the lines about calls, and panics those about panics.
func (b *logBook) calls(t *testing.T) []map[string]any  { return b.lines(t, "call") }
func (b *logBook) panics(t *testing.T) []map[string]any { return b.lines(t, "panic") }

// lines are the lines with this message.
func (b *logBook) lines(t *testing.T, message string) []map[string]any {
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
