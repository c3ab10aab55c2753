package envelope

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A scalar is the JSON of a string, a number or a Boolean. The zero scalar is nothing.
type scalar struct {
	raw  []byte
	kind jsontext.Kind
}

// scalar reads a scalar. It returns the zero scalar for null.
func (r *reader) scalar(kind jsontext.Kind) (scalar, error) {
	raw, err := r.in.ReadValue()
	start := int(r.in.InputOffset()) - len(raw)
	switch {
	case err != nil || kind == 'n':
		return scalar{}, err
	case kind == '0':
		return wholeNumber(r.body[start:], len(raw))
	}
	return scalar{r.body[start : start+len(raw)], kind}, nil
}

// wholeNumber returns the number at the beginning of text, if a delimiter follows. It accepts leading zeros; the decoder
// stops behind the first one, and fails next.
func wholeNumber(text []byte, length int) (scalar, error) {
	end := length
	for string(text[:length]) == "0" && end < len(text) && isDigit(rune(text[end])) {
		end++
	}
	if end == len(text) || bytes.IndexByte([]byte(",]} \t\r\n"), text[end]) < 0 {
		return scalar{}, io.ErrUnexpectedEOF
	}
	return scalar{text[:end], '0'}, nil
}

// text returns the text of a scalar, at most limit bytes; a text of escapes only may be cut at a quarter of that.
func (v scalar) text(limit int) string {
	switch {
	case v.kind == 0:
		return ""
	case v.kind == '0':
		return formatNumber(v.raw)
	case v.kind == 't' || v.kind == 'f':
		return string(v.raw)
	case bytes.IndexByte(v.raw, '\\') < 0:
		return bounded(v.raw[1:len(v.raw)-1], limit)
	}
	text, _ := jsontext.AppendUnquote(nil, v.raw[:min(len(v.raw), limit+limit/2)]) // errors are replaced by U+FFFD
	return bounded(text, limit)
}

// isObject reports whether a string holds what begins as a JSON object.
func (v scalar) isObject() bool {
	return v.kind == '"' && bytes.HasPrefix(bytes.TrimLeft(v.raw[1:], " \t"), []byte("{")) && bytes.IndexByte(v.raw, ':') > 0
}

// bounded returns the first bytes of a text as a string.
func bounded[T string | []byte](text T, limit int) string { return string(head(text, limit)) }

// head returns at most limit bytes of a text, without splitting a character.
func head[T string | []byte](text T, limit int) T {
	if len(text) <= limit {
		return text
	}
	for end := limit; end > limit-utf8.UTFMax; end-- {
		if utf8.RuneStart(text[end]) {
			return text[:end]
		}
	}
	return text[:limit]
}

// formatNumber writes a whole number without fraction and exponent: 429.0 becomes 429.
func formatNumber(raw []byte) string {
	const exact = 1 << 53 // a float64 holds all whole numbers below
	text := bounded(raw, maxCode)
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == math.Trunc(f) && math.Abs(f) < exact {
		return strconv.FormatInt(int64(f), 10)
	}
	return text
}

// isBlank reports whether JSON, after separators, is null or empty.
func isBlank(raw []byte) bool {
	raw = bytes.TrimSpace(bytes.TrimLeft(raw, separators))
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return true
	case raw[0] != '"' && raw[0] != '{' && raw[0] != '[':
		return false
	}
	return len(bytes.TrimSpace(raw[1:max(1, len(raw)-1)])) == 0
}

// separators are the bytes between a key and its value.
const separators = ": \t\r\n"

// ofError reports whether a value in a slot is part of the error, and not data beside it. Of objects and arrays, these are
// the details, arrays of violations, messages that are arrays of texts, and the error object. A sign is part of the error
// if it holds, but a count is about items.
func (v scalar) ofError(s *slot, item bool) bool {
	switch {
	case s.list != nil && (s.list.details || s.list.violations && v.kind == '['), s.outer && v.kind == '{':
		return true
	case v.kind == '{', v.kind == '[':
		return v.kind == '[' && s.message && !s.code && bytes.IndexByte(v.raw, '{') < 0
	case s.code, s.message && s.shape.only == "":
		return true
	case s.fact != noFact && (s.fact < itemID || item && !s.data):
		return true
	}
	return s.sign != noSign && s.sign != failedCount && s.sign.holds(value{scalar: v, text: v.text(maxCode)})
}

