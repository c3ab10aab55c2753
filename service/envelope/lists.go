package envelope

import (
	"bytes"
	"iter"
	"slices"
)

// A list is what stands at the place of one. It is read when somebody asks for its parts.
type list struct {
	plan   *plan
	place  place
	object int    // the number of the object that it is in
	text   []byte // the array, as far as it goes; anything else has no parts
}

// maxLists is how many lists of a body count; there are hardly so many places.
const maxLists = 32

// list passes over a list and notes where it is. Of one that comes twice in an object the last one counts.
func (r *reader) list(f *frame, there place) error {
	start := r.in.InputOffset()
	err := r.in.SkipValue()
	end := r.in.InputOffset()
	if err != nil {
		end = int64(len(r.body))
	}
	text := bytes.TrimLeft(r.body[start:end], ": \t\r\n")
	r.lists = slices.DeleteFunc(r.lists, func(l list) bool { return l.place == there && l.object == f.number })
	if len(r.lists) < maxLists {
		r.lists = append(r.lists, list{r.plan, there, f.number, text})
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
func (l list) parts(status int) iter.Seq[part] {
	return func(yield func(part) bool) {
		if !bytes.HasPrefix(l.text, []byte("[")) {
			return
		}
		r := newReader(l.plan, status, l.text)
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
		err := r.object(0)
		return part{Envelope: r.envelope(), object: true, facts: r.facts}, err
	case '[':
		return part{}, r.in.SkipValue()
	}
	v, err := r.scalar()
	return part{text: v.text(maxText)}, err
}
