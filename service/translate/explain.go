package translate

import (
	"github.com/cbcerr/cbcerr/service/envelope"
)

// An Explanation tells how a response gets its meaning, for people who wonder.
type Explanation struct {
	Envelope envelope.Envelope // what was read
	Code     string            // in its canonical spelling; empty where none counts
	Inferred bool              // the code had lost its prefix
	Items    int               // failed parts, at most as many as an answer holds
	Ways     []Way             // in the order in which they are tried
	Doubt    *Way              // what a success turned into when it was looked at twice; nil where it did not

	Conditions []Condition // of certainty, in the order in which they are checked
}

// A Condition is one of the conditions that an answer must meet to be certain.
type Condition struct {
	Name  string `json:"name"`
	Holds bool   `json:"holds"`
}

// A Way is one way to find a meaning.
type Way struct {
	Name   string `json:"name"`
	Fits   bool   `json:"fits"`
	Chosen bool   `json:"chosen"` // the first that fits
	Code   string `json:"code"`   // whose meaning it gives; empty where it is no code's
	Reason string `json:"reason"`
	Match  string `json:"match"`
}

// Explain tells how Translate finds the meaning of a response, and what every other way would have found.
func (t *Translator) Explain(r Response) Explanation {
	e := envelope.Open(r.Response)
	failed := t.failures(e)
	m := t.received(e, len(failed) > 0)
	x := Explanation{Envelope: e, Code: m.code, Inferred: m.inferred, Items: min(len(failed), t.maxItems), Conditions: []Condition{}}
	chosen := m
	for _, r := range precedence {
		candidate := m
		way := Way{Name: r.name}
		if way.Fits = r.fits(t, e, &candidate); way.Fits {
			way.tells(candidate)
			if way.Chosen = chosen.Entry == nil; way.Chosen {
				chosen = candidate
			}
		}
		x.Ways = append(x.Ways, way)
	}
	x.Doubt = t.doubted(e, chosen)
	return x
}

// doubted is what the second look at a success makes of it.
func (t *Translator) doubted(e envelope.Envelope, m meaning) *Way {
	before := m.Entry
	t.doubt(e, &m)
	if m.Entry == before {
		return nil
	}
	way := &Way{Name: "second look at a success", Fits: true, Chosen: true}
	way.tells(m)
	return way
}

func (w *Way) tells(m meaning) {
	w.Reason, w.Match = m.Reason, matchName(m.match)
	if m.key != m.Reason {
		w.Code = m.key
	}
}
