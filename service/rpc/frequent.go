package rpc

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"
)

// mostFrequent is how many unknown codes are told apart at once: more than the page of codes has.
const mostFrequent = 256

// frequent finds the most frequent texts in a stream of any number of them, in little memory (Space-Saving, Metwally et al. 2005):
// a new text takes the place of the rarest, and its count as what it may have missed.
type frequent struct {
	mu     sync.Mutex
	counts map[string]*seen
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
	if f.counts == nil {
		f.counts = map[string]*seen{}
	}
	s, ok := f.counts[text]
	if !ok {
		s = &seen{Code: text}
		if len(f.counts) == mostFrequent {
			rarest := f.rarest()
			delete(f.counts, rarest.Code)
			s.Count, s.AtMostTooMany = rarest.Count, rarest.Count
		}
		f.counts[text] = s
	}
	s.Count++
	s.Last = time.Now().UTC().Truncate(time.Second)
}

func (f *frequent) rarest() (rarest *seen) {
	for _, s := range f.counts {
		if rarest == nil || s.Count < rarest.Count {
			rarest = s
		}
	}
	return rarest
}

// list has the most frequent first.
func (f *frequent) list() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]seen, 0, len(f.counts))
	for _, s := range f.counts {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b seen) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code)) })
	return all
}

// UnknownCodes are pages for operators: the most frequent codes that the catalogue does not have.
type UnknownCodes struct{ codes *frequent }

// UnknownCodes are what the service has met since it began.
func (s *Service) UnknownCodes() UnknownCodes { return UnknownCodes{&s.metrics.unknownCodes} }

// RegisterPages serves them as JSON.
func (u UnknownCodes) RegisterPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /unknown-codes", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string][]seen{"codes": u.codes.list()}) // if the peer is gone, nobody is left to tell
	})
}
