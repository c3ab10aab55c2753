package envelope

import (
	"strings"
	"unicode"
)

// A shape is a way to write an error: the keys of its code and its message. Where an array stands in their place, its
// first text counts. All keys of this package are compared without case, "_" and "-".
type shape struct {
	name     string
	codes    []string
	messages []string // the first that is there counts
	generic  bool     // other JSON uses these keys too: on HTTP 2xx a code needs the form ABC.0123
	only     string   // the one value that the message has in this shape, where the body holds nothing else
	service  string   // the service that alone answers so
}

// shapes are all of them. Within an object a message of an earlier shape comes first.
var shapes = []shape{
	{name: "plain", codes: []string{numberedCode, "errcode", "error_id"}, messages: []string{"error_msg", "error_message", "err_msg", "error_description"}},
	{name: "koogallery", codes: []string{"resultCode"}, messages: []string{"resultMsg"}, service: "koogallery"},
	{name: "console", codes: []string{"exceptionId"}, messages: []string{"descArgs"}},
	{name: "data service", codes: []string{"retCode"}, messages: []string{"retDesc", "retMsg"}},
	{name: "common", codes: []string{"code"}, messages: []string{"message", "msg"}, generic: true},
	{name: "bare", codes: []string{outerKey}, messages: []string{outerKey}, generic: true},
	{name: "overload", messages: []string{"status"}, only: "429"},
}

// numberedCode is the one key under which a bare number is a code.
const numberedCode = "error_code"

// outerKey is the key of the object that is an error, or of a text about one.
const outerKey = "error"

// The names of shapes that no body has keys for.
const (
	loginShape = "login" // an empty body whose header redirects to a login page
	textShape  = "text"  // a text with a code, such as "CBC.0100: parameter error."
)

// Shapes returns the names of all shapes.
func Shapes() []string {
	names := []string{loginShape, textShape}
	for _, s := range shapes {
		names = append(names, s.name)
	}
	return names
}

// A fact is a text that an object states besides its code and its message.
type fact int

const (
	requestID fact = iota
	authorization
	domainID
	itemID
	result
	subject // of a complaint
	numFacts
)

// A factKey is a key that a fact stands under. Of several keys for one fact the first counts.
type factKey struct {
	key  string
	fact fact
	own  bool // it counts in the outermost object only
}

var factKeys = []factKey{
	{"request_id", requestID, false},
	{"trace_id", requestID, false},
	{"encoded_authorization_message", authorization, false},
	{"domain_id", domainID, false},
	{"resource_id", itemID, true},
	{"id", itemID, true},
	{"customer_id", itemID, true},
	{"coupon_id", itemID, true},
	{"quota_id", itemID, true},
	{"order_id", itemID, true},
	{"result", result, true},
	{"status", result, true},
	{"resource_spec_code", subject, true},
	{"resource_type", subject, true},
	{"cloud_service_type", subject, true},
	{"enterprise_project_id", subject, true},
}

// A place is what may stand under a key.
type place struct {
	shape      *shape // of the code or message
	code       bool
	numbered   bool // a bare number here is a code
	rank       int  // of the message: the lowest counts
	order      int  // of the code
	message    bool
	generic    bool
	fact       int // the line of factKeys, from 1
	sign       sign
	items      *itemList
	complaints *complaintList
	outer      bool
}

// places are all of them, by their folded keys and by the keys as they are usually written.
var places = newPlaces(shapes, factKeys, signKeys, itemLists, complaintLists)

// spellings are their keys as they stand in JSON.
var spellings = newSpellings(places)

func newSpellings(places map[string]*place) map[string]string {
	all := make(map[string]string, len(places))
	for key := range places {
		all[`"`+key+`"`] = key
	}
	return all
}

// nowhere is the place of a key that says nothing.
var nowhere = new(place)

func newPlaces(shapes []shape, facts []factKey, signs []signKey, items []itemList, complaints []complaintList) map[string]*place {
	all := placeMap{}
	all.at(outerKey).outer = true
	rank, order := 0, 0
	for i := range shapes {
		s := &shapes[i]
		for _, key := range s.codes {
			p := all.at(key)
			p.shape, p.code, p.generic, p.numbered, p.order = s, true, s.generic, key == numberedCode, order
			order++
		}
		for _, key := range s.messages {
			p := all.at(key)
			p.shape, p.message, p.generic, p.rank = s, true, s.generic, rank
			rank++
		}
	}
	for i, f := range facts {
		all.at(f.key).fact = i + 1
	}
	for _, s := range signs {
		all.at(s.key).sign = s.sign
	}
	for i := range items {
		all.at(items[i].key).items = &items[i]
	}
	for i := range complaints {
		all.at(complaints[i].key).complaints = &complaints[i]
	}
	return all
}

type placeMap map[string]*place

// at returns the place of a key, and makes it.
func (m placeMap) at(key string) *place {
	folded := fold(key)
	if m[folded] == nil {
		m[folded] = new(place)
	}
	m[key] = m[folded]
	return m[folded]
}

// placeOf returns the place of a key as it is written.
func placeOf(key string) *place {
	if p, ok := places[key]; ok {
		return p
	}
	folded := fold(key)
	if p, ok := places[folded]; ok {
		return p
	}
	if l := unlisted(key, folded); l != nil {
		return &place{items: l}
	}
	return nowhere
}

// fold makes the same of keys that differ in case, "_" and "-" only.
func fold(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(unicode.ToUpper(r))
	}, key)
}

// saysScalar reports whether a text or a number at the place says anything.
func (p *place) saysScalar() bool { return p.code || p.message || p.fact > 0 || p.sign != noSign }

// isList reports whether a list at the place says anything.
func (p *place) isList() bool { return p.items != nil || p.complaints != nil }

// ofError reports whether a value at the place belongs to the error itself: it is no data beside it. Codes, texts and
// facts are no objects. A sign belongs to the error if it shows a failure; a count tells of items.
func (p *place) ofError(v scalar, item bool) bool {
	switch {
	case p.items != nil:
		return !p.items.mixed || p.items.details
	case p.complaints != nil, p.outer:
		return true
	case v.kind == '{':
		return false
	}
	f := p.factKind()
	ownFact := f == requestID || f == authorization || f == domainID || item && (f == itemID && !p.orderID() || f == result)
	failure := p.sign != failedCount && p.sign.holds(v)
	return p.code || p.message && p.shape.only == "" || failure || ownFact
}

// factKind returns the fact of the place, numFacts where there is none.
func (p *place) factKind() fact {
	if p.fact == 0 {
		return numFacts
	}
	return factKeys[p.fact-1].fact
}

// orderID reports whether the place is that of an order's ID: an order exists, which is data beside an error.
func (p *place) orderID() bool { return p.fact > 0 && factKeys[p.fact-1].key == "order_id" }
