package envelope

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// A reader walks through JSON once and keeps what stands at the places of a plan. What it passes over takes no memory,
// and what it keeps is bounded.
type reader struct {
	plan   *plan
	status int
	body   []byte
	in     *jsontext.Decoder
	frames [maxDepth + 1]frame // of the objects that are being read, by depth
	found
}

// maxDepth is how many objects around an error are looked into; nobody wraps so often.
const maxDepth = 8

func newReader(p *plan, status int) *reader { return &reader{plan: p, status: status} }

// reset makes a reader begin with another text, what it has found so far being kept.
func (r *reader) reset(body []byte) {
	r.body = body
	r.in = jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

var (
	errTrailing = errors.New("something follows the value")
	errSecond   = errors.New("another value follows the value")
	errZeros    = errors.New("zeros in front of a number; it is read, and what follows is not")
)

// read reads the one value that a body is. An error means that the body is broken; what was kept before stays.
func (r *reader) read(body []byte) error {
	r.reset(body)
	if err := r.wrapped(0); err != nil {
		return err
	}
	switch rest := trim(body[r.in.InputOffset():]); {
	case len(rest) == 0:
		return nil
	case rest[0] == '{' || rest[0] == '[':
		return errSecond
	}
	return errTrailing
}

// wrapped reads a value that says something only if it is an object, or an array of objects. The arrays of a success
// hold its data, whatever that looks like.
func (r *reader) wrapped(at level) error {
	kind := r.in.PeekKind()
	switch {
	case at.depth() > maxDepth, kind == '[' && success(r.status), kind != '{' && kind != '[':
		return r.in.SkipValue()
	case kind == '[':
		return r.elements(func() error { return r.wrapped(at.inner(false)) })
	}
	return r.object(at)
}

// object reads an object and takes what it says into account, even if it breaks off.
func (r *reader) object(at level) error {
	f := &r.frames[at.depth()]
	*f = frame{level: at, said: f.said[:0], spans: f.spans[:0]}
	r.objects++
	f.number = r.objects
	err := r.members(f)
	r.consider(f)
	return err
}

func (r *reader) members(f *frame) error {
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	for r.in.PeekKind() != '}' {
		key, err := r.key()
		if err != nil {
			return err
		}
		f.members++
		there, before := r.plan.at(key), r.objects
		r.forget(f, key, there)
		if err := r.member(f, there); err != nil {
			return err
		}
		r.note(f, key, there, before)
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
	return scalar{raw, '"'}.text(maxKey), nil
}

// member reads what stands at a place.
func (r *reader) member(f *frame, there *place) error {
	kind := r.in.PeekKind()
	if there.list() {
		r.drop(f, there)
	}
	switch {
	case there.list() && kind != '{':
		return r.list(f, there)
	case kind == '{':
		return r.wrapped(f.level.inner(there.outer))
	case kind == '[' && there.scalar():
		return r.first(f, there)
	case kind == '[':
		return r.wrapped(f.level)
	case !there.scalar():
		return r.in.SkipValue()
	}
	v, err := r.scalar()
	f.say(there, v)
	return err
}

// first reads an array whose first text counts.
func (r *reader) first(f *frame, there *place) error {
	said := false
	return r.elements(func() error {
		kind := r.in.PeekKind()
		switch object := kind == '{' || kind == '['; {
		case object && (there.outer || !success(r.status)):
			return r.wrapped(f.level.inner(there.outer))
		case object || said:
			return r.in.SkipValue()
		}
		said = true
		v, err := r.scalar()
		f.say(there, v)
		return err
	})
}

// elements reads an array, each element with the same function.
func (r *reader) elements(read func() error) error {
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	for r.in.PeekKind() != ']' {
		if err := read(); err != nil {
			return err
		}
	}
	_, err := r.in.ReadToken()
	return err
}

// scalar reads a text or a number; null, true and false say nothing anywhere.
func (r *reader) scalar() (scalar, error) {
	kind := r.in.PeekKind()
	raw, err := r.in.ReadValue()
	end := int(r.in.InputOffset())
	switch {
	case err != nil || kind != '"' && kind != '0':
		return scalar{}, err
	case kind == '0':
		return wholeNumber(r.body[end-len(raw):], len(raw))
	}
	return scalar{r.body[end-len(raw) : end], kind}, nil
}

// wholeNumber is a number with which a text begins, if all of it is there: something that may follow a number does. JSON
// does not know the zeros in front of some, so that its reader stops behind them.
func wholeNumber(text []byte, length int) (scalar, error) {
	end := length
	for string(text[:length]) == "0" && end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	if end == len(text) || bytes.IndexByte([]byte(",]} \t\r\n"), text[end]) < 0 {
		return scalar{}, io.ErrUnexpectedEOF
	}
	var err error
	if end > length {
		err = errZeros
	}
	return scalar{text[:end], '0'}, err
}
