package render

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A writer converts encoded messages to JSON. Its output is that of protojson without blanks, unless it meets something that
// it does not support: then it sets unsupported, and the output is invalid.
type writer struct {
	out         []byte
	schemas     map[protoreflect.FullName]*jsonSchema
	unsupported bool
}

// message writes a message.
func (w *writer) message(s *jsonSchema, b []byte) {
	switch {
	case !s.supported:
		w.unsupported = true
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

// members writes the members of a message.
func (w *writer) members(s *jsonSchema, b []byte) {
	var buffer [16]field
	fields, known := w.split(b, buffer[:0]), 0
	for i := range s.fields {
		m := &s.fields[i]
		switch {
		case m.isMap:
			known += w.mapField(m, fields)
		case m.list:
			known += w.list(m, fields)
		default:
			known += w.single(m, fields)
		}
	}
	w.unsupported = w.unsupported || known != len(fields) // there are unknown fields
}

// A field is an encoded field.
type field struct {
	number protowire.Number
	text   []byte // or message; nil if it is neither
	varint uint64
}

// split returns the fields of a message.
func (w *writer) split(b []byte, fields []field) []field {
	for len(b) > 0 {
		f, rest := next(b)
		if f.number == 0 {
			w.unsupported = true
			break
		}
		fields, b = append(fields, f), rest
	}
	return fields
}

// next returns the first field of a message. Its number is 0 if the field is not supported.
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

// begin writes the key of a member, after a comma if it is not the first.
func (w *writer) begin(m *member) {
	if w.out[len(w.out)-1] != '{' {
		w.out = append(w.out, ',')
	}
	w.out = append(w.out, m.key...)
}

// single writes a field that is not repeated. It returns how often the field occurs.
func (w *writer) single(m *member, fields []field) (found int) {
	var last field
	for _, f := range fields {
		if f.number == m.number {
			last = f
			found++
		}
	}
	isText := m.kind == protoreflect.StringKind || m.message != nil
	w.unsupported = w.unsupported || found > 1 || found == 1 && isText != (last.text != nil)
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

// list writes a repeated field. It returns how many elements it has.
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
		w.unsupported = w.unsupported || f.text == nil
		w.message(m.message, f.text)
	}
	w.out = append(w.out, ']')
	return found
}

// mapField writes a map in the order of its keys. It returns how many entries it has.
func (w *writer) mapField(m *member, fields []field) (found int) {
	var buffer [16][2]field
	entries := buffer[:0]
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
			w.unsupported = w.unsupported || bytes.Equal(e[0].text, entries[i-1][0].text)
		}
		w.text(e[0].text)
		w.out = append(w.out, ':')
		w.text(e[1].text)
	}
	w.out = append(w.out, '}')
	return len(entries)
}

// pair returns the key and the value of an entry of a map.
func (w *writer) pair(b []byte) (p [2]field) {
	var rest []byte
	p[0], rest = next(b)
	p[1], rest = next(rest)
	w.unsupported = w.unsupported || p[0].number != 1 || p[1].number != 2 || p[0].text == nil || p[1].text == nil || len(rest) > 0
	return p
}

// packed writes an encoded Any. An empty message has no value.
func (w *writer) packed(b []byte) {
	url, rest := next(b)
	value, rest := next(rest)
	if url.number != 1 || value.number != 2 && value.number != 0 || len(rest) > 0 {
		w.unsupported = true
		return
	}
	w.detail(url.text, value.text)
}

// detail writes the type and the members of an Any.
func (w *writer) detail(url, value []byte) {
	s := w.schemas[protoreflect.FullName(url[bytes.LastIndexByte(url, '/')+1:])]
	if s == nil || !s.supported || s.name.Parent() == wellKnown {
		w.unsupported = true
		return
	}
	w.out = append(w.out, `{"@type":`...)
	w.text(url)
	w.members(s, value)
	w.out = append(w.out, '}')
}

// maxSeconds is the maximum of google.protobuf.Duration: 10,000 years.
const maxSeconds = 315_576_000_000

// duration writes a duration of whole seconds.
func (w *writer) duration(b []byte) {
	seconds, rest := next(b)
	w.unsupported = w.unsupported || seconds.number != 1 || seconds.text != nil || len(rest) > 0 || seconds.varint > maxSeconds
	w.out = append(strconv.AppendUint(append(w.out, '"'), seconds.varint, 10), `s"`...)
}

func (w *writer) text(text []byte) {
	var err error
	w.out, err = jsontext.AppendQuote(w.out, text)
	w.unsupported = w.unsupported || err != nil
}
