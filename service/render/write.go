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

// members writes each member of a message, which is looked through for each: it has few.
func (w *writer) members(s *shape, b []byte) {
	known := 0
	for i := range s.fields {
		f := &s.fields[i]
		switch {
		case f.dict:
			known += w.dict(f, b)
		case f.list:
			known += w.list(f, b)
		default:
			known += w.single(f, b)
		}
	}
	if known != count(b) {
		w.unusual = true // fields that have no name here
	}
}

// next is the field at the beginning of a message, and the rest. What a field has that is no message or text is at its
// number.
func next(b []byte) (number protowire.Number, value []byte, varint uint64, rest []byte) {
	number, kind, n := protowire.ConsumeTag(b)
	if n < 0 {
		return 0, nil, 0, nil
	}
	b = b[n:]
	switch kind {
	case protowire.BytesType:
		if value, n = protowire.ConsumeBytes(b); n >= 0 {
			return number, value, 0, b[n:]
		}
	case protowire.VarintType:
		if varint, n = protowire.ConsumeVarint(b); n >= 0 {
			return number, nil, varint, b[n:]
		}
	}
	return 0, nil, 0, nil
}

// count is how many fields a message has.
func count(b []byte) (n int) {
	for len(b) > 0 {
		var number protowire.Number
		if number, _, _, b = next(b); number == 0 {
			return -1
		}
		n++
	}
	return n
}

// begin writes the key of a member.
func (w *writer) begin(f *member) {
	if w.out[len(w.out)-1] != '{' {
		w.out = append(w.out, ',')
	}
	w.out = append(w.out, f.key...)
}

// single writes a field that there is one of, and tells how many there were.
func (w *writer) single(f *member, b []byte) (found int) {
	var value []byte
	var number uint64
	for len(b) > 0 {
		n, v, u, rest := next(b)
		if n == f.number {
			value, number = v, u
			found++
		}
		if b = rest; n == 0 {
			break
		}
	}
	isText := f.kind == protoreflect.StringKind || f.message != nil
	w.unusual = w.unusual || found > 1 || found == 1 && isText != (value != nil)
	if found > 0 || f.always {
		w.begin(f)
		w.value(f, value, number)
	}
	return found
}

func (w *writer) value(f *member, value []byte, number uint64) {
	switch f.kind {
	case protoreflect.MessageKind:
		w.message(f.message, value)
	case protoreflect.StringKind:
		w.text(value)
	case protoreflect.EnumKind:
		w.enum(f, int32(number))
	case protoreflect.Int64Kind:
		w.out = append(strconv.AppendInt(append(w.out, '"'), int64(number), 10), '"')
	default:
		w.out = strconv.AppendInt(w.out, int64(int32(number)), 10)
	}
}

func (w *writer) enum(f *member, number int32) {
	if name, ok := f.names[number]; ok {
		w.out = append(w.out, name...)
		return
	}
	w.out = strconv.AppendInt(w.out, int64(number), 10)
}

// list writes a field that may come again.
func (w *writer) list(f *member, b []byte) (found int) {
	w.begin(f)
	w.out = append(w.out, '[')
	for len(b) > 0 {
		n, value, _, rest := next(b)
		if n == f.number {
			if found++; found > 1 {
				w.out = append(w.out, ',')
			}
			w.unusual = w.unusual || value == nil
			w.message(f.message, value)
		}
		if b = rest; n == 0 {
			break
		}
	}
	w.out = append(w.out, ']')
	return found
}

// An entry is one of a map of texts.
type entry struct{ key, value []byte }

// dict writes a map of texts in the order of its keys, which our answers have already.
func (w *writer) dict(f *member, b []byte) (found int) {
	var room [16]entry
	entries := room[:0]
	for len(b) > 0 {
		n, pair, _, rest := next(b)
		if n == f.number {
			entries = append(entries, w.entry(pair))
		}
		if b = rest; n == 0 {
			break
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	w.begin(f)
	w.out = append(w.out, '{')
	for i, e := range entries {
		if i > 0 {
			w.out = append(w.out, ',')
			w.unusual = w.unusual || bytes.Equal(e.key, entries[i-1].key)
		}
		w.text(e.key)
		w.out = append(w.out, ':')
		w.text(e.value)
	}
	w.out = append(w.out, '}')
	return len(entries)
}

// entry reads an entry that is written as all are: the key, then the value.
func (w *writer) entry(b []byte) (e entry) {
	first, key, _, rest := next(b)
	second, value, _, rest := next(rest)
	w.unusual = w.unusual || first != 1 || second != 2 || key == nil || value == nil || len(rest) > 0
	return entry{key, value}
}

// packed writes a detail, whose type comes first.
func (w *writer) packed(b []byte) {
	first, url, _, rest := next(b)
	second, value, _, rest := next(rest) // nothing is a message too
	s := w.shapes[protoreflect.FullName(url[bytes.LastIndexByte(url, '/')+1:])]
	if first != 1 || second != 2 && second != 0 || len(rest) > 0 || s == nil || !s.usual || s.name.Parent() == wellKnown {
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
	number, value, seconds, rest := next(b)
	w.unusual = w.unusual || number != 1 || value != nil || len(rest) > 0 || seconds > maxSeconds
	w.out = append(strconv.AppendUint(append(w.out, '"'), seconds, 10), `s"`...)
}

func (w *writer) text(text []byte) {
	var err error
	w.out, err = jsontext.AppendQuote(w.out, text)
	w.unusual = w.unusual || err != nil
}
