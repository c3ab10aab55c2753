package rpc

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/prometheus/client_golang/prometheus"
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
		unknownCodes: frequent{counts: map[string]seen{}},
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
	m.translations.WithLabelValues(r.Status, r.Reason, r.Match).Inc()
	if r.Reason == unknownCode {
		m.unknown.Inc()
		m.unknownCodes.add(r.RawCode)
	}
}

// unknownCode is the reason of a translation of a code that the catalogue does not have.
const unknownCode = "UNRECOGNIZED_CODE"

// mostFrequent is how many unknown codes are told apart: more than the page of codes has.
const mostFrequent = 256

// frequent finds the most frequent texts in a stream of any number of them, in little memory (Space-Saving, Metwally et al. 2005):
// a new text takes the place of the rarest, and its count as what it may have missed.
type frequent struct {
	mu     sync.Mutex
	counts map[string]seen
}

// A seen text, and how often it came: at most Count times, at least AtMostTooMany times fewer.
type seen struct {
	Code          string    `json:"code"`
	Count         int64     `json:"count"`
	AtMostTooMany int64     `json:"atMostTooMany"`
	Last          time.Time `json:"last"`
}

func (f *frequent) add(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.counts[text]
	if !ok && len(f.counts) == mostFrequent {
		s = f.rarest()
		delete(f.counts, s.Code)
		s.AtMostTooMany = s.Count
	}
	s.Code, s.Count, s.Last = text, s.Count+1, time.Now().UTC().Truncate(time.Second)
	f.counts[text] = s
}

func (f *frequent) rarest() (rarest seen) {
	for _, s := range f.counts {
		if rarest.Count == 0 || s.Count < rarest.Count {
			rarest = s
		}
	}
	return rarest
}

// list has the most frequent first.
func (f *frequent) list() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.SortedFunc(maps.Values(f.counts), func(a, b seen) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
}

// UnknownCodes are pages for operators: the most frequent codes that the catalogue does not have.
type UnknownCodes struct{ codes *frequent }

// UnknownCodes tells what came since the start.
func (s *Service) UnknownCodes() UnknownCodes { return UnknownCodes{&s.metrics.unknownCodes} }

// RegisterPages serves them as JSON.
func (u UnknownCodes) RegisterPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /unknown-codes", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string][]seen{"codes": u.codes.list()}) // if the peer is gone, nobody is left to tell
	})
}
