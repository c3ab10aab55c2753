package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
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

// Over HTTP/1.1 a server cannot close a kept connection without the risk to lose a request. So while load balancers notice, each answer
// asks its client to close. A connection that the kernel makes after the last was accepted is reset, and no request of it was taken.
func TestRequestsWhileDrainingAreNotLost(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.DrainDelay = drainDelay })
	kept := &http.Client{Transport: &http.Transport{}}
	defer kept.CloseIdleConnections()
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			err := untilRefused(func() error { return echoREST(kept, r.HTTPAddr()) })
			if !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%v, want that no connection is made", err)
			}
		})
	}
	if err := echoREST(kept, r.HTTPAddr()); err != nil {
		t.Error(err)
	}
	r.stop()
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	callers.Wait()
}

// Whoever asks over gRPC while the server stops hears UNAVAILABLE, or is answered: a stock client repeats what was not taken.
func TestCallsWhileDrainingAreNotLost(t *testing.T) {
	t.Parallel()
	r := start(t)
	var callers sync.WaitGroup
	for range 4 {
		conn := dial(t, r.GRPCAddr())
		callers.Go(func() {
			err := untilRefused(func() error {
				return conn.Invoke(t.Context(), tinyMethod, &annotations.HttpRule{Selector: "echo"}, new(annotations.HttpRule))
			})
			if status.Code(err) != codes.Unavailable || !strings.Contains(err.Error(), "connect") {
				t.Errorf("%v, want that no connection is made", err)
			}
		})
	}
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Error(err)
	}
	r.stop()
	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	callers.Wait()
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
