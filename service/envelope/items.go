package envelope

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// An itemList is a key under which items of a request stand. An item is read as a whole response is. A single object, or
// a map from ID to object, stands for a list.
type itemList struct {
	key     string
	kind    string // of the things that the items are, if it is always the same
	mixed   bool   // items that succeeded stand in it, too
	whole   bool   // an entry without an ID speaks of the whole request
	ids     bool   // its texts are IDs of items that failed with the response's own code
	coded   bool   // entries without a code or an error text are data
	details bool   // it belongs to the error itself
}

// itemLists are all of them. Every entry of a list that is not mixed failed, unless it is blank or says SUCCESS.
var itemLists = []itemList{
	{key: "fail_resource_infos", kind: "Resource"},
	{key: "error_details"},
	{key: "error_detail"},
	{key: "failDetail"},
	{key: "internalError"},
	{key: "errors", whole: true},
	{key: outerKey, whole: true},
	{key: "to_ondemand_service_results", kind: "Resource", mixed: true},
	{key: "details", mixed: true, details: true},
	{key: "results", mixed: true},
	{key: "responses", mixed: true},
	{key: "expiredResourceIds", kind: "Resource", ids: true},
}

// The lists that no line of itemLists names.
var (
	wholeList   = itemList{whole: true} // an array that is the body
	failureList = itemList{}            // its key has a word such as failed
	codedList   = itemList{coded: true} // its key contains fail or error
	failWords   = []string{"fail", "failed", "fails", "failure", "failures"}
)

// unlisted returns the list that a key stands for which no line of itemLists names.
func unlisted(key, folded string) *itemList {
	if !strings.Contains(folded, "fail") && !strings.Contains(folded, "error") {
		return nil
	}
	if slices.ContainsFunc(words(key), func(word string) bool { return slices.Contains(failWords, word) }) {
		return &failureList
	}
	return &codedList
}

// words splits a key such as failed_order_ids or failedOrderIds, in lower case.
func words(key string) []string {
	var b strings.Builder
	lower := false
	for _, r := range key {
		if upper := 'A' <= r && r <= 'Z'; upper && lower {
			b.WriteByte('_')
		}
		lower = 'a' <= r && r <= 'z'
		b.WriteRune(r)
	}
	return strings.FieldsFunc(strings.ToLower(b.String()), func(r rune) bool { return r == '_' || r == '-' })
}

// Item is an item of a request that failed by itself: what it says, its ID, and the kind of the thing that the ID names,
// such as Resource, where that is known.
type Item struct {
	Envelope
	ID     string
	Kind   string
	Shared bool // it has no code of its own: Code is that of the whole response
}

// Items returns the items that failed, in the order of the keys and the lists of the body. They are read from the body as
// they are asked for, so that a list of any length takes no memory here.
func (e Envelope) Items() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for entry := range e.entries() {
			if item, failed := e.item(entry); failed && !yield(item) {
				return
			}
		}
	}
}

// PartsUnderstood reports whether each entry of the lists of items says whether it failed, and there is one at least.
func (e Envelope) PartsUnderstood() bool {
	found := false
	for entry := range e.entries() {
		if !entry.blank() && !entry.understood() {
			return false
		}
		found = true
	}
	return found
}

// entries returns the entries of all lists of items, each before those of the lists within it.
func (e Envelope) entries() iter.Seq[entry] {
	return func(yield func(entry) bool) { e.eachEntry(0, yield) }
}

// eachEntry calls yield for each entry until it returns false, and reports whether it never did. The lists stand within
// a number of others. What stands within too many is not read, so it may have failed.
func (e Envelope) eachEntry(nested int, yield func(entry) bool) bool {
	if !e.HasItems() {
		return true
	}
	r := newReader(e.HTTPStatus, true)
	defer r.free()
	r.nested = nested
	for _, l := range e.lists {
		if l.items == nil {
			continue
		}
		for en := range r.entries(l) {
			unread := nested == maxNestedLists
			en.Failed = en.Failed || unread && en.HasItems()
			if !yield(en) || !unread && !en.eachEntry(nested+1, yield) {
				return false
			}
		}
	}
	return true
}

// HasItems reports whether a body has a list of items.
func (e Envelope) HasItems() bool {
	return slices.ContainsFunc(e.lists, func(l list) bool { return l.items != nil })
}

// item returns what an entry says, and whether it failed by itself.
func (e Envelope) item(en entry) (item Item, failed bool) {
	l := en.list.items
	item = Item{Envelope: en.Envelope, ID: en.id(), Kind: l.kind}
	item.Stubborn = item.Stubborn || en.saysFailure()
	item.Crowded, item.lists = item.Crowded || en.HasItems(), nil // an item has no items
	switch {
	case en.object || len(en.Findings) > 0:
	case en.key != "": // of a map: the text is no ID
		item.Message = en.text
	default:
		item.ID, item.Message = en.text, ""
	}
	if item.Shared = l.ids && item.Code == ""; item.Shared {
		item.Finding = e.Finding
	}
	item.HTTPStatus, item.Service, item.RetryAfter = e.HTTPStatus, cmp.Or(item.Service, e.Service), e.RetryAfter
	item.Window = window(item.Message)
	if item.Form != Broken {
		item.Form = Text // an item is no response by itself: nothing makes a success of it
	}
	return item, en.failed()
}

// failed reports whether an entry of a list failed by itself.
func (en entry) failed() bool {
	l := en.list.items
	switch {
	case en.blank(), l.whole && en.id() == "" && !en.list.level.data:
		return false
	case len(en.Findings) > 0:
		return true
	case en.saysSuccess():
		return false
	case en.Failed:
		return true
	case l.mixed:
		return en.saysFailure() || !success(en.HTTPStatus) && en.Message != ""
	}
	return !l.coded && !en.zero
}

// saysFailure reports whether an entry says in words or by an HTTP status that its item failed.
func (en entry) saysFailure() bool {
	said := en.facts[result].text
	return isFailedResult(said) || isStatus(said, "45")
}

// saysSuccess reports whether an entry says in words that its item did not fail.
func (en entry) saysSuccess() bool {
	said := en.facts[result].text
	return said != "" && isSuccessWord(said)
}

// understood reports whether an entry says whether its item failed.
func (en entry) understood() bool {
	said := en.facts[result].text
	return en.failed() || en.saysSuccess() || en.zero || isStatus(said, "2")
}

// id returns the ID of an entry: its own, else the key that it stands under.
func (en entry) id() string { return cmp.Or(en.facts[itemID].text, en.key) }

// blank reports whether an entry says nothing.
func (en entry) blank() bool {
	facts := slices.ContainsFunc(en.facts[:], func(w worded) bool { return w.text != "" })
	return !facts && len(en.Findings) == 0 && !en.Failed && !en.Data && en.Message == "" && isSuccessWord(en.text) && !en.zero
}
