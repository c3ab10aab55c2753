package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

func TestCallsThatRunFinishWhileDraining(t *testing.T) {
	t.Parallel()
	r := start(t)
	running := map[string]<-chan error{}
	for _, way := range r.ways() {
		running[way.name] = r.begin(t, way.do)
	}
	r.stop()
	r.awaitClosedPorts(t)
	r.letGo()
	for name, ended := range running {
		if err := <-ended; err != nil {
			t.Errorf("the call that ran over %s: %v", name, err)
		}
	}
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// awaitClosedPorts returns when both ports refuse new connections, which is when the server waits for nothing but the
// calls that run.
func (r *running) awaitClosedPorts(t *testing.T) {
	t.Helper()
	for _, address := range []string{r.GRPCAddr(), r.HTTPAddr()} {
		for deadline := time.Now().Add(patience); isOpen(address); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s is still open", address)
			}
		}
	}
}

func isOpen(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func TestCallThatNeverFinishesIsCutOff(t *testing.T) {
	t.Parallel()
	const timeout = 50 * time.Millisecond
	for i := range 2 {
		r := start(t, func(c *server.Config) { c.DrainTimeout = timeout })
		way := r.ways()[i]
		t.Run(way.name, func(t *testing.T) {
			ended := r.begin(t, way.do)
			r.stop()
			err := r.end()
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), timeout.String()) {
				t.Errorf("Serve: %v, want that calls still ran after %v", err, timeout)
			}
			if err := <-ended; err == nil {
				t.Error("the call that was cut off succeeded")
			}
			r.wantNobody(t)
		})
	}
}

// Draining ends a server and no call: who comes late hears that nobody is there, which clients repeat elsewhere.
func TestCallsAfterDrainingAreUnavailable(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.stop()
	if err := r.end(); err != nil {
		t.Fatalf("Serve: %v", err)
	}
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); status.Code(err) != codes.Unavailable {
		t.Errorf("%v, want UNAVAILABLE", err)
	}
}

// What waits for the end of the server must not hold it up: a balancer that watches the health, and connections that
// never begin to speak.
func TestWhatNeedNotFinishDoesNotHoldTheServer(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.HandshakeTimeout = 50 * time.Millisecond })
	watch, err := healthpb.NewHealthClient(r.conn).Watch(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantNext(t, watch, healthpb.HealthCheckResponse_SERVING)
	connect(t, r.GRPCAddr(), 1)
	connect(t, r.HTTPAddr(), 1)
	began := time.Now()
	r.stop()
	if err := r.end(); err != nil || time.Since(began) > patience/2 {
		t.Errorf("Serve: %v after %v", err, time.Since(began))
	}
}

// Over HTTP/1.1 nobody can say that a request was not taken, nor over a connection of gRPC that is about to be made. So connections that
// speak now and then are told to close by an answer, new ones that the kernel has made are served, and no request is lost
// without a client that repeats it. But the kernel cannot be told to make no more in the same moment in which the last is taken: one that
// it makes between the two is reset, and nobody has taken its request.
func TestRequestsWhileDrainingAreNotLost(t *testing.T) {
	t.Parallel()
	r := start(t)
	kept := &http.Client{Transport: &http.Transport{}}
	defer kept.CloseIdleConnections()
	var callers sync.WaitGroup
	var reset atomic.Int64
	for name, echo := range map[string]func() error{
		"REST, kept connections": func() error { return echoREST(kept, r.HTTPAddr()) },
		"REST, new connections": func() error {
			return echoREST(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, r.HTTPAddr())
		},
		"gRPC, new connections": func() error { return echoGRPC(r.GRPCAddr()) },
	} {
		for range 4 {
			callers.Go(func() {
				switch err := untilRefused(echo); {
				case strings.Contains(name, "new") && (errors.Is(err, syscall.ECONNRESET) || strings.Contains(err.Error(), "connection loss")): // as net/http calls it for HTTP/2
					reset.Add(1)
				case !errors.Is(err, syscall.ECONNREFUSED):
					t.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	time.Sleep(100 * time.Millisecond)
	r.stop()
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	callers.Wait()
	if n := reset.Load(); n > 2 {
		t.Errorf("%d of 8 new connections are reset, want one now and then", n)
	}
}

// untilRefused calls as long as all is well.
func untilRefused(call func() error) error {
	for {
		if err := call(); err != nil {
			return err
		}
	}
}

// echoREST posts what no client repeats by itself.
func echoREST(client *http.Client, address string) error {
	reply, err := client.Post("http://"+address+tinyPath, "application/json", strings.NewReader(`{"selector":"echo"}`))
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = errors.New(reply.Status)
	}
	return err
}

// echoGRPC makes a connection, calls, and repeats nothing: gRPC's own client would.
func echoGRPC(address string) error {
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	message := append([]byte{0, 0, 0, 0, 6, 0x0a, 4}, "echo"...)
	request, err := http.NewRequest(http.MethodPost, "http://"+address+tinyMethod, io.NopCloser(bytes.NewReader(message)))
	if err != nil {
		return err
	}
	request.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	reply, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	if err == nil && reply.Trailer.Get("Grpc-Status") != "0" {
		err = fmt.Errorf("%v", reply.Trailer)
	}
	return err
}
