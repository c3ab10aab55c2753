package rpc

import "google.golang.org/protobuf/encoding/protowire"

// A wire reads a message of protobuf field by field, as far as usual messages go.
type wire struct {
	rest   piece
	tag    byte   // of the field that was read
	number uint64 // what it has
	value  piece  // what it has, if it is a text or a message
	seen   uint64 // the fields that were there, a bit each
}

// A piece is a part of a message, once as bytes and once as a text that is kept.
type piece struct {
	bytes []byte
	text  string
}

// whole is a message of which nothing has been read. Texts that are read from it do not change with the bytes.
func whole(message []byte) wire { return wire{rest: piece{message, string(message)}} }

// count is how many fields there are if all have one tag, else 0.
func (w wire) count(tag byte) (n int) {
	for w.next() {
		if w.tag != tag {
			return 0
		}
		n++
	}
	if !w.ended() {
		return 0
	}
	return n
}

const textType = byte(protowire.BytesType)

// next reads a field, if there is one of a kind that usual messages have: a number or a text in a field of a low number.
func (w *wire) next() bool {
	if len(w.rest.bytes) == 0 {
		return false
	}
	w.tag = w.rest.bytes[0]
	number, n := protowire.ConsumeVarint(w.rest.bytes[1:])
	at := uint64(1 + n)
	switch kind := w.tag & 7; {
	case n < 0 || w.tag >= 1<<6:
		return false
	case kind == textType && number <= uint64(len(w.rest.bytes))-at:
		w.value = piece{w.rest.bytes[at : at+number], w.rest.text[at : at+number]}
		at += number
	case kind != byte(protowire.VarintType):
		return false
	}
	w.number, w.rest = number, piece{w.rest.bytes[at:], w.rest.text[at:]}
	return true
}

// ended tells whether all fields were read.
func (w *wire) ended() bool { return len(w.rest.bytes) == 0 }

// once tells whether the field was there for the first time.
func (w *wire) once() bool {
	before := w.seen
	w.seen |= 1 << w.tag
	return w.seen != before
}

// had tells whether there was a field.
func (w *wire) had(tag byte) bool { return w.seen&(1<<tag) != 0 }

// appendLength begins a text or a message within another.
func appendLength(b []byte, tag byte, length int) []byte {
	return protowire.AppendVarint(append(b, tag), uint64(length))
}

// lengthSize is how much appendLength and what follows take up.
func lengthSize(length int) int { return 1 + protowire.SizeBytes(length) }
