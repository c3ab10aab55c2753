package envelope

import (
	"cmp"
	"iter"
)

// An itemList is a list of parts of a request. A part is read as a whole response is, and did not fail where that
// finds neither code nor message.
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
		for _, l := range e.lists {
			if l.place.items != nil && !e.itemsOf(l, yield) {
				return
			}
		}
	}
}

// itemsOf yields the items of one list, and tells whether more are wanted.
func (e Envelope) itemsOf(l list, yield func(Item) bool) bool {
	for part := range l.parts(e.HTTPStatus) {
		item := Item{Envelope: part.Envelope, ID: part.text, Kind: l.place.items.kind}
		if part.object {
			item.ID = part.facts[partID].text
		} else if l.place.items.bare && part.text != "" {
			item.Code, item.Message, item.Generic = e.Code, e.Message, e.Generic
		}
		if item.failed(e.HTTPStatus) && !yield(item.of(e)) {
			return false
		}
	}
	return true
}

// of gives a part what a response has for all of its parts. A part is no response by itself, so it has no form that
// could make a success of it.
func (i Item) of(e Envelope) Item {
	i.HTTPStatus, i.Form, i.Service, i.RetryAfter = e.HTTPStatus, Text, cmp.Or(i.Service, e.Service), e.RetryAfter
	i.Window, i.Complaints = window(i.Message), complaints(i.lists, e.HTTPStatus)
	i.lists = nil // a part has no parts
	return i
}

// failed tells whether a part has anything that says so. Part of a success, a message without a code may say anything,
// unless its key is that of an error.
func (i Item) failed(status int) bool {
	if i.Generic && success(status) {
		return i.Code != ""
	}
	return i.Code != "" || i.Message != ""
}
