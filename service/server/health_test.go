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

// Balancers ask in two ways, and must hear the same in both, from the start to the end.
func TestHealthBeforeDuringAndAfterDraining(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.DrainDelay = drainDelay })
	r.wantHealth(t, healthpb.HealthCheckResponse_SERVING)
	r.wantProbe(t, "/healthz", http.StatusOK)
	r.wantProbe(t, "/readyz", http.StatusOK)

	r.beginDraining(t)
	r.wantHealth(t, healthpb.HealthCheckResponse_NOT_SERVING)
	r.wantProbe(t, "/healthz", http.StatusOK)
	r.wantProbe(t, "/readyz", http.StatusServiceUnavailable)
	for _, way := range r.ways() {
		if _, err := way.do(&annotations.HttpRule{Selector: "echo"}); err != nil {
			t.Errorf("%s while balancers do not know yet: %v", way.name, err)
		}
	}

	if err := r.end(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	r.wantNobody(t)
}

// drainDelay is time enough for some calls on the slowest of machines: nothing waits for it but the end of the test.
const drainDelay = time.Second

// beginDraining stops the server and returns when it has said so.
func (r *running) beginDraining(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	watch, err := healthpb.NewHealthClient(r.conn).Watch(ctx, &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantNext(t, watch, healthpb.HealthCheckResponse_SERVING)
	r.stop()
	wantNext(t, watch, healthpb.HealthCheckResponse_NOT_SERVING)
}

func wantNext(t *testing.T, watch healthpb.Health_WatchClient, want healthpb.HealthCheckResponse_ServingStatus) {
	t.Helper()
	if got, err := watch.Recv(); err != nil || got.GetStatus() != want {
		t.Fatalf("watch: %v, %v, want %v", got, err, want)
	}
}

// wantNobody finds both ports closed.
func (r *running) wantNobody(t *testing.T) {
	t.Helper()
	for _, address := range []string{r.GRPCAddr(), r.HTTPAddr()} {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			t.Errorf("%s is still open", address)
		}
	}
}

func TestHealthOfUnknownServices(t *testing.T) {
	t.Parallel()
	_, err := healthpb.NewHealthClient(start(t).conn).Check(t.Context(), &healthpb.HealthCheckRequest{Service: "no.Service"})
	if status.Code(err) != codes.NotFound {
		t.Errorf("%v, want NOT_FOUND", err)
	}
}

// Before Serve the ports are open, so that nobody is refused, and nobody is told that all is well.
func TestNothingIsAnsweredBeforeServe(t *testing.T) {
	t.Parallel()
	s := listen(t, newTiny(), io.Discard)
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
