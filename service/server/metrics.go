package server

import (
	"strconv"
	"time"

	prommiddleware "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
)

// metrics count calls. Their labels are names from the program, never from a peer.
type metrics struct {
	calls           *prommiddleware.ServerMetrics
	methods         map[string]bool // full names of all methods
	requests        *prometheus.HistogramVec
	refused         *prometheus.CounterVec
	unauthenticated prometheus.Counter
	panics          prometheus.Counter
	handshakes      *prometheus.CounterVec
}

// newMetrics registers conventional metrics with a registry, and the server's own with another.
func newMetrics(conventional, own prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		own.MustRegister(c)
		return c
	}
	m := &metrics{
		calls: prommiddleware.NewServerMetrics(prommiddleware.WithServerHandlingTimeHistogram(prommiddleware.WithHistogramBuckets(durations()))),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_duration_seconds", Help: "Duration of HTTP requests, without refused ones.", Buckets: durations(),
		}, []string{"http_request_method", "http_route", "http_response_status_code"}),
		refused:         counter("calls_shed_total", "Calls refused with OVERLOADED, by limit.", "cause"),
		unauthenticated: counter("calls_unauthenticated_total", "Calls without a valid token.").WithLabelValues(),
		panics:          counter("panics_total", "Panics, each of which is a bug.").WithLabelValues(),
		handshakes:      counter("tls_handshake_failures_total", "Failed TLS handshakes.", "port"),
	}
	conventional.MustRegister(m.calls, m.requests)
	for _, cause := range []string{"concurrency", "client_rate", "unread_answers"} {
		m.refused.WithLabelValues(cause)
	}
	for _, port := range []string{"grpc", "http"} {
		m.handshakes.WithLabelValues(port)
	}
	return m
}

// know makes series of all methods of a server, before the first call.
func (m *metrics) know(s *grpc.Server) {
	m.methods = map[string]bool{}
	for service, info := range s.GetServiceInfo() {
		for _, method := range info.Methods {
			m.methods["/"+service+"/"+method.Name] = true
		}
	}
	m.calls.InitializeMetrics(s)
}

// shed counts a refused call.
func (m *metrics) shed(cause string) { m.refused.WithLabelValues(cause).Inc() }

// request counts an HTTP request.
func (m *metrics) request(method, route string, status int, took time.Duration) {
	switch method {
	case "GET", "HEAD", "POST", "OPTIONS":
	default:
		method = "_OTHER" // as OpenTelemetry counts unknown methods
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// registerGauges adds what is read when somebody asks, and has no conventional name.
func (s *Server) registerGauges(r prometheus.Registerer) {
	gauge := func(name, help string, labels prometheus.Labels, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
	}
	gauge("calls_in_flight", "Calls in flight.", nil, func() float64 { return float64(len(s.calls.inFlight)) })
	gauge("draining", "1 once the server has begun to stop.", nil, func() float64 {
		if s.draining.Load() {
			return 1
		}
		return 0
	})
	for port, l := range map[string]*listener{"grpc": s.listeners.grpc, "http": s.listeners.http} {
		labels := prometheus.Labels{"port": port}
		gauge("connections", "Open connections.", labels, func() float64 { return float64(l.open.Load()) })
		gauge("max_connections", "Limit of open connections; further clients wait.", labels, func() float64 { return float64(s.config.MaxConns) })
	}
	r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "log_lines_suppressed_total", Help: "Log lines about calls that were left out.",
	}, func() float64 { return float64(s.calls.log.skippedAll.Load()) }))
}
