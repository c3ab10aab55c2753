package rpc

import (
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/codes"
)

// metrics count translations by what they say. Every label is a name of the contract, whatever was received.
type metrics struct {
	translations *prometheus.CounterVec
	unknown      prometheus.Counter
	unknownCodes frequent
}

func newMetrics() *metrics {
	return &metrics{
		translations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "translations_total", Help: "Translations by status, reason and match; of upstream's successes only the status.",
		}, []string{"status", "reason", "match"}),
		unknown: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "unknown_codes_total", Help: "Translations of codes of the CBC that the catalogue does not have.",
		}),
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

// countPlain counts an answer of the short way, which says what its row of an edition does.
func (m *metrics) countPlain(e *edition, row *catalog.Entry) {
	counter, ok := e.counters.Load(row)
	if !ok {
		exact := label(errorv1.Match_MATCH_EXACT.String(), "MATCH_")
		counter, _ = e.counters.LoadOrStore(row, m.translations.WithLabelValues(row.Status, row.Reason, exact))
	}
	counter.(prometheus.Counter).Inc()
}

// count counts an answer of the long way.
func (m *metrics) count(t *errorv1.Translation) {
	status := code.Code(t.GetStatus().GetCode()).String()
	if t.GetStatus().GetCode() == int32(codes.OK) {
		m.translations.WithLabelValues(status, "", "").Inc()
		return
	}
	said := new(errorv1.CbcError)
	for _, detail := range t.GetStatus().GetDetails() {
		if detail.MessageIs(said) {
			_ = detail.UnmarshalTo(said) // it was marshalled a moment ago
		}
	}
	m.translations.WithLabelValues(status, label(said.GetReason().String(), "ERROR_REASON_"), label(said.GetMatch().String(), "MATCH_")).Inc()
	if said.GetReason() == errorv1.ErrorReason_ERROR_REASON_UNRECOGNIZED_CODE {
		m.unknown.Inc()
		m.unknownCodes.add(said.GetRawCode())
	}
}

func label(name, prefix string) string { return strings.TrimPrefix(name, prefix) }
