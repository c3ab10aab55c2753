package server

import (
	"strconv"
	"time"

	prommiddleware "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"google.golang.org/grpc"
)

// metrics count calls. Their label values are names known at startup, never text from a client.
type metrics struct {
	calls           *prommiddleware.ServerMetrics
	methods         map[string]bool // full names of all methods
	requests        *prometheus.HistogramVec
	shedCalls       *prometheus.CounterVec
	unauthenticated prometheus.Counter
	panics          prometheus.Counter
	handshakes      *prometheus.CounterVec
}

// newMetrics registers metrics with conventional names at one registry, and the server's own at another.
func newMetrics(conventional, own prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return promauto.With(own).NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		calls: prommiddleware.NewServerMetrics(prommiddleware.WithServerHandlingTimeHistogram(prommiddleware.WithHistogramBuckets(durationBuckets()))),
		requests: promauto.With(conventional).NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_duration_seconds", Help: "Duration of HTTP requests, without rejected ones.", Buckets: durationBuckets(),
		}, []string{"http_request_method", "http_route", "http_response_status_code"}),
		shedCalls:       counter("calls_shed_total", "Calls rejected with OVERLOADED, by limit.", "cause"),
		unauthenticated: counter("calls_unauthenticated_total", "Calls rejected with UNAUTHENTICATED.").WithLabelValues(),
		panics:          counter("panics_total", "Recovered panics, each of which is a bug.").WithLabelValues(),
		handshakes:      counter("tls_handshake_failures_total", "Failed TLS handshakes, by port.", "port"),
	}
	conventional.MustRegister(m.calls)
	for _, cause := range []string{"concurrency", "client_rate", "unread_answers"} {
		m.shedCalls.WithLabelValues(cause)
	}
	for _, port := range []string{"grpc", "http"} {
		m.handshakes.WithLabelValues(port)
	}
	return m
}

// registerMethods initializes the series of all methods of a server.
func (m *metrics) registerMethods(s *grpc.Server) {
	m.methods = map[string]bool{}
	for service, info := range s.GetServiceInfo() {
		for _, method := range info.Methods {
			m.methods["/"+service+"/"+method.Name] = true
		}
	}
	m.calls.InitializeMetrics(s)
}

// shed counts a call that a limit rejects.
func (m *metrics) shed(cause string) { m.shedCalls.WithLabelValues(cause).Inc() }

// observeRequest counts an HTTP request. Unknown methods count as _OTHER, as in OpenTelemetry.
func (m *metrics) observeRequest(method, route string, status int, duration time.Duration) {
	switch method {
	case "GET", "HEAD", "POST", "OPTIONS":
	default:
		method = "_OTHER"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(duration.Seconds())
}

// registerGauges registers the metrics that are computed when they are scraped.
func (s *Server) registerGauges(r prometheus.Registerer) {
	gauge := func(name, help string, labels prometheus.Labels, value func() float64) {
		promauto.With(r).NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value)
	}
	gauge("calls_in_flight", "Calls in flight.", nil, func() float64 { return float64(len(s.interceptors.inFlight)) })
	gauge("draining", "1 while the server drains.", nil, func() float64 {
		if s.draining.Load() {
			return 1
		}
		return 0
	})
	for port, l := range map[string]*listener{"grpc": s.listeners.grpc, "http": s.listeners.http} {
		labels := prometheus.Labels{"port": port}
		gauge("connections", "Open connections, by port.", labels, func() float64 { return float64(l.open.Load()) })
		gauge("max_connections", "Limit of open connections, by port.", labels, func() float64 { return float64(s.config.MaxConnections) })
	}
	promauto.With(r).NewCounterFunc(prometheus.CounterOpts{
		Name: "log_lines_suppressed_total", Help: "Log lines about calls that the rate limit suppressed.",
	}, func() float64 { return float64(s.interceptors.log.suppressedTotal.Load()) })
}
