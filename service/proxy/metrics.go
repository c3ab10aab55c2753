package proxy

import (
	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the proxy's own. Label values never come from requests, so the number of series is bounded.
type metrics struct {
	responses      *prometheus.CounterVec
	failures       *prometheus.CounterVec
	upstreamErrors *prometheus.CounterVec
	duration       prometheus.Histogram
	inFlight       prometheus.Gauge
}

// newMetrics registers the metrics. The server registers gauges of its own.
func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		responses: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "responses_total", Help: "Responses of upstream by result: success, failure, partial_failure or not_judged.",
		}, []string{"result"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "failures_total", Help: "Failures of upstream by reason, and whether they were raised.",
		}, []string{"reason", "raised"}),
		upstreamErrors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "upstream_errors_total", Help: "Requests without a whole response of upstream, by reason.",
		}, []string{"reason"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "request_duration_seconds", Help: "Duration of requests, from the headers to the end of the response.",
			Buckets: []float64{5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 250e-3, 500e-3, 1, 2.5, 5, 10, 30},
		}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "requests_in_flight", Help: "Requests in flight."}),
	}
	for _, result := range []string{resultSuccess, resultFailure, resultPartial, resultNotJudged} {
		m.responses.WithLabelValues(result)
	}
	m.upstreamErrors.WithLabelValues(reasonBrokenOff)
	for _, e := range ownErrors {
		m.upstreamErrors.WithLabelValues(e.reason)
	}
	registry.MustRegister(m.responses, m.failures, m.upstreamErrors, m.duration, m.inFlight)
	return m
}