// A level is the position of an object.
type level struct {
	depth       int  // number of objects around it
	outer       bool // under the key error
	errorObject bool // the same, in the body's own object
	inData      bool // in an array of a success: its codes are data
}

// child returns the level of an object directly within.
func (l level) child(outer bool) level {
	return level{l.depth + 1, outer, l.depth == 0 && outer, l.inData}
}

// quoted returns the level of an object in a text directly within. If it counts as the error object of an object that is own, it
// is own too.
func (l level) quoted(counts bool) level {
	child := l.child(false)
	if counts && l.own() {
		child.outer, child.errorObject = true, true
	}
	return child
}

// own reports whether the object is the body's own or its error object.
func (l level) own() bool { return l.depth == 0 || l.errorObject }

// distance orders levels by depth, the error object first.
func (l level) distance() int {
	if l.errorObject {
		return 2*l.depth - 1
	}
	return 2 * l.depth
}

// An object collects the known values of a JSON object.
type object struct {
	level
	members      int
	values       []value
	otherMembers bool // it has members that are not part of an error
}

// A value is a scalar under a known key.
type value struct {
	spelling
	scalar
	text string // at most maxText bytes
}

// trimmed returns the text of a value without surrounding blanks.
func (v value) trimmed() string { return strings.TrimSpace(v.text) }

// received returns a code as received. If it is too long, it is trimmed and cut.
func (v value) received() string {
	if len(v.raw) <= maxCode {
		return v.text
	}
	return bounded(v.trimmed(), maxCode)
}

// isBool reports whether a value is true or false.
func (v value) isBool() bool { return v.kind == 't' || v.kind == 'f' }

// weight returns 0 for a blank value, 2 for one with the form of a code, else 1.
func (v value) weight() int {
	switch text := strings.TrimSpace(head(v.text, maxCode)); {
	case text == "":
		return 0
	case !isCode(text):
		return 1
	}
	return 2
}

// set stores a value, and reports false if a code is dropped. If a key occurs twice, the last value counts, but two codes both
// count; in an array, the first with the form of a code, else the first. Two spellings of a code key both count. Of two
// spellings of another key, the value of more weight counts, else the first spelling in sorted order.
func (o *object) set(at spelling, scalar scalar, inArray bool) bool {
	if scalar.kind == 0 {
		return true
	}
	v := value{at, scalar, scalar.text(maxText)}
	for i := range o.values {
		kept := &o.values[i]
		codes := !inArray && v.weight()+kept.weight() == 4 && v.trimmed() != kept.trimmed() // two that differ
		if kept.slot != v.slot || v.code && (kept.key != v.key || codes) {
			continue
		}
		more := cmp.Compare(v.weight(), kept.weight())
		switch {
		case inArray && kept.key == v.key && more <= 0:
			return !v.code || !isCode(v.trimmed()) || v.trimmed() == kept.trimmed()
		case kept.key == v.key, more > 0, more == 0 && v.key < kept.key:
			*kept = v
		}
		return true
	}
	if len(o.values) == maxValues {
		return false
	}
	o.values = append(o.values, v)
	return true
}

// best returns the first message by rank that satisfies ok.
func (o *object) best(ok func(value) bool) value {
	best := value{spelling: spelling{slot: noSlot}}
	for _, v := range o.values {
		if v.message && v.text != "" && v.rank <= best.rank && ok(v) {
			best = v
		}
	}
	return best
}

// ownMessage returns the message of an object. The only message of a shape counts only if the body holds nothing else.
func (o *object) ownMessage() sourced {
	m := o.best(func(v value) bool {
		only := v.shape.only
		return !v.isBool() && (only == "" || v.text == only && o.members == 1 && o.depth == 0)
	})
	return sourced{text: m.text, shape: m.shape, level: o.level}
}
