package render

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A writer writes the bytes of messages as JSON, without making messages of them. It says what protojson says of them, or
// nothing: unusual is set at the first thing that it does not know, and then what was written is of no use.
type writer struct {
	out     []byte
	shapes  map[protoreflect.FullName]*shape
	unusual bool
}

// message writes a message's members in braces.
func (w *writer) message(s *shape, b []byte) {
	switch {
	case !s.usual:
		w.unusual = true
	case s.name == anyName:
		w.packed(b)
	case s.name == durationName:
		w.duration(b)
	default:
		w.out = append(w.out, '{')
		w.members(s, b)
		w.out = append(w.out, '}')
	}
}

// members writes each member of a message.
func (w *writer) members(s *shape, b []byte) {
	var room [16]field
	fields, known := w.split(b, room[:0]), 0
	for i := range s.fields {
		m := &s.fields[i]
		switch {
		case m.dict:
			known += w.dict(m, fields)
		case m.list:
			known += w.list(m, fields)
		default:
			known += w.single(m, fields)
		}
	}
	w.unusual = w.unusual || known != len(fields) // some have no name here
}

// A field is one as its bytes say it.
type field struct {
	number protowire.Number
	text   []byte // or message; nil where it is neither
	varint uint64
}

// split reads the fields of a message.
func (w *writer) split(b []byte, fields []field) []field {
	for len(b) > 0 {
		f, rest := next(b)
		if f.number == 0 {
			w.unusual = true
			break
		}
		fields, b = append(fields, f), rest
	}
	return fields
}

// next reads the field at the beginning of a message, if it is of a usual kind.
func next(b []byte) (f field, rest []byte) {
	number, kind, n := protowire.ConsumeTag(b)
	if n < 0 {
		return field{}, nil
	}
	f.number, b = number, b[n:]
	switch kind {
	case protowire.BytesType:
		f.text, n = protowire.ConsumeBytes(b)
	case protowire.VarintType:
		f.varint, n = protowire.ConsumeVarint(b)
	default:
		n = -1
	}
	if n < 0 {
		return field{}, nil
	}
	return f, b[n:]
}

// begin writes the key of a member.
func (w *writer) begin(m *member) {
	if w.out[len(w.out)-1] != '{' {
		w.out = append(w.out, ',')
	}
	w.out = append(w.out, m.key...)
}

// single writes a field that there is one of, and tells how many there were.
func (w *writer) single(m *member, fields []field) (found int) {
	var last field
	for _, f := range fields {
		if f.number == m.number {
			last = f
			found++
		}
	}
	isText := m.kind == protoreflect.StringKind || m.message != nil
	w.unusual = w.unusual || found > 1 || found == 1 && isText != (last.text != nil)
	if found > 0 || m.always {
		w.begin(m)
		w.value(m, last)
	}
	return found
}

func (w *writer) value(m *member, f field) {
	switch m.kind {
	case protoreflect.MessageKind:
		w.message(m.message, f.text)
	case protoreflect.StringKind:
		w.text(f.text)
	case protoreflect.EnumKind:
		w.enum(m, int32(f.varint))
	case protoreflect.Int64Kind:
		w.out = append(strconv.AppendInt(append(w.out, '"'), int64(f.varint), 10), '"')
	default:
		w.out = strconv.AppendInt(w.out, int64(int32(f.varint)), 10)
	}
}

func (w *writer) enum(m *member, number int32) {
	if name, ok := m.names[number]; ok {
		w.out = append(w.out, name...)
		return
	}
	w.out = strconv.AppendInt(w.out, int64(number), 10)
}

// list writes a field that may come again.
func (w *writer) list(m *member, fields []field) (found int) {
	w.begin(m)
	w.out = append(w.out, '[')
	for _, f := range fields {
		if f.number != m.number {
			continue
		}
		if found++; found > 1 {
			w.out = append(w.out, ',')
		}
		w.unusual = w.unusual || f.text == nil
		w.message(m.message, f.text)
	}
	w.out = append(w.out, ']')
	return found
}

// dict writes a map of texts in the order of its keys, which our answers have already.
func (w *writer) dict(m *member, fields []field) (found int) {
	var room [16][2]field
	entries := room[:0]
	for _, f := range fields {
		if f.number == m.number {
			entries = append(entries, w.pair(f.text))
		}
	}
	slices.SortStableFunc(entries, func(a, b [2]field) int { return bytes.Compare(a[0].text, b[0].text) })
	w.begin(m)
	w.out = append(w.out, '{')
	for i, e := range entries {
		if i > 0 {
			w.out = append(w.out, ',')
			w.unusual = w.unusual || bytes.Equal(e[0].text, entries[i-1][0].text)
		}
		w.text(e[0].text)
		w.out = append(w.out, ':')
		w.text(e[1].text)
	}
	w.out = append(w.out, '}')
	return len(entries)
}

// pair reads a message of two texts as all are written: the first, then the second.
func (w *writer) pair(b []byte) (p [2]field) {
	var rest []byte
	p[0], rest = next(b)
	p[1], rest = next(rest)
	w.unusual = w.unusual || p[0].number != 1 || p[1].number != 2 || p[0].text == nil || p[1].text == nil || len(rest) > 0
	return p
}

// packed writes a detail that is a message's. One that says nothing has no value.
func (w *writer) packed(b []byte) {
	url, rest := next(b)
	value, rest := next(rest)
	if url.number != 1 || value.number != 2 && value.number != 0 || len(rest) > 0 {
		w.unusual = true
		return
	}
	w.detail(url.text, value.text)
}

// detail writes a detail, its type first.
func (w *writer) detail(url, value []byte) {
	s := w.shapes[protoreflect.FullName(url[bytes.LastIndexByte(url, '/')+1:])]
	if s == nil || !s.usual || s.name.Parent() == wellKnown {
		w.unusual = true
		return
	}
	w.out = append(w.out, `{"@type":`...)
	w.text(url)
	w.members(s, value)
	w.out = append(w.out, '}')
}

// maxSeconds is the longest duration that protobuf knows: 10,000 years.
const maxSeconds = 315_576_000_000

// duration writes a number of whole seconds.
func (w *writer) duration(b []byte) {
	seconds, rest := next(b)
	w.unusual = w.unusual || seconds.number != 1 || seconds.text != nil || len(rest) > 0 || seconds.varint > maxSeconds
	w.out = append(strconv.AppendUint(append(w.out, '"'), seconds.varint, 10), `s"`...)
}

func (w *writer) text(text []byte) {
	var err error
	w.out, err = jsontext.AppendQuote(w.out, text)
	w.unusual = w.unusual || err != nil
}
