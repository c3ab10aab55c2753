package envelope

import (
	"cmp"
	"slices"
	"strconv"
)

// A Finding is a code of a body, with its message and its place.
type Finding struct {
	Code       string // as received, at most 1 KiB; empty if there is none
	Message    string // as received; the whole body if no key for messages is known
	Shape      string // the name of the shape of the code, else of the message
	Service    string // the only service that answers in this shape, if any
	Depth      int    // number of objects around it: 0 in the body's own object
	Own        bool   // under a code key of the body's own object or its error object
	WellFormed bool   // has the form ABC.0123
	Numbered   bool   // under the key where a bare number is a code
	Doubtful   bool   // may be data: the key is generic and no message is beside it
	InErrors   bool   // in a list whose entries are errors of the whole request
	InText     bool   // in a text that is not JSON, or in a text within JSON

	errorObject bool // in the body's error object
	generic     bool
	path        string // of the object that contains it
	rank        int    // of its slot
	key         string
}

// Rank returns how doubtful the code is: 0 if it has the form of a code, 1 if it has not, 2 if it may be data of another
// system.
func (f Finding) Rank() int {
	switch {
	case f.Doubtful && !f.Own && !isCBC(f.Code):
		return 2
	case !f.WellFormed:
		return 1
	}
	return 0
}

// compare orders findings by compareRank, then by their path, their shape, their key and their code.
func (f Finding) compare(g Finding) int {
	return cmp.Or(f.compareRank(g), cmp.Compare(f.path, g.path), cmp.Compare(f.rank, g.rank), cmp.Compare(f.key, g.key), cmp.Compare(f.Code, g.Code))
}

// compareRank orders findings by Rank, then by level.
func (f Finding) compareRank(g Finding) int {
	return cmp.Or(cmp.Compare(f.Rank(), g.Rank()), cmp.Compare(f.level().distance(), g.level().distance()))
}

func (f Finding) level() level { return level{depth: f.Depth, errorObject: f.errorObject} }

// A sourced is a text and its place.
type sourced struct {
	text  string
	shape *shape
	level
	path string
}

// A found collects what a body says.
type found struct {
	Envelope
	message sourced // for codes without one
	facts   [numFacts]sourced
}

// consider evaluates an object that has been read.
func (r *reader) consider(o *object) {
	switch {
	case o.inData:
		return
	case o.depth > maxDepth:
		deep := slices.ContainsFunc(o.values, func(v value) bool { return v.code && isCode(v.trimmed()) || v.sign.holds(v) })
		r.Failed, r.Incomplete = r.Failed || deep, r.Incomplete || deep
		return
	case len(o.values) == 0:
		r.Data = r.Data || o.otherMembers
		return
	}
	message := o.ownMessage()
	r.Data = r.Data || o.otherMembers && (message.shape == nil || message.shape.only == "")
	r.considerFacts(o)
	r.considerSigns(o, message.text)
	for _, v := range o.values {
		if v.code {
			r.considerCode(o, v, message.text)
		}
		if v.message {
			r.considerOtherMessage(o, v, message.text)
		}
	}
	r.message = r.better(message, r.message)
}

// better returns the text of the outer level, or of the first path. It computes the path of s only if needed.
func (r *reader) better(s, kept sourced) sourced {
	switch {
	case s.text == "", kept.text != "" && kept.distance() < s.distance():
		return kept
	case s.path == "":
		s.path = string(r.path)
	}
	if kept.text == "" || s.distance() < kept.distance() || s.path <= kept.path {
		return s
	}
	return kept
}

// considerFacts keeps the facts of an object, unless an outer object has them.
func (r *reader) considerFacts(o *object) {
	var first [numFacts]*value
	for i := range o.values {
		v := &o.values[i]
		known := v.fact != noFact && v.text != "" && (v.fact < httpStatus || o.depth == 0 || v.fact == httpStatus && o.own())
		if known && (first[v.fact] == nil || v.rank < first[v.fact].rank) {
			first[v.fact] = v
		}
	}
	for i, v := range first {
		if v != nil {
			r.facts[i] = r.better(sourced{text: v.text, level: o.level}, r.facts[i])
		}
	}
}

