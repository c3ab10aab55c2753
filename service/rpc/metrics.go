package rpc

import (
	"encoding/json"
	"net/http"

	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts translations. Label values are constants of the contract, so the number of series is bounded.
type metrics struct {
	translations *prometheus.CounterVec
	unknown      prometheus.Counter
	unknownCodes topK
}

func newMetrics() *metrics {
	return &metrics{
		translations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "translations_total", Help: "Translations by status, reason and match; a success has only a status.",
		}, []string{"status", "reason", "match"}),
		unknown: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "unknown_codes_total", Help: "Translations of CBC codes that are not in the catalogue.",
		}),
		unknownCodes: topK{counters: map[string]counter{}},
	}
}

// Describe implements prometheus.Collector.
func (s *Service) Describe(c chan<- *prometheus.Desc) {
	s.metrics.translations.Describe(c)
	s.metrics.unknown.Describe(c)
}

// Collect implements prometheus.Collector.
func (s *Service) Collect(c chan<- prometheus.Metric) {
	s.metrics.translations.Collect(c)
	s.metrics.unknown.Collect(c)
}

// count counts a translation.
func (m *metrics) count(r translate.Result) {
	m.translations.WithLabelValues(r.StatusName, r.Reason, r.Match).Inc()
	if r.Reason == reasonUnrecognizedCode {
		m.unknown.Inc()
		m.unknownCodes.add(r.RawCode)
	}
}

// reasonUnrecognizedCode is the reason of a translated code that is not in the catalogue.
const reasonUnrecognizedCode = "UNRECOGNIZED_CODE"

// UnknownCodes serves the most frequent unknown codes on the admin port.
type UnknownCodes struct{ codes *topK }

// UnknownCodes returns the admin page of the unknown codes since the start of the process.
func (s *Service) UnknownCodes() UnknownCodes { return UnknownCodes{&s.metrics.unknownCodes} }

// RegisterPages registers GET /unknown-codes, which returns JSON.
func (u UnknownCodes) RegisterPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /unknown-codes", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string][]counter{"codes": u.codes.list()}) // best effort: the client may be gone
	})
}
