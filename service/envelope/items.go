package envelope

import (
	"cmp"
	"iter"
	"strings"
)

// An itemList is a list of parts of a request. A part is read as a whole response is.
type itemList struct {
	key  string
	kind string // of the things that the parts are, if it is always the same
	bare bool   // its texts are ids of parts that failed with the response's own code
}

// itemLists are all of them.
var itemLists = []itemList{
	{key: "fail_resource_infos", kind: "Resource"},
	{key: "error_details"},
	{key: "to_ondemand_service_results", kind: "Resource"},
	{key: "failDetail"},
	{key: "internalError"},
	{key: "details"},
	{key: "expiredResourceIds", kind: "Resource", bare: true},
}

// Item is a part of a request that failed by itself: what it says, its id, and the kind of the thing that the id
// names, such as Resource, where that is known.
type Item struct {
	Envelope
	ID   string
	Kind string
}

// Items are the parts that failed, in the order of the body. They are read from it as they are asked for, so that a
// list of any length takes no memory here.
func (e Envelope) Items() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		if len(e.lists) == 0 {
			return
		}
		r := newReader(e.plan, e.HTTPStatus)
		for _, l := range e.lists {
			if l.place.items != nil && !e.itemsOf(r, l, yield) {
				return
			}
		}
	}
}

// itemsOf yields the items of one list, and tells whether more are wanted.
func (e Envelope) itemsOf(r *reader, l list, yield func(Item) bool) bool {
	for part := range r.parts(l) {
		item := Item{Envelope: e.plan.unwrap(part.Envelope, 1), ID: part.text, Kind: l.place.items.kind}
		if part.object {
			item.ID = part.facts[partID].text
		} else if l.place.items.bare && part.text != "" {
			item.Code, item.Message, item.Generic = e.Code, e.Message, e.Generic
		}
		if item.failed(e.HTTPStatus, part.facts[result].text) && !yield(item.of(e)) {
			return false
		}
	}
	return true
}

// of gives a part what a response has for all of its parts. A part is no response by itself, so it has no form that
// could make a success of it.
func (i Item) of(e Envelope) Item {
	i.HTTPStatus, i.Form, i.Service, i.RetryAfter = e.HTTPStatus, Text, cmp.Or(i.Service, e.Service), e.RetryAfter
	i.Window, i.Complaints = window(i.Message), i.complaints()
	i.lists = nil // a part has no parts
	return i
}

// failed tells whether a part failed: by its code, by what is told of its result, by a message. Part of a success, a
// message may say anything, unless its key is that of an error.
func (i Item) failed(status int, result string) bool {
	switch {
	case i.Code != "":
		return true
	case strings.EqualFold(result, "SUCCESS"):
		return false
	case strings.EqualFold(result, "FAIL"), strings.EqualFold(result, "FAILED"):
		return true
	case success(status) && i.Generic:
		return false
	}
	return i.Message != ""
}
