package envelope

import (
	"bytes"
	"iter"
	"slices"
)

// A list is what stands at the place of one. It is read when somebody asks for its parts.
type list struct {
	place  *place
	object int    // the number of the object that it is in
	array  []byte // as far as it goes
}

// maxLists is how many lists with parts are kept. There are hardly so many places; beyond that nobody knows what failed.
const maxLists = 32

// drop takes back a list that comes again in the same object: the last one counts.
func (r *reader) drop(f *frame, there *place) {
	r.lists = slices.DeleteFunc(r.lists, func(l list) bool { return l.place == there && l.object == f.number })
}

// list passes over a list and notes where it is.
func (r *reader) list(f *frame, there *place) error {
	start := r.in.InputOffset()
	err := r.in.SkipValue()
	end := r.in.InputOffset()
	if err != nil {
		end = int64(len(r.body))
	}
	array := bytes.TrimLeft(r.body[start:end], ": \t\r\n")
	switch {
	case !bytes.HasPrefix(array, []byte("[")) || bytes.Equal(array, []byte("[]")):
	case len(r.lists) == maxLists:
		r.crowded = true
	default:
		r.lists = append(r.lists, list{there, f.number, array})
	}
	return err
}

// A part is an element of a list: an object, or a text or number.
type part struct {
	Envelope
	object bool
	text   string
	facts  [numFacts]told
}

// parts are the elements of a list, up to where it breaks off.
func (r *reader) parts(l list) iter.Seq[part] {
	return func(yield func(part) bool) {
		r.reset(l.array)
		_, err := r.in.ReadToken()
		for err == nil && r.in.PeekKind() != ']' {
			var p part
			if p, err = r.part(); !yield(p) {
				return
			}
		}
	}
}

// part reads an element of a list, all of which stand as far out as a whole body.
func (r *reader) part() (part, error) {
	r.found = found{}
	switch r.in.PeekKind() {
	case '{':
		form, err := JSON, r.object(0)
		if err != nil {
			form = Broken
		}
		return part{Envelope: r.envelope(form), object: true, facts: r.facts}, err
	case '[':
		return part{}, r.in.SkipValue()
	}
	v, err := r.scalar()
	return part{text: v.text(maxText)}, err
}
