package envelope

import (
	"cmp"
	"iter"
	"slices"
)

// An Item is a failed item of a request. Kind is the kind of thing that the ID names, such as Resource, if it is known.
type Item struct {
	Envelope
	ID     string
	Kind   string
	Shared bool // the item has no code; Code is the code of the whole response
}

// Items returns the failed items, in the order of keys and lists. It reads them from the body one by one, so that memory
// does not grow with the list.
func (e Envelope) Items() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		e.eachEntry(0, func(en entry) bool { return !en.failed() || yield(e.item(en)) })
	}
}

// ItemsUnderstood reports whether there are items, and each says whether it failed.
func (e Envelope) ItemsUnderstood() bool {
	found := false
	return e.eachEntry(0, func(en entry) bool {
		found = true
		return en.blank() || en.failed() || en.saysSuccess() || en.SuccessCode || isStatus(en.result, "2")
	}) && found
}

// hasItems reports whether the body has a list of items.
func (e Envelope) hasItems() bool { return slices.ContainsFunc(e.lists, list.hasItems) }

// eachEntry calls yield for each entry of the lists of items, before the entries of lists within it, until yield returns
// false. It reports whether yield never did. The parameter nested counts the lists around. An entry with lists that
// are nested too deeply counts as failed.
func (e Envelope) eachEntry(nested int, yield func(entry) bool) bool {
	for _, l := range e.lists {
		if !l.hasItems() {
			continue
		}
		for en := range l.entries(e.HTTPStatus, nested) {
			unread := nested == maxNestedLists
			en.Failed = en.Failed || unread && en.hasItems()
			if !yield(en) || !unread && !en.eachEntry(nested+1, yield) {
				return false
			}
		}
	}
	return true
}

// item returns the item of an entry.
func (e Envelope) item(en entry) Item {
	kind := en.list.kind
	item := Item{Envelope: en.Envelope, ID: en.name(), Kind: kind.resource}
	item.ExplicitFailure = item.ExplicitFailure || en.saysFailure()
	item.Incomplete, item.lists = item.Incomplete || en.hasItems(), nil // items of an item are not reported
	switch {
	case en.object || len(en.Findings) > 0:
	case en.key != "": // the key of a map is the ID
		item.Message = en.text
	default:
		item.ID, item.Message = en.text, ""
	}
	if item.Shared = kind.ids && item.Code == ""; item.Shared {
		item.Finding = e.Finding
	}
	item.HTTPStatus, item.Service, item.RetryAfter = e.HTTPStatus, cmp.Or(item.Service, e.Service), e.RetryAfter
	item.Window = window(item.Message)
	if item.Form != Malformed {
		item.Form = Text // an item is not a response: its form alone shows no success
	}
	return item
}

// failed reports whether the item of an entry failed.
func (en entry) failed() bool {
	kind := en.list.kind
	switch {
	case en.blank(), kind.whole && en.name() == "" && !en.list.level.inData:
		return false
	case len(en.Findings) > 0:
		return true
	case en.saysSuccess():
		return false
	case en.Failed:
		return true
	case kind.mixed:
		return en.saysFailure() || !maySucceed(en.HTTPStatus) && en.Message != ""
	}
	return !kind.coded && !en.SuccessCode
}

// saysFailure reports whether the result of an entry is a word of failure or an HTTP error status.
func (en entry) saysFailure() bool { return isFailedResult(en.result) || isStatus(en.result, "45") }

// saysSuccess reports whether the result of an entry is a word of success.
func (en entry) saysSuccess() bool { return en.result != "" && isSuccessWord(en.result) }

// name returns the ID of an entry, else its key in a map.
func (en entry) name() string { return cmp.Or(en.id, en.key) }

// blank reports whether an entry holds nothing known.
func (en entry) blank() bool {
	facts := en.RequestID + en.Authorization + en.DomainID + en.id + en.result + en.subject
	return facts == "" && len(en.Findings) == 0 && !en.Failed && !en.Data && en.Message == "" && isSuccessWord(en.text) && !en.SuccessCode
}

// A Violation is the name of a field, check, quota or project that did not pass.
type Violation struct {
	Detail string // kind of standard detail, such as quota; empty if any kind fits
	Name   string
}

// violations returns the entries of all lists of violations.
func (e Envelope) violations() (all []Violation) {
	for _, l := range e.lists {
		if l.hasItems() {
			continue
		}
		for en := range l.entries(e.HTTPStatus, 0) {
			if len(all) == maxViolations {
				return all
			}
			if name := en.text + en.subject; name != "" || en.object {
				all = append(all, Violation{l.kind.detail, name})
			}
		}
	}
	return all
}
