package translate

import (
	"github.com/cbcerr/cbcerr/service/envelope"
)

// An Explanation tells how a response gets its meaning, for people who wonder.
type Explanation struct {
	Envelope   envelope.Envelope // what was read
	Code       string            // in its canonical spelling; empty where none counts
	Inferred   bool              // the code had lost its prefix
	Items      int               // failed parts, at most as many as an answer holds
	Ways       []Way             // in the order in which they are tried
	Conditions []Condition       // of the advice; none where the call succeeded
	Doubt      *Way              // what a success turned into when it was looked at twice; nil where it did not
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

// A Condition is one of those that the advice of a row is given under, and whether it holds.
type Condition struct {
	Name  string `json:"name"`
	Holds bool   `json:"holds"`
}

// Explain tells how Translate finds the meaning of a response, and what every other way would have found.
func (t *Translator) Explain(r Response) Explanation {
	e := t.choose(envelope.Open(r.Response))
	read := t.judge(e, t.failures(e))
	m := t.received(e, len(read.failed) > 0)
	x := Explanation{Envelope: e, Code: m.code, Inferred: m.inferred, Items: min(len(read.failed), t.maxItems)}
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
	if read.Status != statusOK {
		for _, c := range conditions {
			x.Conditions = append(x.Conditions, Condition{c.name, c.holds(&read)})
		}
	}
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
	w.Code = m.Code
}
