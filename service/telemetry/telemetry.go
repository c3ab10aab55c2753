// Package telemetry sends traces and metrics to an OpenTelemetry collector over OTLP, for those who have one. The metrics are
// those that Prometheus sees. It costs a good part of a call, so nothing of it runs unless it is asked for.
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

// Config is where the telemetry goes and what it is of.
type Config struct {
	Endpoint string // such as http://collector:4317; empty leaves it to OpenTelemetry's own variables
	Service  string // the name of the service, which OTEL_SERVICE_NAME overrides
	Version  string
	Metrics  prometheus.Gatherer
	Log      *slog.Logger // of what goes wrong
}

// Asked tells whether there is somewhere to send to.
func (c Config) Asked() bool { return c.asked("TRACES") || c.asked("METRICS") }

// asked tells whether there is somewhere to send a signal to, by the configuration or by OpenTelemetry's own variables.
func (c Config) asked(signal string) bool {
	if os.Getenv("OTEL_SDK_DISABLED") == "true" || os.Getenv("OTEL_"+signal+"_EXPORTER") == "none" {
		return false
	}
	return cmp.Or(c.Endpoint, os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), os.Getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT")) != ""
}

// Telemetry is what has been started; nil is what was not asked for.
type Telemetry struct {
	traces  *trace.TracerProvider
	metrics *metric.MeterProvider
}

// Start begins to send. OpenTelemetry's own variables say the rest: sampling, headers, intervals, certificates. That the collector cannot be
// reached is no error: calls do not wait for it.
func Start(ctx context.Context, c Config) (*Telemetry, error) {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { c.Log.Warn("telemetry", "error", err) }))
	if err := checkEndpoint(c.Endpoint); err != nil {
		return nil, err
	}
	// Replicas have all else in common, and a collector would take their metrics for those of one.
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithHost(), resource.WithAttributes(
		attribute.String("service.name", c.Service), attribute.String("service.version", c.Version), attribute.String("service.instance.id", rand.Text()),
	), resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	t := new(Telemetry)
	if err = t.trace(ctx, c, about); err == nil {
		err = t.measure(ctx, c, about)
	}
	if err != nil {
		return nil, errors.Join(err, t.Stop(ctx))
	}
	return t, nil
}

func (t *Telemetry) trace(ctx context.Context, c Config, about *resource.Resource) error {
	if !c.asked("TRACES") {
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
	t.traces = trace.NewTracerProvider(trace.WithBatcher(spans), trace.WithResource(about))
	return nil
}

func (t *Telemetry) measure(ctx context.Context, c Config, about *resource.Resource) error {
	if !c.asked("METRICS") {
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
	t.metrics = metric.NewMeterProvider(metric.WithReader(reader), metric.WithResource(about))
	return nil
}

// checkEndpoint refuses what OpenTelemetry would read as another address than is meant, most of all one without a scheme.
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

// Stop sends what is left, for as long as the context lets it.
func (t *Telemetry) Stop(ctx context.Context) (err error) {
	if t.traces != nil {
		err = t.traces.Shutdown(ctx)
	}
	if t.metrics != nil {
		err = errors.Join(err, t.metrics.Shutdown(ctx))
	}
	return err
}

// propagator reads who is the parent of a call from its headers (W3C Trace Context).
func propagator() propagation.TextMapPropagator {
	return propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
}

// GRPC traces calls over gRPC, all but those about health.
func (t *Telemetry) GRPC() grpc.ServerOption {
	if t.traces == nil {
		return grpc.EmptyServerOption{}
	}
	return grpc.StatsHandler(otelgrpc.NewServerHandler(
		otelgrpc.WithTracerProvider(t.traces), otelgrpc.WithMeterProvider(noop.NewMeterProvider()), otelgrpc.WithPropagators(propagator()),
		otelgrpc.WithFilter(filters.Not(filters.HealthCheck())),
	))
}

// REST traces requests over HTTP, all but those of probes and of Prometheus.
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
