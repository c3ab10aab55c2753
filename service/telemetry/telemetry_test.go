package telemetry_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/telemetry"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
)

// The parent span of the calls, in the format of W3C Trace Context.
const (
	traceID = "0af7651916cd43dd8448eb211c80319c"
	parent  = "00-" + traceID + "-b7ad6b7169203331-01"
)

// Spans over both transports have the parent of the call, and no data of its request.
func TestTelemetry_ContinuesTraces(t *testing.T) {
	t.Parallel()
	c := startCollector(t)
	registry := prometheus.NewRegistry()
	counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "things_total"})
	registry.MustRegister(counter)
	counter.Add(7)
	started, err := telemetry.Start(t.Context(), telemetry.Config{Endpoint: c.address, Service: "cbcerrd", Version: "v1", Metrics: registry, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	callGRPC(t, started)
	callREST(t, started)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := started.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, span := range c.spans {
		names = append(names, span.GetName())
		if fmt.Sprintf("%x", span.GetTraceId()) != traceID || fmt.Sprintf("%x", span.GetParentSpanId()) != parent[36:52] {
			t.Errorf("%s: trace %x with parent %x", span.GetName(), span.GetTraceId(), span.GetParentSpanId())
		}
		if strings.Contains(span.String(), "secret") {
			t.Errorf("request data in %v", span)
		}
	}
	if all := strings.Join(names, " "); len(names) != 2 || !strings.Contains(all, "ServerReflectionInfo") || !strings.Contains(all, "POST /v1/things") {
		t.Errorf("spans %q, want one of each transport, and none of health and probes", names)
	}
	for _, want := range []string{"cbcerrd", "v1", "service.instance.id", "host.name"} {
		if !strings.Contains(c.service, want) {
			t.Errorf("resource %s, want %s", c.service, want)
		}
	}
	if !strings.Contains(c.metrics, "things_total") || !strings.Contains(c.metrics, "as_double:7") {
		t.Errorf("metrics %s, want those of Prometheus", c.metrics)
	}
}

// callGRPC calls a method and the health check.
func callGRPC(t *testing.T, started *telemetry.Telemetry) {
	t.Helper()
	s := grpc.NewServer(started.GRPC())
	healthpb.RegisterHealthServer(s, health.NewServer())
	reflection.Register(s)
	conn, err := grpc.NewClient(serve(t, s), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", parent, "authorization", "Bearer secret")
	if _, err := healthpb.NewHealthClient(conn).Check(ctx, &healthpb.HealthCheckRequest{}); err != nil {
		t.Fatal(err)
	}
	stream, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	request := &reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "secret"}}
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = stream.Recv()
	}
	s.GracefulStop() // the server ends a span after the reply
}

// callREST requests a route, the probes and the metrics.
func callREST(t *testing.T, started *telemetry.Telemetry) {
	t.Helper()
	s := httptest.NewServer(started.REST(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { r.Pattern = "POST /v1/things" })))
	defer s.Close()
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/v1/things?headers[X]=secret"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader("secret"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Traceparent", parent)
		request.Header.Set("Authorization", "Bearer secret")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
}

func TestStart_UnreachableCollector(t *testing.T) {
	t.Parallel()
	if _, err := telemetry.Start(t.Context(), telemetry.Config{Endpoint: "http://127.0.0.1:1", Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Error(err)
	}
}

func TestStart_InvalidEndpoint(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"collector:4317", "collector", "://x", "http://", "grpc://collector:4317", "http://:4317", "http://collector:4317/v1/traces"} {
		_, err := telemetry.Start(t.Context(), telemetry.Config{Endpoint: endpoint, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.Contains(err.Error(), endpoint) {
			t.Errorf("%s: %v, want an error that names it", endpoint, err)
		}
	}
}

// OpenTelemetry's own variables enable and disable each signal.
func TestTelemetry_ExportsEnabledSignals(t *testing.T) {
	for _, k := range []struct {
		name, endpoint  string
		variables       []string
		traces, metrics bool
	}{
		{"not configured", "", nil, false, false},
		{"the flag", "flag", nil, true, true},
		{"the variable", "", []string{"OTEL_EXPORTER_OTLP_ENDPOINT"}, true, true},
		{"traces only", "", []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"}, true, false},
		{"metrics only", "", []string{"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"}, false, true},
		{"no metrics", "flag", []string{"OTEL_METRICS_EXPORTER=none"}, true, false},
		{"no traces", "flag", []string{"OTEL_TRACES_EXPORTER=none"}, false, true},
		{"disabled", "flag", []string{"OTEL_SDK_DISABLED=true"}, false, false},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := startCollector(t)
			for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"} {
				t.Setenv(name, "")
			}
			for _, variable := range k.variables {
				name, value, _ := strings.Cut(variable, "=")
				t.Setenv(name, cmp.Or(value, c.address))
			}
			config := telemetry.Config{Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)}
			if k.endpoint != "" {
				config.Endpoint = c.address
			}
			if config.Enabled() != (k.traces || k.metrics) {
				t.Errorf("enabled: %v", config.Enabled())
			}
			traces, metrics := c.exported(t, config)
			if traces != k.traces || metrics != k.metrics {
				t.Errorf("traces %v, metrics %v, want %v, %v", traces, metrics, k.traces, k.metrics)
			}
		})
	}
}

// exported reports whether calls export traces and metrics.
func (c *collector) exported(t *testing.T, config telemetry.Config) (traces, metrics bool) {
	t.Helper()
	started, err := telemetry.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	callGRPC(t, started)
	callREST(t, started)
	if err := started.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	return len(c.spans) > 0, c.metrics != ""
}
