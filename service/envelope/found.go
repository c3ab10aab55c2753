package envelope

import (
	"cmp"
	"strconv"
	"strings"
)

// A level tells how far out an object stands: the less the further. The body is 0; of those as far as each other the one
// under the key "error" counts first.
type level int

func (l level) depth() int { return int(l+1) / 2 }

// inner is the level of an object within one of this level.
func (l level) inner(outer bool) level {
	next := level(2 * (l.depth() + 1))
	if outer {
		next--
	}
	return next
}

// errorLevel is the level of the body's own error object.
const errorLevel level = 1

// certain tells whether an object of the level is the response's own, or its error.
func (l level) certain() bool { return l <= errorLevel }

// vague is how much further in a code seems to stand whose key others use too, and that has not the form of one, or
// neither a message nor a place where errors are.
const vague = level(2 * (maxDepth + 1))

// A frame is an object that is being read.
type frame struct {
	level   level
	number  int // of the object, from 1 in the order of the body
	members int
	said    []statement
	spans   []span
}

// A statement is a scalar at a place.
type statement struct {
	place *place
	value scalar
}

// say keeps what stands at a place. Of a key that comes twice the last one counts, as in every SDK; null does not.
func (f *frame) say(there *place, v scalar) {
	if v.kind == 0 {
		return
	}
	for i := range f.said {
		if f.said[i].place == there {
			f.said[i].value = v
			return
		}
	}
	f.said = append(f.said, statement{there, v})
}

// find is the scalar at the place that a line of the plan has.
func (f *frame) find(line int, of func(*place) int) scalar {
	for _, s := range f.said {
		if of(s.place) == line {
			return s.value
		}
	}
	return scalar{}
}

func codeOf(there *place) int    { return there.code }
func messageOf(there *place) int { return there.message }
func factOf(there *place) int    { return there.fact }

// A pair is what an object says of an error.
type pair struct {
	shape         *shape
	level         level
	object        int // its number
	code, message string
}

// found is what the objects of a body say.
type found struct {
	coded   pair // the pair that counts, if any has a code
	worded  pair // the message that counts where that has none
	facts   [numFacts]told
	lists   []list
	crowded bool // there were more lists
	objects int
}

// told is a fact, and where it was told.
type told struct {
	text string
	level
}

// consider takes an object into account that has been read: what stands further out counts, and of as far the first.
func (r *reader) consider(f *frame) {
	if len(f.said) == 0 {
		return
	}
	r.remember(f)
	if r.coded.before(f.level) && r.worded.before(f.level) {
		return
	}
	this := r.pair(f)
	if this.code != "" && !r.coded.before(this.level) {
		r.coded = this
	}
	if this.message != "" && !r.worded.before(f.level) {
		this.code, this.level = "", f.level // a vague code makes no vague message
		r.worded = this
	}
}

// before tells whether a pair counts before one of a level that comes later in the body.
func (p pair) before(l level) bool { return p.shape != nil && p.level <= l }

// remember takes the facts of an object into account: those that stand further out count, and of as far the last.
func (r *reader) remember(f *frame) {
	for i := len(r.plan.facts); i > 0; i-- { // so that the first line has the last word
		key := r.plan.facts[i-1]
		kept, v := &r.facts[key.fact], f.find(i, factOf)
		if v.kind == 0 || key.own && f.level > 0 || kept.text != "" && f.level > kept.level {
			continue
		}
		if text := v.text(maxText); text != "" {
			*kept = told{text, f.level}
		}
	}
}

// pair is what an object says of an error, by the order of the shapes.
func (r *reader) pair(f *frame) pair {
	this := pair{level: f.level, object: f.number}
	for i := range r.plan.shapes {
		if s, message := &r.plan.shapes[i], f.find(i+1, messageOf).text(maxText); message != "" && s.messageCounts(message, f) {
			this.shape, this.message = s, message
			break
		}
	}
	for i := range r.plan.shapes {
		s, code := &r.plan.shapes[i], f.find(i+1, codeOf)
		if code.kind == 0 || r.coded.before(f.level) || !s.codeCounts(code.trimmed(), r.status, f.level, this.message != "") {
			continue
		}
		this.shape, this.code = s, code.code()
		if s.generic && (!looksLikeCode(this.code) || !f.level.certain() && this.message == "") {
			this.level += vague
		}
		this.message = cmp.Or(f.find(i+1, messageOf).text(maxText), this.message)
		break
	}
	return this
}

// messageCounts tells whether what stands at the place of a message is one.
func (s *shape) messageCounts(message string, f *frame) bool {
	return s.only == "" || message == s.only && f.members == 1 && f.level == 0
}

// codeCounts tells whether what stands at the place of a code is one. What equals the HTTP status only repeats it. What
// has not the form of a code, under a generic key of an object that nobody knows, needs a message beside it.
func (s *shape) codeCounts(code string, status int, at level, worded bool) bool {
	switch {
	case code == "" || code == strconv.Itoa(status):
		return false
	case success(status):
		return s.codeOfSuccess(code, at, worded)
	}
	return at.certain() || worded || !s.generic || looksLikeCode(code)
}

// codeOfSuccess tells whether what may be a code is none of the data of a success: it looks like one, or it stands where
// only errors are.
func (s *shape) codeOfSuccess(code string, at level, worded bool) bool {
	switch {
	case looksLikeCode(code):
		return true
	case s.generic:
		return at == errorLevel && worded && strings.Trim(code, "0") != ""
	}
	return at.certain()
}

// envelope is what counts of all that was found. Where the body goes wrong, what is lost may have outdone a code of
// anything but the outermost object and a key of its own.
func (r *reader) envelope(form Form) Envelope {
	if form == Broken && r.coded.shape != nil && (r.coded.level > 0 || r.coded.shape.generic) {
		r.coded = pair{}
	}
	e := Envelope{
		HTTPStatus: r.status, Form: form, RequestID: r.facts[requestID].text, Authorization: r.facts[authorization].text,
		DomainID: r.facts[domainID].text, plan: r.plan, lists: r.lists,
	}
	if r.crowded {
		e.Form = Broken
	}
	counts := r.coded
	if counts.shape == nil {
		counts = r.worded
	}
	if counts.shape == nil {
		return e
	}
	e.Shape, e.Service, e.Generic = counts.shape.name, counts.shape.service, counts.shape.generic || !counts.level.certain()
	e.Code, e.Message = counts.code, counts.message
	if e.Message == "" && r.worded.level.certain() {
		e.Message = r.worded.message
	}
	return e
}
