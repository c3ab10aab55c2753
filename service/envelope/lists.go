package envelope

import (
	"bytes"
	"cmp"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A list is what stands at the place of one. It is read when its entries are asked for.
type list struct {
	items      *itemList
	complaints *complaintList
	span       []byte // from its first byte as far as it goes
	level      level  // of the object that it stands in
	path       string
	topmost    bool // it is the body
}

// maxLists is how many lists with entries are kept.
const maxLists = 1 << 8

// maxNestedLists is how many lists stand around a list whose entries are read: each is read once for each around it.
const maxNestedLists = 3

// listed reports whether a value at the place of a list is read as one.
func (r *reader) listed(f *frame, p *place, kind jsontext.Kind) bool {
	switch {
	case kind == '[':
		return p.items != nil || !f.level.data
	case p.items == nil || p.items == &codedList || p.items.mixed || p.items.ids || p.outer:
		return false
	case kind == '{':
		return true
	}
	return kind == '"' && p.items != &failureList
}

// list passes over a list and notes where it is.
func (r *reader) list(f *frame, p *place) error {
	start := r.in.InputOffset()
	err := r.in.SkipValue()
	end := r.in.InputOffset()
	if err != nil {
		end = int64(len(r.body))
	}
	if span := bytes.TrimLeft(r.body[start:end], ": \t\r\n"); !isBlank(span) {
		r.note(list{items: p.items, complaints: p.complaints, span: span, level: f.level})
	}
	return err
}

// note keeps a list. Of one that comes twice in the same object the last counts.
func (r *reader) note(l list) {
	l.path = r.at()
	if len(r.path) < maxPath {
		r.lists = slices.DeleteFunc(r.lists, func(m list) bool { return m.path == l.path })
	}
	if len(r.lists) == maxLists {
		r.crowded = true
		return
	}
	r.lists = append(r.lists, l)
}

// considerLists puts the lists into the order of their keys, and reads those whose entries may speak of the whole request.
func (r *reader) considerLists() {
	if len(r.lists) == 0 {
		return
	}
	slices.SortStableFunc(r.lists, func(a, b list) int { return cmp.Compare(a.path, b.path) })
	r.lists = slices.DeleteFunc(r.lists, func(l list) bool { return l.topmost && !r.allErrors(l) })
	for _, l := range r.lists {
		if l.items == nil || !l.items.whole || l.level.data {
			continue
		}
		if r.nested == maxNestedLists {
			r.failure.shown, r.crowded = true, true
			break
		}
		for en := range r.entriesOf(l, r.nested+1) {
			if en.id() == "" && !en.blank() {
				r.take(en)
			}
		}
	}
}

// entriesOf reads the entries of a list of items.
func (r *reader) entriesOf(l list, nested int) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		inner := newReader(r.status, true)
		defer inner.free()
		inner.nested = nested
		inner.entries(l)(yield)
	}
}

// allErrors reports whether an array that is the body holds nothing but error objects.
func (r *reader) allErrors(l list) bool {
	if !bytes.HasPrefix(bytes.TrimLeft(l.span[1:], " \t\r\n"), []byte("{")) {
		return false
	}
	for en := range r.entriesOf(l, 0) {
		if !en.object || len(en.Findings) == 0 && !en.Failed {
			return false
		}
	}
	return true
}

// take lets an entry of a list speak of the whole request.
func (r *reader) take(en entry) {
	inner := en.list.level.inner(false)
	inner.errorObject = false
	for _, f := range en.Findings {
		f.Depth, f.Own, f.level.errorObject = f.Depth+inner.depth, false, false
		f.path = en.path() + f.path
		r.add(f)
	}
	r.failure.note(en.list.level, false)
	r.crowded = r.crowded || en.Crowded
	r.hear(worded{text: cmp.Or(en.Message, en.text), shape: shapeNamed(en.Shape), level: inner, path: en.path()})
}
