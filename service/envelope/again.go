package envelope

import "slices"

// A span is a member whose value, the objects of some numbers, gave something that counts.
type span struct {
	key      string
	place    *place
	from, to int
}

func (s span) holds(object int) bool { return s.from < object && object <= s.to }

// again tells whether a member is the same one again. Keys that are not known may differ in nothing but their case.
func (s span) again(key string, there *place) bool {
	return there == s.place && (there != nowhere || key == s.key && len(key) < maxKey)
}

// note keeps which member of an object something came from, those that have begun since a number being its own.
func (r *reader) note(f *frame, key string, there *place, before int) {
	s := span{key, there, before, r.objects}
	gave := slices.ContainsFunc(r.lists, func(l list) bool { return s.holds(l.object) })
	if gave || s.holds(r.coded.object) || s.holds(r.worded.object) {
		f.spans = append(f.spans, s)
	}
}

// forget takes back what came from a member that comes again: the last one counts.
func (r *reader) forget(f *frame, key string, there *place) {
	i := slices.IndexFunc(f.spans, func(s span) bool { return s.again(key, there) })
	if i < 0 {
		return
	}
	s := f.spans[i]
	f.spans = slices.Delete(f.spans, i, i+1)
	if s.holds(r.coded.object) {
		r.coded = pair{}
	}
	if s.holds(r.worded.object) {
		r.worded = pair{}
	}
	r.lists = slices.DeleteFunc(r.lists, func(l list) bool { return s.holds(l.object) })
}