// considerSigns evaluates the signs of failure of an object.
func (r *reader) considerSigns(o *object, message string) {
	failed := false // a generic code key may hold an HTTP error status
	for _, v := range o.values {
		deepFalse := v.sign == failedResult && v.kind == 'f' && o.depth > 0
		if v.sign != noSign && !deepFalse && v.sign.holds(v) {
			r.fail(o.level, v.sign == errorText && v.message && !v.outer)
		}
		if v.code && v.generic() && !v.outer {
			failed = failed || isStatus(v.trimmed(), "45")
		}
	}
	if message != "" && (failed || o.outer && !isSuccessWord(message)) {
		r.fail(o.level, false)
	}
}

// fail records a sign of failure. A success code of the body outweighs a text and signs of inner objects.
func (r *reader) fail(l level, text bool) {
	r.Failed = true
	r.ExplicitFailure = r.ExplicitFailure || l.own() && !text
}

// considerCode adds the value of a code key, if it is a code.
func (r *reader) considerCode(o *object, v value, message string) {
	code := v.trimmed()
	r.SuccessCode = r.SuccessCode || o.depth == 0 && code != "" && isSuccessCode(code)
	if v.isBool() || !r.codeCounts(v.slot, code, o.level, message != "") {
		return
	}
	own := o.best(func(m value) bool { return m.shape == v.shape && !m.outer })
	if message = cmp.Or(own.text, message); v.message && message == code { // the text of the key error is the code itself
		message = ""
	}
	r.addFinding(Finding{
		Code: v.received(), Message: message, Shape: v.shape.name, Service: v.shape.service, Depth: o.depth, Own: o.own() && !v.outer, WellFormed: isCode(code),
		Numbered: v.numbered, Doubtful: v.generic() && !v.outer && message == "", errorObject: o.errorObject, generic: v.generic(), rank: v.rank, key: v.key,
	})
}

// considerOtherMessage adds the code at the beginning of a message, one level further in. The message of the body's own
// object is left to considerMessage.
func (r *reader) considerOtherMessage(o *object, v value, message string) {
	code, _ := leadingCode(head(v.text, 2*maxKey))
	data := v.generic() && maySucceed(r.status) && !isCBC(code)
	if code == "" || data || v.code && isCode(v.trimmed()) || o.own() && v.text == message {
		return
	}
	r.addFinding(Finding{Code: code, Message: v.text, Shape: textShape, Service: v.shape.service, Depth: o.depth + 1, WellFormed: true, rank: v.rank, key: v.key})
}

// codeCounts reports whether the value of a code key is a code. A copy of the HTTP status is not.
func (r *reader) codeCounts(s *slot, code string, l level, hasMessage bool) bool {
	formed := isCode(code)
	switch {
	case code == "", isStatus(code, "12345") && code == strconv.Itoa(r.status), s.outer && !formed:
		return false
	case formed:
		return !maySucceed(r.status) || hasMessage || s.outer || !s.generic() || isCBC(code)
	case maySucceed(r.status):
		return !isSuccessCode(code) && (s.generic() && l.errorObject && hasMessage || !s.generic() && l.own())
	}
	return l.own() || hasMessage || !s.generic()
}

// addFinding inserts a code in order.
func (r *reader) addFinding(f Finding) {
	if n := len(r.Findings); n == maxFindings {
		r.Incomplete = true
		if f.compareRank(r.Findings[n-1]) > 0 {
			return
		}
	}
	if f.path == "" {
		f.path = string(r.path)
	}
	f.InText = f.InText || r.texts < maxTexts
	at, _ := slices.BinarySearchFunc(r.Findings, f, Finding.compare)
	if at == maxFindings {
		return
	}
	r.Findings = slices.Insert(r.Findings[:min(len(r.Findings), maxFindings-1)], at, f)
}

// envelope evaluates lists and messages, and returns what was found.
func (r *reader) envelope(form Form) Envelope {
	r.considerLists()
	r.considerMessage(form)
	if r.truncated { // the lost rest may hold a better code, unless this one is at the top under a key that only errors have
		r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return f.Depth > 0 || f.generic || f.Rank() > 0 && !f.Numbered })
	}
	e := r.Envelope
	e.HTTPStatus, e.Form = r.status, form
	e.RequestID, e.Authorization, e.DomainID = r.facts[requestID].text, r.facts[authorization].text, r.facts[domainID].text
	if m := r.message; m.text != "" {
		e.Shape, e.Service, e.Message = m.shape.name, m.shape.service, m.text
	}
	if e.Own = r.message.own(); e.Own {
		e.ownMessage = e.Message
	}
	if len(r.Findings) > 0 {
		e = e.With(r.Findings[0])
	}
	return e
}
