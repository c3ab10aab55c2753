package envelope

import (
	"strconv"
	"strings"
)

// A level is where an object stands.
type level struct {
	depth       int  // how many objects stand around it
	outer       bool // it stands under the key error
	errorObject bool // it stands under the key error of the body's own object
	data        bool // it stands in a list of a success: its codes are data
}

// inner returns the level of an object within one of this level.
func (l level) inner(outer bool) level {
	return level{l.depth + 1, outer, l.depth == 0 && outer, l.data}
}

// own reports whether an object of the level is the body's own, or its error object.
func (l level) own() bool { return l.depth == 0 || l.errorObject }

// before reports whether an object of the level counts before one of another level.
func (l level) before(m level) bool {
	return l.depth < m.depth || l.depth == m.depth && l.errorObject && !m.errorObject
}

// A frame is an object that is being read.
type frame struct {
	level
	members    int
	statements []statement
	data       bool // it holds more than an error
	crowded    bool // it has more statements than are kept
}

// A statement is a scalar at a place.
type statement struct {
	place *place
	key   string
	value scalar
}

// say keeps what stands at a place. Of one key that comes twice the last value counts. Of two spellings of a key for
// codes both do; of another key the value that is not blank, else that of the first key in sorted order.
func (f *frame) say(p *place, key string, v scalar) {
	if v.kind == 0 {
		return
	}
	for i := range f.statements {
		s := &f.statements[i]
		switch {
		case s.place != p || p.code && s.key != key:
			continue
		case s.key == key || v.betterThan(s.value) || !s.value.betterThan(v) && key < s.key:
			s.key, s.value = key, v.read()
		}
		return
	}
	if len(f.statements) == maxStatements {
		f.crowded = true
		return
	}
	f.statements = append(f.statements, statement{p, key, v.read()})
}

// maxStatements is how many statements of an object are kept; only many spellings of a key for codes reach it.
const maxStatements = 1 << 8

// sayNext keeps a further value of a list at a place: the first that has the form of a code, else the first. It reports
// whether another code is lost by that.
func (f *frame) sayNext(p *place, key string, v scalar) (lost bool) {
	for _, s := range f.statements {
		if s.place == p && s.key == key && !v.betterThan(s.value) {
			return p.code && v.weight() == codeWeight && v.trimmed() != s.value.trimmed()
		}
	}
	f.say(p, key, v)
	return false
}

// betterThan reports whether a value says more than another one: it has the form of a code, or is not blank.
func (v scalar) betterThan(w scalar) bool { return v.weight() > w.weight() }

// codeWeight is the weight of a value that has the form of a code.
const codeWeight = 2

func (v scalar) weight() int {
	switch text := strings.TrimSpace(v.text(maxCode)); {
	case text == "":
		return 0
	case !looksLikeCode(text):
		return 1
	}
	return codeWeight
}

// find returns the value of the first statement at a place.
func (f *frame) find(holds func(*place) bool) scalar {
	for _, s := range f.statements {
		if holds(s.place) {
			return s.value
		}
	}
	return scalar{}
}

// wordsOf returns the message of an object: that of the first key for messages.
func (r *reader) wordsOf(f *frame) worded {
	best := worded{level: f.level}
	rank := 0
	for _, s := range f.statements {
		if !s.place.message || best.shape != nil && s.place.rank > rank || s.value.kind == 't' || s.value.kind == 'f' {
			continue
		}
		if text := s.value.text(maxText); text != "" && s.place.shape.messageCounts(text, f) {
			best.text, best.shape, rank = text, s.place.shape, s.place.rank
		}
	}
	return best
}

// messageCounts reports whether what stands at the place of a message is one.
func (s *shape) messageCounts(text string, f *frame) bool {
	return s.only == "" || text == s.only && f.members == 1 && f.depth == 0
}

// messageOf returns the message of an object in a shape.
func (f *frame) messageOf(shape *shape) string {
	best, rank := "", 0
	for _, s := range f.statements {
		if s.place.message && s.place.shape == shape && !s.place.outer && (best == "" || s.place.rank < rank) {
			best, rank = s.value.text(maxText), s.place.rank
		}
	}
	return best
}

// A step of a path is a key, or an array index.
type step struct {
	key   string
	index int
}

// maxPath is how many steps of a path are kept.
const maxPath = 32

// enter notes the next step of the path, and reports whether it was kept.
func (r *reader) enter(s step) bool {
	if len(r.path) == maxPath {
		return false
	}
	r.path = append(r.path, s)
	return true
}

// leave takes the last step of the path back, if it was kept.
func (r *reader) leave(kept bool) {
	if kept {
		r.path = r.path[:len(r.path)-1]
	}
}

const pathSeparator = "\x00"

// at returns the path of what is being read. Paths in sorted order are in the order of keys and of array indexes.
func (r *reader) at() string {
	var room [128]byte
	b := room[:0]
	for _, s := range r.path {
		if s.key == "" {
			b = appendIndex(b, s.index)
		}
		b = append(append(b, s.key...), pathSeparator...)
	}
	return string(b)
}

// appendIndex appends an index with as many digits as any has.
func appendIndex(b []byte, index int) []byte {
	const most = 10_000_000
	return strconv.AppendInt(b, int64(most+index), 10)
}
