package envelope

import (
	"cmp"
	"slices"
	"strconv"
)

// A worded is a message, and where it stands.
type worded struct {
	text  string
	shape *shape
	level
	path string
}

// found is what a body says.
type found struct {
	findings []Finding
	message  worded // that counts where no code has one
	facts    [numFacts]worded
	lists    []list
	crowded  bool
	failure  failure
	data     bool
	zero     bool // the outermost object says a code of success, such as 0
}

// consider takes an object into account that has been read.
func (r *reader) consider(f *frame) {
	switch {
	case f.level.data:
		return
	case f.depth > maxDepth:
		deep := slices.ContainsFunc(f.statements, statement.showsFailure)
		r.failure.shown, r.crowded = r.failure.shown || deep, r.crowded || deep
		f.statements = f.statements[:0]
		return
	case len(f.statements) == 0:
		r.data = r.data || f.data
		return
	}
	r.crowded = r.crowded || f.crowded
	message := r.wordsOf(f)
	r.data = r.data || f.data && (message.shape == nil || message.shape.only == "")
	r.considerFacts(f)
	r.considerSigns(f, message.text)
	for _, s := range f.statements {
		if s.place.code {
			r.considerCode(f, s, message)
		}
		if s.place.message {
			r.considerOtherMessage(f, s, message.text)
		}
	}
	r.hear(message)
}

// hear keeps a message, if it counts before the one that is kept.
func (r *reader) hear(w worded) { r.message = r.better(w, r.message) }

// better returns the text that counts: it stands further out, or first in the order of the keys. Only then its path is
// needed.
func (r *reader) better(w, kept worded) worded {
	switch {
	case w.text == "", kept.text != "" && kept.before(w.level):
		return kept
	case w.path == "":
		w.path = r.at()
	}
	if kept.text == "" || w.before(kept.level) || w.path <= kept.path {
		return w
	}
	return kept
}

// showsFailure reports whether a statement is a code, or a sign of failure.
func (s statement) showsFailure() bool {
	return s.place.code && looksLikeCode(s.value.trimmed()) || s.place.sign.holds(s.value)
}

// considerFacts keeps the facts of an object: those that stand further out count.
func (r *reader) considerFacts(f *frame) {
	for i := len(factKeys); i > 0; i-- { // so that the first line has the last word
		key := factKeys[i-1]
		v := f.find(func(p *place) bool { return p.fact == i })
		if v.kind == 0 || key.own && f.depth > 0 {
			continue
		}
		kept := &r.facts[key.fact]
		*kept = r.better(worded{text: v.text(maxText), level: f.level}, *kept)
	}
}

// considerCode keeps what stands at the place of a code, if it is one.
func (r *reader) considerCode(f *frame, s statement, message worded) {
	code := s.value.trimmed()
	p := s.place
	r.zero = r.zero || f.depth == 0 && s.value.kind != 0 && code != "" && isSuccessCode(code)
	if s.value.kind == 't' || s.value.kind == 'f' || !r.codeCounts(p, code, f.level, message.text != "") {
		return
	}
	words := message.text
	if own := f.messageOf(p.shape); own != "" {
		words = own
	}
	if p.message && words == code { // the text under error is the code itself
		words = ""
	}
	r.add(Finding{
		Code: s.value.code(), Message: words, Shape: p.shape.name, Service: p.shape.service, Depth: f.depth, Own: f.own() && !p.outer, Formed: looksLikeCode(code),
		Numbered: p.numbered, Doubtful: p.generic && !p.outer && words == "", generic: p.generic, level: f.level, order: p.order, key: s.key,
	})
}

// considerOtherMessage keeps the code that a message begins with, if it is not the message of the body's own object: it
// speaks of something further in.
func (r *reader) considerOtherMessage(f *frame, s statement, message string) {
	code, _ := leadingCode(s.value.text(2 * maxKey))
	data := s.place.generic && success(r.status) && !hasPrefix(code)
	if code == "" || data || s.place.code && looksLikeCode(s.value.trimmed()) {
		return
	}
	text := s.value.text(maxText)
	if f.own() && text == message {
		return
	}
	r.add(Finding{
		Code: code, Message: text, Shape: textShape, Service: s.place.shape.service, Depth: f.depth + 1, Formed: true,
		level: f.inner(false), order: s.place.rank, key: s.key,
	})
}

