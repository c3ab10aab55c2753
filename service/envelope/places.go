package envelope

import "strings"

// A place is a node of the tree that all known places make: the reader walks it along with the body and passes over
// every value that has no place in it, however large.
type place struct {
	children map[string]*place
	any      *place                      // under keys that have no child
	enter    func(*reader)               // called where an object begins here
	take     []func(r *reader, v scalar) // called with the scalar that stands here
}

// A scalar is a string or a number.
type scalar struct {
	text   string
	number bool
}

// places is the tree of all lists above. It is made once and never changes.
var places = growPlaces()

func growPlaces() place {
	var root place
	for i, s := range shapes {
		root.at(s.code).keep(func(r *reader, v scalar) { r.codes[i] = v })
		root.at(s.message).keep(func(r *reader, v scalar) { r.messages[i] = v })
	}
	for _, p := range itemPlaces {
		part := root.at(p.list + ".[]")
		if p.id == "" {
			part.keep(func(r *reader, v scalar) { r.add(Item{ID: v.text, Kind: p.kind, bare: true}) })
			continue
		}
		part.enter = func(r *reader) { r.add(Item{Kind: p.kind}) }
		part.at(p.id).keep(func(r *reader, v scalar) { r.item().ID = v.text })
		part.at(p.code).keep(func(r *reader, v scalar) { r.item().Code = head(v.text, maxCode) })
		part.at(p.message).keep(func(r *reader, v scalar) { r.item().Message = v.text })
	}
	for _, p := range complaintPlaces {
		thing := root.at(p.list + ".[]")
		thing.keep(func(r *reader, v scalar) { r.complain(p, v) })
		thing.enter = func(r *reader) { r.complainOf(p) }
		for rank, key := range p.keys {
			thing.at(key).keep(func(r *reader, v scalar) { r.name(rank, v) })
		}
	}
	root.shareWildcard()
	root.at(requestIDPlace).keep(func(r *reader, v scalar) { r.requestID = v.text })
	root.at(authorizationPlace).keep(func(r *reader, v scalar) { r.authorization = v.text })
	root.at(nestedAuthPlace).keep(func(r *reader, v scalar) { r.authorization = v.text })
	root.at(domainIDPlace).keep(func(r *reader, v scalar) { r.domainID = v.text })
	return root
}

// shareWildcard lets an object under a known key be a wrapper too, where the key has no place of its own for what is in it.
func (p *place) shareWildcard() {
	for _, named := range p.children {
		for key, wrapped := range p.any.children {
			if named.children[key] == nil {
				*named.grow(key) = *wrapped
			}
		}
	}
}

// at finds or makes the place at the end of a path; the empty path is a place that no value ever has.
func (p *place) at(path string) *place {
	if path == "" {
		return &place{}
	}
	for key := range strings.SplitSeq(path, ".") {
		p = p.grow(key)
	}
	return p
}

func (p *place) grow(key string) *place {
	if key == "*" {
		if p.any == nil {
			p.any = &place{}
		}
		return p.any
	}
	if p.children == nil {
		p.children = map[string]*place{}
	}
	if p.children[key] == nil {
		p.children[key] = &place{}
	}
	return p.children[key]
}

func (p *place) keep(take func(*reader, scalar)) { p.take = append(p.take, take) }

// child finds the place of a key, or nil where nothing below it counts.
func (p *place) child(key string) *place {
	if c, ok := p.children[key]; ok {
		return c
	}
	if c, ok := p.children[strings.ToLower(key)]; ok {
		return c
	}
	return p.any
}
