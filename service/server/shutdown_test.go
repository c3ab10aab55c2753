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

func TestShutdown_FinishesCallsInFlight(t *testing.T) {
	t.Parallel()
	h := start(t)
	inFlight := map[string]<-chan error{}
	for _, transport := range h.transports() {
		inFlight[transport.name] = h.startWaitingCall(t, transport.call)
	}
	h.stop()
	h.awaitClosedPorts(t)
	h.releaseCalls()
	for name, ended := range inFlight {
		if err := <-ended; err != nil {
			t.Errorf("call in flight over %s: %v", name, err)
		}
	}
	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// awaitClosedPorts returns when both ports refuse new connections. Then the server waits only for calls in flight.
func (h *harness) awaitClosedPorts(t *testing.T) {
	t.Helper()
	for _, address := range []string{h.GRPCAddr(), h.HTTPAddr()} {
		for deadline := time.Now().Add(testTimeout); isOpen(address); time.Sleep(time.Millisecond) {
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

func TestShutdown_CutsOffCallsAfterDrainTimeout(t *testing.T) {
	t.Parallel()
	const timeout = 50 * time.Millisecond
	for i := range 2 {
		h := start(t, func(c *server.Config) { c.DrainTimeout = timeout })
		transport := h.transports()[i]
		t.Run(transport.name, func(t *testing.T) {
			ended := h.startWaitingCall(t, transport.call)
			h.stop()
			err := h.waitServe()
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), timeout.String()) {
				t.Errorf("Serve: %v, want an error that names %v", err, timeout)
			}
			if err := <-ended; err == nil {
				t.Error("the call that was cut off succeeded")
			}
			h.wantPortsClosed(t)
		})
	}
}

func TestShutdown_LaterCallIsUnavailable(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.stop()
	if err := h.waitServe(); err != nil {
		t.Fatalf("Serve: %v", err)
	}
	if _, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"}); status.Code(err) != codes.Unavailable {
		t.Errorf("%v, want UNAVAILABLE", err)
	}
}

func TestShutdown_IgnoresHealthWatchesAndSilentConnections(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.HandshakeTimeout = 50 * time.Millisecond })
	watch, err := healthpb.NewHealthClient(h.conn).Watch(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantNext(t, watch, healthpb.HealthCheckResponse_SERVING)
	connect(t, h.GRPCAddr(), 1)
	connect(t, h.HTTPAddr(), 1)
	began := time.Now()
	h.stop()
	if err := h.waitServe(); err != nil || time.Since(began) > testTimeout/2 {
		t.Errorf("Serve: %v after %v", err, time.Since(began))
	}
}

// During the drain delay each reply asks its client to close the connection. The kernel resets a connection
// that the server has not accepted. The server read no request on it.
func TestShutdown_LosesNoHTTPRequest(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.DrainDelay = drainDelay })
	kept := &http.Client{Transport: &http.Transport{}}
	defer kept.CloseIdleConnections()
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			err := callUntilError(func() error { return echoREST(kept, h.HTTPAddr()) })
			if !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%v, want a refused connection", err)
			}
		})
	}
	if err := echoREST(kept, h.HTTPAddr()); err != nil {
		t.Error(err)
	}
	h.stop()
	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	callers.Wait()
}

// A call during the shutdown succeeds or fails with UNAVAILABLE, which a gRPC client retries elsewhere.
func TestShutdown_LosesNoGRPCCall(t *testing.T) {
	t.Parallel()
	h := start(t)
	var callers sync.WaitGroup
	for range 4 {
		conn := dial(t, h.GRPCAddr())
		callers.Go(func() {
			err := callUntilError(func() error {
				return conn.Invoke(t.Context(), doMethod, &annotations.HttpRule{Selector: "echo"}, new(annotations.HttpRule))
			})
			if status.Code(err) != codes.Unavailable || !strings.Contains(err.Error(), "connect") {
				t.Errorf("%v, want a refused connection", err)
			}
		})
	}
	if _, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Error(err)
	}
	h.stop()
	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	callers.Wait()
}

// callUntilError calls until the first error, and returns it.
func callUntilError(call func() error) error {
	for {
		if err := call(); err != nil {
			return err
		}
	}
}

// echoREST sends a POST request, which http.Client never retries.
func echoREST(client *http.Client, address string) error {
	reply, err := client.Post("http://"+address+doPath, "application/json", strings.NewReader(`{"selector":"echo"}`))
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
