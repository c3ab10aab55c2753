package envelope

import (
	"bytes"
	"cmp"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A list is a list of items or violations. It keeps the JSON, and entries reads it.
type list struct {
	kind  *listKind
	span  []byte // its JSON, up to where it breaks off
	level level  // of the object around it
	path  string
}

// hasItems reports whether l is a list of items.
func (l list) hasItems() bool { return !l.kind.violations }

// listed reports whether a value in the slot of a list is read as a list.
func (r *reader) listed(o *object, s *slot, kind jsontext.Kind) bool {
	l := s.list
	switch {
	case kind == '[':
		return !l.violations || !o.inData
	case l.violations || l.coded || l.mixed || l.ids || s.outer:
		return false
	}
	return kind == '{' || kind == '"' && s != failureSlot
}

// list skips a list and keeps its JSON.
func (r *reader) list(l level, kind *listKind) error {
	start := r.in.InputOffset()
	err := r.in.SkipValue()
	end := r.in.InputOffset()
	if err != nil {
		end = int64(len(r.body))
	}
	span := bytes.TrimLeft(r.body[start:end], separators)
	if isBlank(span) {
		return err
	}
	if span[0] == '"' { // JSON, or one ID
		span, _ = jsontext.AppendUnquote(nil, span)
		span = trim(span)
	}
	r.addList(list{kind: kind, span: span, level: l})
	return err
}

// addList adds a list. If a key occurs twice in an object, the last list counts.
func (r *reader) addList(l list) {
	l.path = string(r.path)
	if len(r.path) < maxPath {
		r.lists = slices.DeleteFunc(r.lists, func(m list) bool { return m.path == l.path })
	}
	if len(r.lists) == maxLists {
		r.Incomplete = true
		return
	}
	r.lists = append(r.lists, l)
}

// considerLists sorts the lists by path, and reads the lists whose entries may be about the whole request.
func (r *reader) considerLists() {
	slices.SortStableFunc(r.lists, func(a, b list) int { return cmp.Compare(a.path, b.path) })
	r.lists = slices.DeleteFunc(r.lists, func(l list) bool { return l.kind == &wholeList && !l.allErrors(r.status) })
	for _, l := range r.lists {
		r.Data = r.Data || l.level.own() && !l.hasItems() && bytes.Contains(bytes.ToLower(l.span), []byte("order"))
		if !l.kind.whole || l.level.inData {
			continue
		}
		if r.nested == maxNestedLists {
			r.Failed, r.Incomplete = true, true
			break
		}
		index := 0
		for en := range l.entries(r.status, r.nested+1) {
			if en.name() == "" && !en.blank() {
				r.addEntry(en, string(appendIndex([]byte(l.path), index)))
			}
			index++
		}
	}
}

// allErrors reports whether the list is not empty and holds nothing but error objects.
func (l list) allErrors(status int) bool {
	if !bytes.HasPrefix(bytes.TrimLeft(l.span[1:], separators), []byte("{")) {
		return false
	}
	for en := range l.entries(status, 0) {
		if !en.object || len(en.Findings) == 0 && !en.Failed {
			return false
		}
	}
	return true
}

// addEntry adds what the entry at a path says to what the body says.
func (r *reader) addEntry(en entry, path string) {
	inner := en.list.level.child(false)
	for _, f := range en.Findings {
		f.Depth, f.Own, f.errorObject, f.InErrors = f.Depth+inner.depth, false, false, true
		f.path = path + f.path
		r.addFinding(f)
	}
	r.fail(en.list.level, false)
	r.Incomplete = r.Incomplete || en.Incomplete
	r.message = r.better(sourced{cmp.Or(en.Message, en.text), shapeNamed(en.Shape), inner, path}, r.message)
}

// An entry is an element of a list: an object, a text or a number.
type entry struct {
	Envelope
	list    list
	object  bool
	text    string
	key     string // in a map
	id      string
	result  string
	subject string
}

// entries returns the entries of a list, up to where it breaks off. The parameter nested counts the lists around.
func (l list) entries(status, nested int) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		r := newReader(status)
		defer r.free()
		r.item, r.nested = true, nested
		r.decode(l.span)
		switch r.in.PeekKind() {
		case '[':
			_, err := r.in.ReadToken()
			for err == nil && r.in.PeekKind() != ']' {
				var en entry
				if en, err = r.entry(l, ""); !yield(en) {
					return
				}
			}
		case '{':
			if l.kind.whole || !r.mapEntries(l, yield) {
				r.decode(l.span)
				en, _ := r.entry(l, "")
				yield(en)
			}
		default:
			if len(l.span) > 0 {
				yield(entry{list: l, text: bounded(l.span, maxText)})
			}
		}
	}
}

// mapEntries yields the entries of a map from ID to entry, in the order of the IDs. It reports false if the object is an
// item and no map: an item has a known key.
func (r *reader) mapEntries(l list, yield func(entry) bool) bool {
	type member struct {
		key  string
		span []byte
	}
	var members []member
	_, err := r.in.ReadToken()
	for err == nil && r.in.PeekKind() != '}' {
		var at spelling
		if at, err = r.key(); err != nil {
			break
		}
		if at.holdsScalar() || at.list != nil {
			return false
		}
		start := r.in.InputOffset()
		err = r.in.SkipValue()
		members = append(members, member{at.key, bytes.TrimLeft(l.span[start:], separators)})
	}
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(a.key, b.key) })
	for _, m := range members {
		r.decode(m.span)
		if en, _ := r.entry(l, m.key); !yield(en) {
			break
		}
	}
	return len(members) > 0
}

// entry reads an entry of a list as if it were a body.
func (r *reader) entry(l list, key string) (en entry, err error) {
	r.found, r.texts = found{}, maxTexts
	en.HTTPStatus = r.status
	var v scalar
	kind, start := r.in.PeekKind(), r.in.InputOffset()
	switch kind {
	case '{':
		form := JSON
		if err = r.object(level{}); err != nil {
			form = Malformed
		}
		en = r.objectEntry(form)
		en.Body = r.body[start:r.in.InputOffset()]
	case '[': // codes in it are not read
		err = r.in.SkipValue()
		en.Data = !isBlank(bytes.TrimLeft(r.body[start:r.in.InputOffset()], ","+separators))
		en.Incomplete = en.Data
	default:
		if v, err = r.scalar(kind); v.isObject() {
			r.jsonInString(v, level{})
			en = r.objectEntry(JSON)
		} else {
			en = r.textEntry(v.text(maxText))
		}
	}
	en.list, en.key = l, key
	return en, err
}

func (r *reader) objectEntry(form Form) entry {
	en := entry{Envelope: r.envelope(form), object: true}
	en.id, en.result, en.subject = r.facts[itemID].text, r.facts[result].text, r.facts[subject].text
	en.Violations = en.violations()
	return en
}

func (r *reader) textEntry(text string) entry {
	en := entry{Envelope: Envelope{HTTPStatus: r.status}, text: text}
	if code, _ := leadingCode(text); code != "" {
		r.addFinding(Finding{Code: code, Message: text, Shape: textShape, WellFormed: true})
		en.Envelope = r.envelope(Text)
	}
	return en
}
