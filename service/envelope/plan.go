package envelope

import (
	"strings"
	"unicode"
)

// A plan is all that is known of where errors are kept, and where each key belongs.
type plan struct {
	shapes     []shape
	facts      []factKey
	items      []itemList
	complaints []complaintList

	places map[string]*place // by key, in its folded spelling
}

// A place is what may stand under a key; its numbers are of lines of the plan, from 1.
type place struct {
	code, message, fact int
	items               *itemList
	complaints          *complaintList
	outer               bool
}

// known is the plan of all lists of this package. It is made once and never changes.
var known = newPlan(plan{shapes: shapes, facts: factKeys, items: itemLists, complaints: complaintLists})

// newPlan finds the place of each key.
func newPlan(p plan) *plan {
	p.places = map[string]*place{}
	at := func(key string, set func(*place)) {
		if p.places[fold(key)] == nil {
			p.places[fold(key)] = new(place)
		}
		set(p.places[fold(key)])
	}
	at(outerKey, func(there *place) { there.outer = true })
	for i, s := range p.shapes {
		at(s.code, func(there *place) { there.code = i + 1 })
		at(s.message, func(there *place) { there.message = i + 1 })
	}
	for i, f := range p.facts {
		at(f.key, func(there *place) { there.fact = i + 1 })
	}
	for i := range p.items {
		at(p.items[i].key, func(there *place) { there.items = &p.items[i] })
	}
	for i := range p.complaints {
		at(p.complaints[i].key, func(there *place) { there.complaints = &p.complaints[i] })
	}
	delete(p.places, "") // of shapes that have no code
	return &p
}

// nowhere is the place of a key that nothing counts under.
var nowhere = new(place)

// at finds the place of a key as it is written.
func (p *plan) at(key string) *place {
	if there, ok := p.places[key]; ok {
		return there
	}
	if there, ok := p.places[fold(key)]; ok {
		return there
	}
	return nowhere
}

// fold makes the same of keys that differ in the case of their letters only, as encoding/json does.
func fold(key string) string {
	return strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, key)
}

// scalar tells whether a text or a number that stands at a place says anything.
func (there *place) scalar() bool { return there.code > 0 || there.message > 0 || there.fact > 0 }

// list tells whether a list that stands at a place says anything.
func (there *place) list() bool { return there.items != nil || there.complaints != nil }
