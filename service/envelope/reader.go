package envelope

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"sync"

	jsonopts "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A reader reads JSON once and keeps the values of known keys. Its memory is bounded.
type reader struct {
	status    int
	owned     bool // body may be changed in place
	item      bool // it reads the entries of a list
	nested    int  // number of lists around it
	body      []byte
	in, spare *decoder
	path      []byte   // keys and array indexes from the body to the current value
	texts     int      // remaining levels of JSON within texts
	objects   []object // by depth; deeper ones share the last
	dataOnly  object   // for all objects that are data of a success
	truncated bool     // body breaks off
	found
}

// readers holds readers for reuse.
var readers = sync.Pool{New: func() any { return &reader{objects: make([]object, maxDepth+2)} }}

// newReader returns a reader for a response with an HTTP status.
func newReader(status int) *reader {
	r := readers.Get().(*reader)
	r.status = status
	return r
}

// free returns a reader for reuse. What it found stays valid.
func (r *reader) free() {
	if r.in != nil {
		r.decode(nil)
	}
	*r = reader{in: r.in, spare: r.spare, objects: r.objects, path: r.path[:0]}
	readers.Put(r)
}

// A decoder is a jsontext.Decoder and its input.
type decoder struct {
	jsontext.Decoder
	source bytes.Buffer
}

// lenient accepts duplicate names and invalid UTF-8.
var lenient = jsonopts.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// decode sets the text to read.
func (r *reader) decode(body []byte) {
	r.body = body
	if r.in == nil {
		r.in = new(decoder)
	}
	r.in.source = *bytes.NewBuffer(body)
	r.in.Reset(&r.in.source, lenient)
}

// aside calls read, which reads another text, and restores the current one.
func (r *reader) aside(read func()) {
	body, in, owned := r.body, r.in, r.owned
	r.in, r.spare = r.spare, nil
	read()
	r.decode(nil)
	r.body, r.in, r.spare, r.owned = body, in, r.in, owned
}

// documents reads a sequence of JSON values. All but the first are one level further in.
func (r *reader) documents(text []byte, l level) Form {
	for first := true; ; first = false {
		r.decode(text)
		if err := r.document(l); err != nil {
			r.truncated = r.truncated || l.depth == 0 && errors.Is(err, io.ErrUnexpectedEOF)
			return Malformed
		}
		text = trim(text[r.in.InputOffset():])
		switch {
		case len(text) == 0 && first:
			return JSON
		case len(text) == 0 || text[0] != '{' && text[0] != '[':
			return TrailingData
		}
		if first {
			l = l.child(false)
		}
	}
}

// document reads an object or an array.
func (r *reader) document(l level) error {
	if r.in.PeekKind() == '{' {
		return r.object(l)
	}
	if maySucceed(r.status) && l.depth == 0 {
		r.addList(list{kind: &wholeList, span: bytes.TrimLeft(r.body, separators)})
	}
	return r.array(l.child(false), nil, spelling{slot: noSlot})
}

// object reads and considers an object, even if it breaks off.
func (r *reader) object(l level) error {
	o := r.open(l)
	_, err := r.in.ReadToken()
	for err == nil && r.in.PeekKind() != '}' {
		o.level = l // deeper objects share o
		err = r.member(o)
	}
	if err == nil {
		_, err = r.in.ReadToken()
	}
	r.consider(o)
	clear(o.values)
	o.values = o.values[:0]
	return err
}

// open returns an empty object for a level.
func (r *reader) open(l level) *object {
	if l.inData {
		return &r.dataOnly
	}
	o := &r.objects[min(l.depth, maxDepth+1)]
	if l.depth <= maxDepth {
		*o = object{level: l, values: o.values[:0]}
	}
	return o
}

// key reads the name of a member, at most maxKey bytes of it.
func (r *reader) key() (spelling, error) {
	raw, err := r.in.ReadValue()
	if err != nil {
		return spelling{}, err
	}
	if s, ok := defaultSchema.quoted[string(raw)]; ok {
		return s, nil
	}
	key := scalar{raw, '"'}.text(maxKey)
	return spelling{key, defaultSchema.lookup(key)}, nil
}

// member reads a member of an object.
func (r *reader) member(o *object) error {
	at, err := r.key()
	if err != nil {
		return err
	}
	o.members++
	start := r.in.InputOffset()
	mark := len(r.path)
	r.path = appendKey(r.path, at.key)
	err = r.value(o.child(at.outer), o, at, false)
	r.path = r.path[:mark]
	if !o.otherMembers && o.own() {
		raw := bytes.TrimLeft(r.body[start:r.in.InputOffset()], separators)
		o.otherMembers = !isBlank(raw) && !scalar{raw, jsontext.Value(raw).Kind()}.ofError(at.slot, r.item && o.depth == 0)
	}
	return err
}

// value reads the value of a member, or an element of its array. An object in it has level l. A string may hold JSON.
func (r *reader) value(l level, o *object, at spelling, inArray bool) error {
	kind := r.in.PeekKind()
	switch {
	case !inArray && at.list != nil && r.listed(o, at.slot, kind):
		return r.list(o.level, at.list)
	case kind == '{':
		return r.object(l)
	case kind == '[':
		return r.array(l, o, at)
	case o == nil || o.inData || inArray && !at.holdsScalar():
		return r.in.SkipValue()
	}
	v, err := r.scalar(kind)
	if at.holdsScalar() {
		r.Incomplete = !o.set(at, v, inArray) || r.Incomplete
	}
	if !inArray && err == nil && v.isObject() {
		r.jsonInString(v, o.quoted(at.message && r.quotes()))
	}
	return err
}

// jsonInString reads the JSON that a string holds. Codes are missing if it breaks off, or is nested too deeply within texts.
func (r *reader) jsonInString(v scalar, l level) {
	if r.texts == 0 {
		r.Incomplete = r.Incomplete || bytes.Contains(v.raw, []byte(errorKey))
		return
	}
	codes := len(r.Findings)
	r.aside(func() {
		r.owned = true
		text, _ := jsontext.AppendUnquote(make([]byte, 0, len(v.raw)), v.raw) // it unquotes what it can, and replaces the rest
		form := r.text(trim(text), l, r.texts-1)
		r.Incomplete = r.Incomplete || form == Malformed && len(r.Findings) > codes
	})
}

// array reads an array, whose objects have level l. Of its scalars the best counts. Arrays of a success hold data.
func (r *reader) array(l level, o *object, at spelling) error {
	l.inData = l.inData || maySucceed(r.status) && !at.outer
	_, err := r.in.ReadToken()
	mark := len(r.path)
	for index := 0; err == nil && r.in.PeekKind() != ']'; index++ {
		r.path = appendIndex(r.path, index)
		err = r.value(l, o, at, true)
		r.path = r.path[:mark]
	}
	if err == nil {
		_, err = r.in.ReadToken()
	}
	return err
}

// The marks of the steps of a path.
const (
	keyMark   = '.' // before a key, which a zero byte ends
	indexMark = '[' // before an array index of four bytes
)

// appendKey appends a key to a path, up to maxPath. Paths sort by keys and array indexes.
func appendKey(path []byte, key string) []byte {
	if len(path) >= maxPath {
		return path
	}
	return append(append(append(path, keyMark), key...), 0)
}

// appendIndex appends an array index to a path, up to maxPath.
func appendIndex(path []byte, index int) []byte {
	if len(path) >= maxPath {
		return path
	}
	return binary.BigEndian.AppendUint32(append(path, indexMark), uint32(index))
}
