package envelope

import (
	"bytes"
	"errors"
	"io"
	"sync"

	jsonopts "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A reader walks through JSON once and keeps what stands at known places. What it passes over takes no memory, and what
// it keeps is bounded.
type reader struct {
	status int
	ours   bool // the text may be changed
	item   bool // the outermost object is an entry of a list
	nested int  // how many lists of items stand around it
	body   []byte
	in     *decoder
	path   []step   // from the body to what is being read
	texts  int      // how many more times JSON is read within texts
	frames []*frame // of the objects that are being read, by depth; deeper ones share the last
	inData frame    // of the objects that are data of a success
	cut    bool     // the text breaks off
	found
}

// maxDepth is how many objects around an error are looked into. Deeper codes only show that something failed.
const maxDepth = 8

// maxTexts is how many times a text within JSON is read as JSON itself.
const maxTexts = 2

// readers are those that are not in use.
var readers = sync.Pool{New: func() any { return new(reader) }}

// newReader returns a reader for a response of a status, or for the entries of its lists.
func newReader(status int, item bool) *reader {
	r := readers.Get().(*reader)
	r.status, r.item = status, item
	return r
}

// free lets a reader be used again. What it found stays as it is.
func (r *reader) free() {
	for _, f := range r.frames {
		clear(f.statements[:cap(f.statements)])
		*f = frame{statements: f.statements[:0]}
	}
	if r.in != nil {
		r.decode(nil)
	}
	*r = reader{in: r.in, frames: r.frames, path: r.path[:0]}
	readers.Put(r)
}

// A decoder is one of jsontext's and what it reads.
type decoder struct {
	jsontext.Decoder
	source bytes.Buffer
}

// lenient lets a decoder read what some programs write.
var lenient = jsonopts.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// decode makes a reader begin with another text, what it has found so far being kept.
func (r *reader) decode(body []byte) {
	r.body = body
	if r.in == nil {
		r.in = new(decoder)
	}
	r.in.source = *bytes.NewBuffer(body)
	r.in.Reset(&r.in.source, lenient)
}

// documents reads JSON values that stand one behind the other. The codes of all but the first stand further in.
func (r *reader) documents(text []byte, l level) Form {
	for first := true; ; first = false {
		r.decode(text)
		if err := r.value(l); err != nil {
			r.cut = r.cut || l.depth == 0 && errors.Is(err, io.ErrUnexpectedEOF)
			return Broken
		}
		text = trim(text[r.in.InputOffset():])
		switch {
		case len(text) == 0 && first:
			return JSON
		case len(text) == 0 || text[0] != '{' && text[0] != '[':
			return Trailed
		}
		if first {
			l = l.inner(false)
		}
	}
}

// value reads an object or an array.
func (r *reader) value(l level) error {
	switch r.in.PeekKind() {
	case '{':
		return r.object(l)
	case '[':
		if success(r.status) && l.depth == 0 {
			r.note(list{items: &wholeList, span: bytes.TrimLeft(r.body, " \t\r\n"), topmost: true})
		}
		return r.array(l.inner(false), nil, nowhere, "")
	}
	return r.in.SkipValue()
}

// object reads an object and takes what it says into account, even if it breaks off.
func (r *reader) object(l level) error {
	f := r.frame(l)
	err := r.members(f, l)
	r.consider(f)
	return err
}

// frame returns the frame of an object.
func (r *reader) frame(l level) *frame {
	if l.data {
		return &r.inData
	}
	if l.depth >= len(r.frames) && l.depth <= maxDepth+1 {
		r.frames = append(r.frames, new(frame))
	}
	f := r.frames[min(l.depth, len(r.frames)-1)]
	if l.depth <= maxDepth {
		*f = frame{level: l, statements: f.statements[:0]}
	}
	return f
}

func (r *reader) members(f *frame, l level) error {
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	for r.in.PeekKind() != '}' {
		key, err := r.key()
		if err != nil {
			return err
		}
		f.members++
		f.level = l // deeper objects share a frame
		if err := r.member(f, key, placeOf(key)); err != nil {
			return err
		}
	}
	_, err := r.in.ReadToken()
	return err
}

// key reads the name of a member, or as much of it as any key that counts has.
func (r *reader) key() (string, error) {
	raw, err := r.in.ReadValue()
	if err != nil {
		return "", err
	}
	if key, ok := spellings[string(raw)]; ok {
		return key, nil
	}
	return scalar{raw: raw, kind: '"'}.text(maxKey), nil
}

// member reads what stands at a place.
func (r *reader) member(f *frame, key string, p *place) error {
	start := r.in.InputOffset()
	kept := r.enter(step{key: key})
	err := r.memberValue(f, key, p)
	r.leave(kept)
	if !f.data && f.own() {
		value := jsontext.Value(bytes.TrimLeft(r.body[start:r.in.InputOffset()], ": \t\r\n"))
		f.data = !isBlank(value) && !p.ofError(scalar{raw: value, kind: value.Kind()}, r.item && f.depth == 0)
	}
	return err
}

func (r *reader) memberValue(f *frame, key string, p *place) error {
	kind := r.in.PeekKind()
	switch {
	case p.isList() && r.listed(f, p, kind):
		return r.list(f, p)
	case kind == '{':
		return r.object(f.inner(p.outer))
	case kind == '[':
		return r.array(f.inner(p.outer), f, p, key)
	}
	return r.scalarMember(f, key, p)
}

// scalarMember reads a text, a number or a truth value. A text may be JSON itself.
func (r *reader) scalarMember(f *frame, key string, p *place) error {
	if f.level.data {
		return r.in.SkipValue()
	}
	v, err := r.scalar()
	if p.saysScalar() {
		f.say(p, key, v)
	}
	if err == nil && v.holdsObject() && r.texts > 0 {
		r.within(v, f.inner(false))
	}
	return err
}

// within reads JSON in a text.
func (r *reader) within(v scalar, l level) {
	body, in, ours := r.body, r.in, r.ours
	r.in, r.ours = nil, true
	text, _ := jsontext.AppendUnquote(make([]byte, 0, len(v.raw)), v.raw) // it unquotes what it can, and replaces the rest
	r.text(trim(text), l, r.texts-1)
	r.body, r.in, r.ours = body, in, ours
}

// array reads an array, whose objects are of a level. At a place for scalars its best text counts. The arrays of a
// success hold data.
func (r *reader) array(l level, f *frame, p *place, key string) error {
	l.data = l.data || success(r.status) && !p.outer
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	for index := 0; r.in.PeekKind() != ']'; index++ {
		kept := r.enter(step{index: index})
		err := r.element(l, f, p, key)
		r.leave(kept)
		if err != nil {
			return err
		}
	}
	_, err := r.in.ReadToken()
	return err
}

// element reads an element of an array.
func (r *reader) element(l level, f *frame, p *place, key string) error {
	switch kind := r.in.PeekKind(); {
	case kind == '{':
		return r.object(l)
	case kind == '[':
		return r.array(l, f, p, key)
	case f == nil || !p.saysScalar() || f.level.data:
		return r.in.SkipValue()
	}
	v, err := r.scalar()
	r.crowded = f.sayNext(p, key, v) || r.crowded
	return err
}