// codeCounts reports whether what stands at the place of a code is one. What repeats the HTTP status is none.
func (r *reader) codeCounts(p *place, code string, l level, worded bool) bool {
	formed := looksLikeCode(code)
	switch {
	case code == "" || r.isStatus(code), p.outer && !formed:
		return false
	case formed:
		return !success(r.status) || worded || p.outer || !p.generic || hasPrefix(code)
	case success(r.status):
		return !isSuccessCode(code) && (p.generic && l.errorObject && worded || !p.generic && l.own())
	}
	return l.own() || worded || !p.generic
}

// isStatus reports whether a text is the HTTP status of the response.
func (r *reader) isStatus(text string) bool {
	if !isStatus(text, "12345") {
		return false
	}
	n, err := strconv.Atoi(text)
	return err == nil && n == r.status
}

// maxFindings is how many codes of a body are kept.
const maxFindings = 64

// add keeps a code, in the place that it counts in.
func (r *reader) add(f Finding) {
	if n := len(r.findings); n == maxFindings {
		r.crowded = true
		if f.compareSurety(r.findings[n-1]) > 0 {
			return
		}
	}
	if f.path == "" {
		f.path = r.at()
	}
	at, _ := slices.BinarySearchFunc(r.findings, f, Finding.compare)
	if at == maxFindings {
		return
	}
	r.findings = slices.Insert(r.findings[:min(len(r.findings), maxFindings-1)], at, f)
}

// compare orders findings: by how sure they are, then by the order of the keys around them, of the shapes, and of their
// own keys.
func (f Finding) compare(g Finding) int {
	return cmp.Or(f.compareSurety(g), cmp.Compare(f.path, g.path), cmp.Compare(f.order, g.order), cmp.Compare(f.key, g.key))
}

// compareSurety orders findings by their rank, then by their depth, the error object before others.
func (f Finding) compareSurety(g Finding) int {
	return cmp.Or(cmp.Compare(f.Rank(), g.Rank()), cmp.Compare(f.Depth, g.Depth), cmp.Compare(g.error(), f.error()))
}

func (f Finding) error() int {
	if f.level.errorObject {
		return 1
	}
	return 0
}

// Rank tells how sure it is that the text is a code: 0 if it has the form of one, 1 if it has not, 2 if data of other
// systems may have the same form.
func (f Finding) Rank() int {
	switch {
	case f.Doubtful && !f.Own && !hasPrefix(f.Code):
		return 2
	case !f.Formed:
		return 1
	}
	return 0
}

// envelope returns what counts of all that was found.
func (r *reader) envelope(form Form) Envelope {
	r.considerLists()
	r.considerMessage(form)
	if r.cut { // what is lost may outdo a code of anything but the outermost object and a key that only errors have
		r.findings = slices.DeleteFunc(r.findings, func(f Finding) bool { return f.Depth > 0 || f.generic || f.Rank() > 0 && !f.Numbered })
	}
	e := Envelope{
		HTTPStatus: r.status, Form: form, Findings: r.findings, Crowded: r.crowded, Failed: r.failure.shown, Stubborn: r.failure.stubborn, Data: r.data,
		RequestID: r.facts[requestID].text, Authorization: r.facts[authorization].text, DomainID: r.facts[domainID].text, lists: r.lists,
	}
	if m := r.message; m.text != "" {
		e.Shape, e.Service, e.Message = m.shape.name, m.shape.service, m.text
	}
	if e.Own = r.message.own(); e.Own {
		e.words = e.Message
	}
	if len(r.findings) > 0 {
		e = e.Of(r.findings[0])
	}
	return e
}
