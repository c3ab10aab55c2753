package envelope

import (
	"bytes"
	"cmp"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// An entry is an element of a list: an object, or a text or number.
type entry struct {
	Envelope
	list   list
	index  int
	key    string // in a map
	object bool
	text   string
	facts  [numFacts]worded
	zero   bool // it says a code of success
}

// path returns the path of an entry.
func (en entry) path() string {
	return en.list.path + string(appendIndex(nil, en.index)) + pathSeparator
}

// entries returns the entries of a list, up to where it breaks off.
func (r *reader) entries(l list) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		index := 0
		r.decode(l.span)
		each := func() bool {
			en, err := r.entry()
			en.list, en.index = l, index
			index++
			return yield(en) && err == nil
		}
		switch l.span[0] {
		case '[':
			r.eachElement(each)
		case '{':
			if (l.items == nil || !l.items.whole) && isMap(l.span) {
				r.mapEntries(l, yield)
				return
			}
			each()
		case '"':
			r.textEntries(l, yield)
		}
	}
}

// textEntries reads a list that is written as a text: JSON, or one ID.
func (r *reader) textEntries(l list, yield func(entry) bool) {
	text, _ := jsontext.AppendUnquote(nil, l.span)
	if text = trim(text); len(text) == 0 {
		return
	}
	if text[0] == '[' || text[0] == '{' {
		l.span = text
		r.entries(l)(yield)
		return
	}
	yield(entry{list: l, text: bounded(text, maxText)})
}

func (r *reader) eachElement(call func() bool) {
	_, err := r.in.ReadToken()
	for more := err == nil; more && r.in.PeekKind() != ']'; {
		more = call()
	}
}

// mapEntries reads a map from ID to entry, in the order of the IDs.
func (r *reader) mapEntries(l list, yield func(entry) bool) {
	type member struct {
		key  string
		span []byte
	}
	var members []member
	r.eachMember(func(key string) bool {
		start := r.in.InputOffset()
		err := r.in.SkipValue()
		members = append(members, member{key, bytes.TrimLeft(l.span[start:], ": \t\r\n")})
		return err == nil
	})
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(a.key, b.key) })
	for i, m := range members {
		r.decode(m.span)
		en, _ := r.entry()
		en.list, en.index, en.key = l, i, m.key
		if !yield(en) {
			return
		}
	}
}

func (r *reader) eachMember(call func(key string) bool) {
	_, err := r.in.ReadToken()
	for more := err == nil; more && r.in.PeekKind() != '}'; {
		key, err := r.key()
		more = err == nil && call(key)
	}
}

// isMap reports whether an object maps IDs to items, and is no item itself: no key is one that an item has.
func isMap(object []byte) bool {
	r := newReader(0, false)
	defer r.free()
	r.decode(object)
	isMap := false
	r.eachMember(func(key string) bool {
		p := placeOf(key)
		known := p.saysScalar() || p.isList()
		isMap = !known
		return !known && r.in.SkipValue() == nil
	})
	return isMap
}

// entry reads an element of a list, all of which stand as far out as a whole body.
func (r *reader) entry() (entry, error) {
	r.found, r.texts = found{}, maxTexts
	switch r.in.PeekKind() {
	case '{':
		form, err := JSON, r.object(level{})
		if err != nil {
			form = Broken
		}
		return r.objectEntry(form), err
	case '[':
		start := r.in.InputOffset()
		err := r.in.SkipValue()
		data := !isBlank(bytes.TrimLeft(r.body[start:r.in.InputOffset()], ",: \t\r\n"))
		return entry{Envelope: Envelope{HTTPStatus: r.status, Data: data, Crowded: data}}, err // its codes are not read
	}
	v, err := r.scalar()
	if v.holdsObject() {
		r.within(v, level{})
		return r.objectEntry(JSON), err
	}
	en := entry{text: v.text(maxText)}
	if code, _ := leadingCode(en.text); code != "" {
		r.add(Finding{Code: code, Message: en.text, Shape: textShape, Formed: true})
		en.Envelope = r.envelope(Text)
	}
	en.HTTPStatus = r.status
	return en, err
}

func (r *reader) objectEntry(form Form) entry {
	facts, zero := r.facts, r.zero
	en := entry{Envelope: r.envelope(form), object: true, facts: facts, zero: zero}
	en.Complaints = en.complaints()
	return en
}
