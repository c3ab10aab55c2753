// Package telemetry exports traces and metrics to an OpenTelemetry collector over OTLP. The metrics are those of a Prometheus
// gatherer. Nothing runs unless an endpoint is configured, because tracing takes a large part of a call's time.
//
//	t, err := telemetry.Start(ctx, telemetry.Config{Endpoint: "http://collector:4317", Metrics: registry})
//	defer t.Stop(ctx)
//	grpc.NewServer(t.GRPC())
package telemetry

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	bridge "go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc/filters"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
)

// Config configures the export.
type Config struct {
	Endpoint string // such as http://collector:4317; if empty, OpenTelemetry's own variables apply
	Service  string // name of the service; OTEL_SERVICE_NAME overrides it
	Version  string
	Metrics  prometheus.Gatherer
	Log      *slog.Logger // receives export failures
}

// Enabled reports whether an endpoint is configured for traces or metrics.
func (c Config) Enabled() bool { return c.signalEnabled("TRACES") || c.signalEnabled("METRICS") }

// signalEnabled reports whether an endpoint is configured for a signal, by the Config or by OpenTelemetry's own variables.
func (c Config) signalEnabled(signal string) bool {
	if os.Getenv("OTEL_SDK_DISABLED") == "true" || os.Getenv("OTEL_"+signal+"_EXPORTER") == "none" {
		return false
	}
	return cmp.Or(c.Endpoint, os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), os.Getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT")) != ""
}

// Telemetry exports the enabled signals.
type Telemetry struct {
	traces  *trace.TracerProvider // nil if disabled
	metrics *metric.MeterProvider // nil if disabled
}

// Start starts the export. OpenTelemetry's own variables configure sampling, headers, intervals and certificates. Start does not
// connect: an unreachable collector is no error, and delays no call.
func Start(ctx context.Context, c Config) (*Telemetry, error) {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { c.Log.Warn("telemetry", "error", err) }))
	if err := checkEndpoint(c.Endpoint); err != nil {
		return nil, err
	}
	// Without an instance ID, a collector would merge the metrics of all replicas.
	res, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithHost(), resource.WithAttributes(
		attribute.String("service.name", c.Service), attribute.String("service.version", c.Version), attribute.String("service.instance.id", rand.Text()),
	), resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	t := new(Telemetry)
	if err = t.startTraces(ctx, c, res); err == nil {
		err = t.startMetrics(ctx, c, res)
	}
	if err != nil {
		return nil, errors.Join(err, t.Stop(ctx))
	}
	return t, nil
}

func (t *Telemetry) startTraces(ctx context.Context, c Config, res *resource.Resource) error {
	if !c.signalEnabled("TRACES") {
		return nil
	}
	var options []otlptracegrpc.Option
	if c.Endpoint != "" {
		options = append(options, otlptracegrpc.WithEndpointURL(c.Endpoint))
	}
	spans, err := otlptracegrpc.New(ctx, options...)
	if err != nil {
		return err
	}
	t.traces = trace.NewTracerProvider(trace.WithBatcher(spans), trace.WithResource(res))
	return nil
}

func (t *Telemetry) startMetrics(ctx context.Context, c Config, res *resource.Resource) error {
	if !c.signalEnabled("METRICS") {
		return nil
	}
	var options []otlpmetricgrpc.Option
	if c.Endpoint != "" {
		options = append(options, otlpmetricgrpc.WithEndpointURL(c.Endpoint))
	}
	points, err := otlpmetricgrpc.New(ctx, options...)
	if err != nil {
		return err
	}
	reader := metric.NewPeriodicReader(points, metric.WithProducer(bridge.NewMetricProducer(bridge.WithGatherer(c.Metrics))))
	t.metrics = metric.NewMeterProvider(metric.WithReader(reader), metric.WithResource(res))
	return nil
}

// checkEndpoint rejects an endpoint that OpenTelemetry would misread, such as one without a scheme.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return fmt.Errorf("%q is not http:// or https:// and a host, with a port or without", endpoint)
	}
	return nil
}

// Stop exports the remaining data and stops. It returns when the context ends at the latest.
func (t *Telemetry) Stop(ctx context.Context) (err error) {
	if t.traces != nil {
		err = t.traces.Shutdown(ctx)
	}
	if t.metrics != nil {
		err = errors.Join(err, t.metrics.Shutdown(ctx))
	}
	return err
}

// propagator returns the propagator that reads a call's parent span from its headers (W3C Trace Context).
func propagator() propagation.TextMapPropagator {
	return propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
}

// GRPC returns the server option that traces gRPC calls, except health checks.
func (t *Telemetry) GRPC() grpc.ServerOption {
	if t.traces == nil {
		return grpc.EmptyServerOption{}
	}
	return grpc.StatsHandler(otelgrpc.NewServerHandler(
		otelgrpc.WithTracerProvider(t.traces), otelgrpc.WithMeterProvider(noop.NewMeterProvider()), otelgrpc.WithPropagators(propagator()),
		otelgrpc.WithFilter(filters.Not(filters.HealthCheck())),
	))
}

// REST wraps a handler to trace HTTP requests, except probes and scrapes.
func (t *Telemetry) REST(h http.Handler) http.Handler {
	if t.traces == nil {
		return h
	}
	return otelhttp.NewHandler(h, "HTTP",
		otelhttp.WithTracerProvider(t.traces), otelhttp.WithMeterProvider(noop.NewMeterProvider()), otelhttp.WithPropagators(propagator()),
		otelhttp.WithFilter(func(r *http.Request) bool {
			return r.URL.Path != "/healthz" && r.URL.Path != "/readyz" && r.URL.Path != "/metrics"
		}),
	)
}
