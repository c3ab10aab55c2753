package telemetry_test

import (
	"context"
	"net"
	"sync"
	"testing"

	metricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spanpb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
)

// A collector keeps the spans and metrics that it receives.
type collector struct {
	tracepb.UnimplementedTraceServiceServer
	address string

	mu      sync.Mutex
	spans   []*spanpb.Span
	service string
	metrics string
}

// Export implements the trace service.
func (c *collector) Export(_ context.Context, r *tracepb.ExportTraceServiceRequest) (*tracepb.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range r.GetResourceSpans() {
		c.service = of.GetResource().String()
		for _, scope := range of.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	return &tracepb.ExportTraceServiceResponse{}, nil
}

type metricsCollector struct {
	metricspb.UnimplementedMetricsServiceServer
	*collector
}

// Export implements the metrics service.
func (c metricsCollector) Export(_ context.Context, r *metricspb.ExportMetricsServiceRequest) (*metricspb.ExportMetricsServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.metrics += r.String()
	return &metricspb.ExportMetricsServiceResponse{}, nil
}

// startCollector starts a collector.
func startCollector(t *testing.T) *collector {
	t.Helper()
	c, s := &collector{}, grpc.NewServer()
	tracepb.RegisterTraceServiceServer(s, c)
	metricspb.RegisterMetricsServiceServer(s, metricsCollector{collector: c})
	c.address = "http://" + serve(t, s)
	return c
}

func serve(t *testing.T, s *grpc.Server) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(s.Stop)
	return listener.Addr().String()
}
