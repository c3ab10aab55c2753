package envelope

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/width"
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

// vague is how much further in a code seems to stand that has neither the form of one nor a key of its own.
const vague = level(2 * (maxDepth + 1))

// A frame is an object that is being read.
type frame struct {
	level   level
	number  int // of the object, from 1 in the order of the body
	members int
	said    []statement
}

// A statement is a scalar at a place.
type statement struct {
	place place
	value scalar
}

// say keeps what stands at a place. Of a key that comes twice the last one counts, as in every SDK; null does not.
func (f *frame) say(there place, v scalar) {
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
func (f *frame) find(line int, of func(place) int) scalar {
	for _, s := range f.said {
		if of(s.place) == line {
			return s.value
		}
	}
	return scalar{}
}

func codeOf(there place) int    { return there.code }
func messageOf(there place) int { return there.message }
func factOf(there place) int    { return there.fact }

// A pair is what an object says of an error.
type pair struct {
	shape         *shape
	level         level
	code, message string
}

// found is what the objects of a body say.
type found struct {
	coded   pair // the pair that counts, if any has a code
	worded  pair // the message that counts where that has none
	facts   [numFacts]told
	lists   []list
	objects int
}

// told is a fact, and where it was told.
type told struct {
	text string
	level
}

// consider takes an object into account that has been read: what stands further out counts, and of as far the first.
func (r *found) consider(p *plan, status int, f *frame) {
	r.remember(p, f)
	if len(f.said) == 0 || r.coded.before(f.level) && r.worded.before(f.level) {
		return
	}
	this := p.pair(status, f)
	if this.code != "" && !r.coded.before(this.level) {
		r.coded = this
	}
	if this.message != "" && !r.worded.before(f.level) {
		this.level = f.level // which makes no message vague
		r.worded = this
	}
}

// before tells whether a pair counts before one of a level that comes later in the body.
func (p pair) before(l level) bool { return p.shape != nil && p.level <= l }

// remember takes the facts of an object into account: those that stand further out count, and of as far the last.
func (r *found) remember(p *plan, f *frame) {
	for i := len(p.facts); i > 0 && len(f.said) > 0; i-- { // so that the first line has the last word
		kept := &r.facts[p.facts[i-1].fact]
		if v := f.find(i, factOf); v.kind != 0 && (kept.text == "" || f.level <= kept.level) {
			*kept = told{v.text(maxText), f.level}
		}
	}
}

// pair is what an object says of an error, by the order of the shapes.
func (p *plan) pair(status int, f *frame) pair {
	this := pair{level: f.level}
	for i := range p.shapes {
		if s, message := &p.shapes[i], f.find(i+1, messageOf).text(maxText); message != "" && s.messageCounts(message, f) {
			this.shape, this.message = s, message
			break
		}
	}
	for i := range p.shapes {
		s, code := &p.shapes[i], f.find(i+1, codeOf)
		if text := strings.TrimSpace(code.text(maxCode)); s.codeCounts(text, code.kind, status, f.level, this.message != "") {
			this.shape, this.code = s, code.text(maxCode)
			if s.generic && codeDigits(text) == "" {
				this.level += vague
			}
			this.message = cmp.Or(f.find(i+1, messageOf).text(maxText), this.message)
			break
		}
	}
	return this
}

// messageCounts tells whether what stands at the place of a message is one.
func (s *shape) messageCounts(message string, f *frame) bool {
	return s.only == "" || message == s.only && f.members == 1 && f.level == 0
}

// codeCounts tells whether what stands at the place of a code is one. A number equal to the HTTP status only repeats it.
// What has not the form of a code, within an object that nobody knows, needs a message beside it.
func (s *shape) codeCounts(code string, kind jsontext.Kind, status int, at level, worded bool) bool {
	switch {
	case code == "" || kind == '0' && code == strconv.Itoa(status):
		return false
	case success(status):
		return s.codeOfSuccess(code, at, worded)
	}
	return at.certain() || worded || codeDigits(code) != ""
}

// codeOfSuccess tells whether what may be a code is none of the data of a success. The more others use its key and the
// less is known of the object that it is in, the more it has to look like a code.
func (s *shape) codeOfSuccess(code string, at level, worded bool) bool {
	looks := len(codeDigits(code)) >= fewestDigits
	switch {
	case !s.generic:
		return looks || at.certain()
	case at == errorLevel && worded:
		return looks || strings.Trim(code, "0") != ""
	}
	return looks && (at.certain() || worded)
}

// fewestDigits is how many digits the codes of Huawei Cloud have at least.
const fewestDigits = 4

// codeDigits are the digits of a text that has the form of Huawei Cloud's error codes, in its proper spelling or not: a
// word that begins with a letter, a dot, digits. Of any other text they are empty.
func codeDigits(text string) string {
	const dots, numbers, letters = ".．｡。", "0123456789", "abcdefghijklmnopqrstuvwxyz"
	if !strings.ContainsAny(text, dots) {
		return ""
	}
	text = strings.ReplaceAll(width.Narrow.String(text), "｡", ".")
	text = strings.ToLower(strings.TrimRight(strings.Join(strings.Fields(text), ""), "."))
	word, digits, _ := strings.Cut(text, ".")
	if strings.TrimLeft(word, letters) == word || strings.Trim(word, letters+numbers+"_") != "" || strings.Trim(digits, numbers) != "" {
		return ""
	}
	return digits
}

// envelope is what counts of all that was found.
func (r *reader) envelope() Envelope {
	e := Envelope{
		HTTPStatus: r.status, RequestID: r.facts[requestID].text, Authorization: r.facts[authorization].text,
		DomainID: r.facts[domainID].text, lists: r.lists,
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
