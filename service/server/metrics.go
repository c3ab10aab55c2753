package server

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// metrics count what the server does. Their labels are names from the program, never from a peer.
type metrics struct {
	took            *prometheus.HistogramVec
	messages        *prometheus.CounterVec
	streams         *prometheus.CounterVec
	turnedAway      *prometheus.CounterVec
	unauthenticated prometheus.Counter
	panics          prometheus.Counter
	refused         *prometheus.CounterVec
	known           map[call]*byCode
	unknown         sync.Map // of transport to *byCode: calls of methods that there are not
}

// A call is one of a method over a transport.
type call struct{ transport, method string }

const (
	overGRPC = "grpc"
	overREST = "rest"
)

// byCode are the histograms of a method, each made when it is first needed.
type byCode [codes.Unauthenticated + 1]atomic.Pointer[prometheus.Observer]

// seconds are the bounds of the histogram. A call takes tens of microseconds, and what takes seconds is broken.
func seconds() []float64 {
	return []float64{50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 100e-3, 500e-3, 2.5}
}

// newMetrics registers the metrics.
func newMetrics(r prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		r.MustRegister(c)
		return c
	}
	m := &metrics{
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "call_duration_seconds", Help: "Calls by how long the server took, from their message to their answer.", Buckets: seconds(),
		}, []string{"transport", "method", "code"}),
		messages:        counter("stream_messages_total", "Messages received on streams.", "method"),
		streams:         counter("streams_ended_total", "Streams that ended, by how.", "method", "code"),
		turnedAway:      counter("calls_shed_total", "Calls turned away, by the limit.", "cause"),
		unauthenticated: counter("calls_unauthenticated_total", "Calls without a valid token.").WithLabelValues(),
		panics:          counter("panics_total", "Panics, each of which is a bug.").WithLabelValues(),
		refused:         counter("connections_refused_total", "Connections that the server closed: their TLS handshake failed, or they had most held in memory.", "port", "cause"),
		known:           map[call]*byCode{},
	}
	r.MustRegister(m.took)
	for _, cause := range []string{"concurrency", "client_rate", "held"} {
		m.turnedAway.WithLabelValues(cause) // 0 is something to say, too
	}
	return m
}

// gauges registers what is looked at when somebody asks.
func (s *Server) gauges(r prometheus.Registerer) {
	gauge := func(name, help string, labels prometheus.Labels, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
	}
	gauge("calls_in_flight", "Calls that are worked on.", nil, func() float64 {
		return float64(s.observer.load.working.Load())
	})
	gauge("held_bytes", "Bytes of open calls, of requests, and of answers that are not read.", nil, func() float64 {
		return float64(max(0, s.observer.held.total.Load()))
	})
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
		Name: "log_lines_suppressed_total", Help: "Lines about calls left out of the log.",
	}, func() float64 { return float64(s.observer.suppressedEver.Load()) }))
}

// knows makes a method one of those that are told apart. It is for the time before the first call.
func (m *metrics) knows(method string) {
	for _, transport := range []string{overGRPC, overREST} {
		m.known[call{transport, method}] = new(byCode)
	}
}

// observe counts a call.
func (m *metrics) observe(c call, result codes.Code, took time.Duration) {
	list, ok := m.known[c]
	if !ok {
		c.method = "unknown"
		made, _ := m.unknown.LoadOrStore(c.transport, new(byCode))
		list = made.(*byCode)
	}
	if int(result) >= len(list) {
		result = codes.Unknown
	}
	observer := list[result].Load()
	if observer == nil {
		made := m.took.WithLabelValues(c.transport, shortName(c.method), code.Code(result).String())
		observer = &made
		list[result].Store(observer)
	}
	(*observer).Observe(took.Seconds())
}

// shed counts a call that was turned away.
func (m *metrics) shed(cause string) { m.turnedAway.WithLabelValues(cause).Inc() }

// shortName is a method without its service: no two have the same.
func shortName(method string) string { return method[strings.LastIndex(method, "/")+1:] }

// knowsStreams takes note of the streams before the first call, gRPC's own too.
func (o *observer) knowsStreams(s *grpc.Server) {
	o.streams = map[string]bool{}
	for service, info := range s.GetServiceInfo() {
		for _, m := range info.Methods {
			if m.IsClientStream || m.IsServerStream {
				o.streams["/"+service+"/"+m.Name] = true
			}
		}
	}
}
