package envelope

import (
	"strings"
	"unicode"
)

// A place is what may stand under a key.
type place struct {
	shape      *shape // of the code or message
	code       bool
	numbered   bool // a bare number here is a code
	rank       int  // of the message: the lowest counts
	order      int  // of the code
	message    bool
	generic    bool
	fact       int // the line of factKeys, from 1
	sign       sign
	items      *itemList
	complaints *complaintList
	outer      bool
}

// places are all of them, by their folded keys and by the keys as they are usually written.
var places = newPlaces(shapes, factKeys, signKeys, itemLists, complaintLists)

// nowhere is the place of a key that says nothing.
var nowhere = new(place)

func newPlaces(shapes []shape, facts []factKey, signs []signKey, items []itemList, complaints []complaintList) map[string]*place {
	all := placeMap{}
	all.at(outerKey).outer = true
	rank, order := 0, 0
	for i := range shapes {
		s := &shapes[i]
		for _, key := range s.codes {
			p := all.at(key)
			p.shape, p.code, p.generic, p.numbered, p.order = s, true, s.generic, key == numberedCode, order
			order++
		}
		for _, key := range s.messages {
			p := all.at(key)
			p.shape, p.message, p.generic, p.rank = s, true, s.generic, rank
			rank++
		}
	}
	for i, f := range facts {
		all.at(f.key).fact = i + 1
	}
	for _, s := range signs {
		all.at(s.key).sign = s.sign
	}
	for i := range items {
		all.at(items[i].key).items = &items[i]
	}
	for i := range complaints {
		all.at(complaints[i].key).complaints = &complaints[i]
	}
	return all
}

type placeMap map[string]*place

// at returns the place of a key, and makes it.
func (m placeMap) at(key string) *place {
	folded := fold(key)
	if m[folded] == nil {
		m[folded] = new(place)
	}
	m[key] = m[folded]
	return m[folded]
}

// placeOf returns the place of a key as it is written.
func placeOf(key string) *place {
	if p, ok := places[key]; ok {
		return p
	}
	folded := fold(key)
	if p, ok := places[folded]; ok {
		return p
	}
	if l := unlisted(key, folded); l != nil {
		return &place{items: l}
	}
	return nowhere
}

// fold makes the same of keys that differ in case, "_" and "-" only.
func fold(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(unicode.ToUpper(r))
	}, key)
}

// saysScalar reports whether a text or a number at the place says anything.
func (p *place) saysScalar() bool { return p.code || p.message || p.fact > 0 || p.sign != noSign }

// isList reports whether a list at the place says anything.
func (p *place) isList() bool { return p.items != nil || p.complaints != nil }

// ofError reports whether a value at the place belongs to the error itself: it is no data beside it. Codes, texts and
// facts are no objects. A sign belongs to the error if it shows a failure; a count tells of items.
func (p *place) ofError(v scalar, item bool) bool {
	switch {
	case p.items != nil:
		return !p.items.mixed || p.items.details
	case p.complaints != nil, p.outer:
		return true
	case v.kind == '{':
		return false
	}
	f := p.factKind()
	ownFact := f == requestID || f == authorization || f == domainID || item && (f == itemID && !p.orderID() || f == result)
	failure := p.sign != failedCount && p.sign.holds(v)
	return p.code || p.message && p.shape.only == "" || failure || ownFact
}

// factKind returns the fact of the place, numFacts where there is none.
func (p *place) factKind() fact {
	if p.fact == 0 {
		return numFacts
	}
	return factKeys[p.fact-1].fact
}

// orderID reports whether the place is that of an order's ID: an order exists, which is data beside an error.
func (p *place) orderID() bool { return p.fact > 0 && factKeys[p.fact-1].key == "order_id" }
