package server_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// The health service and the probes must agree.
func TestHealth_BeforeDuringAndAfterDrain(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *server.Config) { c.DrainDelay = drainDelay })
	h.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
	h.wantProbe(t, "/healthz", http.StatusOK)
	h.wantProbe(t, "/readyz", http.StatusOK)

	h.beginDraining(t)
	h.wantHealth(t, healthpb.HealthCheckResponse_NOT_SERVING)
	h.wantProbe(t, "/healthz", http.StatusOK)
	h.wantProbe(t, "/readyz", http.StatusServiceUnavailable)
	for _, transport := range h.transports() {
		if _, err := transport.call(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s during the drain delay: %v", transport.name, err)
		}
	}

	if err := h.waitServe(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	h.wantPortsClosed(t)
}

// drainDelay is enough time for some calls on a slow machine.
const drainDelay = time.Second

// beginDraining starts the shutdown and returns once the server reports NOT_SERVING.
func (h *harness) beginDraining(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	defer cancel()
	watch, err := healthpb.NewHealthClient(h.conn).Watch(ctx, &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantNext(t, watch, healthpb.HealthCheckResponse_SERVING)
	h.stop()
	wantNext(t, watch, healthpb.HealthCheckResponse_NOT_SERVING)
}

func wantNext(t *testing.T, watch healthpb.Health_WatchClient, want healthpb.HealthCheckResponse_ServingStatus) {
	t.Helper()
	if got, err := watch.Recv(); err != nil || got.GetStatus() != want {
		t.Fatalf("watch: %v, %v, want %v", got, err, want)
	}
}

// wantPortsClosed checks that both ports refuse connections.
func (h *harness) wantPortsClosed(t *testing.T) {
	t.Helper()
	for _, address := range []string{h.GRPCAddr(), h.HTTPAddr()} {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			t.Errorf("%s is still open", address)
		}
	}
}

func TestHealth_UnknownService(t *testing.T) {
	t.Parallel()
	_, err := healthpb.NewHealthClient(start(t).conn).Check(t.Context(), &healthpb.HealthCheckRequest{Service: "no.Service"})
	if status.Code(err) != codes.NotFound {
		t.Errorf("%v, want NOT_FOUND", err)
	}
}

// The ports are open, so that the kernel refuses no client.
func TestListen_AnswersNothingBeforeServe(t *testing.T) {
	t.Parallel()
	s := listen(t, newTestService(), io.Discard)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.HTTPAddr()+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
		t.Errorf("%s before Serve", response.Status)
	}
}
