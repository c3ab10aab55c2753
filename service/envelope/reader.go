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

func newReader(p *plan, status int, body []byte) *reader {
	in := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return &reader{plan: p, status: status, body: body, in: in}
}

// errTrailing says that something follows a whole value.
var errTrailing = errors.New("something follows the value")

// read reads the one value that a body is. An error means that the body is broken; what was kept before stays.
func (r *reader) read() error {
	if err := r.wrapped(0); err != nil {
		return err
	}
	if _, err := r.in.ReadToken(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
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
	*f = frame{level: at, said: f.said[:0]}
	r.objects++
	f.number = r.objects
	err := r.members(f)
	r.consider(r.plan, r.status, f)
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
		if err := r.member(f, r.plan.at(key)); err != nil {
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
	return scalar{raw, '"'}.text(maxKey), nil
}

// member reads what stands at a place.
func (r *reader) member(f *frame, there place) error {
	kind := r.in.PeekKind()
	switch {
	case there.list() && kind != '{':
		return r.list(f, there)
	case kind == '{':
		return r.wrapped(f.level.inner(there.outer))
	case kind == '[' && there.text():
		return r.first(f, there)
	case kind == '[':
		return r.wrapped(f.level)
	case !there.text():
		return r.in.SkipValue()
	}
	v, err := r.scalar()
	f.say(there, v)
	return err
}

// first reads an array whose first text counts.
func (r *reader) first(f *frame, there place) error {
	return r.elements(func() error {
		kind := r.in.PeekKind()
		switch over := !there.text() || kind == '{' || kind == '['; {
		case over && success(r.status):
			return r.in.SkipValue()
		case over:
			return r.wrapped(f.level.inner(false))
		}
		v, err := r.scalar()
		f.say(there, v)
		there = place{}
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

// scalar reads a text or a number; null, true and false say nothing anywhere. Where the body breaks off behind a
// number, nobody knows how many of its digits are missing.
func (r *reader) scalar() (scalar, error) {
	kind := r.in.PeekKind()
	raw, err := r.in.ReadValue()
	switch {
	case err != nil || kind != '"' && kind != '0':
		return scalar{}, err
	case kind == '0' && r.in.InputOffset() == int64(len(r.body)):
		return scalar{}, io.ErrUnexpectedEOF
	}
	end := int(r.in.InputOffset())
	return scalar{r.body[end-len(raw) : end], kind}, nil
}
