package envelope

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
)

// A shape is a format of an error: the keys of its code and its message. Keys are compared without case, "_" and "-".
type shape struct {
	name     string
	codes    []string
	messages []string // the first one present counts
	failing  bool     // a message is a sign of failure: errorText
	generic  bool     // other JSON uses these keys too: in a success a code needs the form ABC.0123
	only     string   // the only message of the shape, in a body without other members
	service  string   // the only service with this shape
}

// shapes are all shapes. A new kind of response is a new line here, in factKeys or in listKinds. Within an object the message
// of an earlier shape counts first.
var shapes = []shape{
	{name: loginShape},
	{name: textShape, generic: true},
	{name: statusShape},
	{name: "plain", codes: []string{numberedCode, "errcode", "error_id"}, messages: []string{"error_msg", "error_message", "err_msg", "error_description", "externalMessage"}, failing: true},
	{name: "koogallery", codes: []string{"resultCode"}, messages: []string{"resultMsg"}, service: "koogallery"},
	{name: "console", codes: []string{"exceptionId"}, messages: []string{"descArgs"}, failing: true},
	{name: "data service", codes: []string{"retCode"}, messages: []string{"retDesc", "retMsg"}, failing: true},
	{name: commonShape, codes: []string{"code"}, messages: []string{"message", "msg"}, generic: true},
	{name: "bare", codes: []string{errorKey}, messages: []string{errorKey}, failing: true, generic: true},
	{name: "wrapper", messages: []string{"detail", "exception", "log", "body"}, generic: true},
	{name: "overload", messages: []string{"status"}, only: "429"},
}

const (
	numberedCode = "error_code" // the only key where a bare number is a code
	errorKey     = "error"      // key of an error object or an error text
	commonShape  = "common"
	loginShape   = "login"  // an empty body with a redirect to a login page
	textShape    = "text"   // a text with a code
	statusShape  = "status" // the result of an earlier translation
)

// Shapes returns the names of all shapes.
func Shapes() (names []string) {
	for _, s := range shapes {
		names = append(names, s.name)
	}
	return names
}

// shapeNamed returns the shape of a name; without a name, the shape of texts.
func shapeNamed(name string) *shape {
	i := slices.IndexFunc(shapes, func(s shape) bool { return s.name == cmp.Or(name, textShape) })
	return &shapes[i]
}

// A fact is a kind of text in an object, besides code and message.
type fact int

const (
	noFact        fact = iota
	requestID          // requestID, authorization and domainID belong to the error, in any object
	authorization      //
	domainID           //
	httpStatus         // named by the body's own object or its error object
	itemID             // the others belong to the outermost object
	result
	subject // of a violation
	numFacts
)

// A factKey is the key of a fact, of a sign of failure, or of both. If a fact has several keys, the first counts.
type factKey struct {
	key  string
	fact fact
	data bool // the fact is data beside an error
	sign sign
}

// factKeys are the keys of facts and signs. Messages of failing shapes are signs too.
var factKeys = []factKey{
	{key: "request_id", fact: requestID},
	{key: "trace_id", fact: requestID},
	{key: "encoded_authorization_message", fact: authorization},
	{key: "domain_id", fact: domainID},
	{key: "resource_id", fact: itemID},
	{key: "id", fact: itemID},
	{key: "customer_id", fact: itemID},
	{key: "coupon_id", fact: itemID},
	{key: "quota_id", fact: itemID},
	{key: "order_id", fact: itemID, data: true}, // data: the order exists
	{key: "result", fact: result, sign: failedResult},
	{key: "status", fact: result},
	{key: "resource_spec_code", fact: subject, data: true},
	{key: "resource_type", fact: subject, data: true},
	{key: "cloud_service_type", fact: subject, data: true},
	{key: "enterprise_project_id", fact: subject, data: true},
	{key: "errors", sign: errorText},
	{key: "success", sign: falseFlag},
	{key: "fail_num", sign: failedCount},
	{key: "fail_count", sign: failedCount},
	{key: "failed_count", sign: failedCount},
	{key: "status_code", fact: httpStatus, sign: failedStatus},
	{key: "http_status_code", fact: httpStatus, sign: failedStatus},
	{key: "http_status", fact: httpStatus, sign: failedStatus},
}

// A listKind is the key of a list of items or violations, and how to read it. Items are read like responses. A single
// object and a map from ID to object count as lists of items.
type listKind struct {
	key        string
	resource   string // kind of thing that the items are, if known
	mixed      bool   // it also holds items that succeeded
	whole      bool   // an entry without an ID is about the whole request
	ids        bool   // a text in it is the ID of an item that failed with the code of the response
	coded      bool   // an entry without a code or an error text is data
	details    bool   // it is part of the error
	violations bool   // its entries are violations: texts, or objects with a subject
	detail     string // kind of standard detail of the violations; empty if any kind fits
}

// listKinds are the known lists. Unless a list of items is mixed, each entry failed that is not blank or a success.
var listKinds = []listKind{
	{key: "fail_resource_infos", resource: "Resource"},
	{key: "error_details"},
	{key: "error_detail"},
	{key: "failDetail"},
	{key: "internalError"},
	{key: "errors", whole: true},
	{key: errorKey, whole: true},
	{key: "to_ondemand_service_results", resource: "Resource", mixed: true},
	{key: "details", mixed: true, details: true},
	{key: "results", mixed: true},
	{key: "responses", mixed: true},
	{key: "expiredResourceIds", resource: "Resource", ids: true},
	{key: "errorItems", violations: true},
	{key: "fail_check_items", violations: true},
	{key: "quota_infos", violations: true, detail: "quota"},
	{key: "enterprise_project_auth_result", violations: true, detail: "precondition"},
}

// Kinds and slots without a line in the tables.
var (
	wholeList   = listKind{whole: true}               // an array that is the body
	noSlot      = &slot{rank: math.MaxInt}            // unknown keys
	failureSlot = &slot{list: new(listKind)}          // unknown keys with a word such as failed
	failedIDs   = &slot{list: new(listKind)}          // those that end in IDs: a text is one ID
	codedSlot   = &slot{list: &listKind{coded: true}} // other unknown keys that contain fail or error
)

// failWord matches a key with a word such as failed: failed_order_ids, FAILED-IDS, resourceFailures.
var failWord = regexp.MustCompile(`(?:(?:^|[_-])[Ff]|[a-z]F)ail(?:s|ed|ures?)?(?:[A-Z_-]|$)|(?:^|[a-z_-])FAIL(?:S|ED|URES?)?(?:[_-]|$)`)

// A slot describes what a key may hold.
type slot struct {
	shape    *shape // of the code or message
	code     bool
	message  bool
	numbered bool // a bare number is a code
	outer    bool // it may hold the error object
	rank     int  // precedence among codes, messages or facts: the lowest counts first
	fact     fact
	data     bool // the fact is data beside an error
	sign     sign
	list     *listKind
}

// generic reports whether other JSON uses the key too.
func (s *slot) generic() bool { return s.shape != nil && s.shape.generic }

// holdsScalar reports whether the slot has a use for scalars.
func (s *slot) holdsScalar() bool { return s.code || s.message || s.fact != noFact || s.sign != noSign }

// A schema holds the slots of the known keys.
type schema struct {
	folded map[string]*slot
	quoted map[string]spelling // by usual spelling, in quotes
}

// A spelling is a key as written, and its slot.
type spelling struct {
	key string
	*slot
}

var defaultSchema = newSchema(shapes, factKeys, listKinds)

func newSchema(shapes []shape, facts []factKey, lists []listKind) schema {
	s := schema{map[string]*slot{}, map[string]spelling{}}
	s.add(errorKey).outer = true
	rank := 0
	for i := range shapes {
		for j, key := range slices.Concat(shapes[i].codes, shapes[i].messages) {
			at := s.add(key)
			at.shape, at.rank = &shapes[i], rank
			rank++
			if j < len(shapes[i].codes) {
				at.code, at.numbered = true, key == numberedCode
				continue
			}
			if at.message = true; shapes[i].failing {
				at.sign = errorText
			}
		}
	}
	for i, f := range facts {
		at := s.add(f.key)
		at.fact, at.data, at.sign, at.rank = f.fact, f.data, f.sign, rank+i
	}
	for i := range lists {
		s.add(lists[i].key).list = &lists[i]
	}
	return s
}

// add returns the slot of a key, which it creates if needed.
func (s schema) add(key string) *slot {
	folded := fold(key)
	if s.folded[folded] == nil {
		s.folded[folded] = new(slot)
	}
	for _, written := range []string{key, folded} {
		s.quoted[`"`+written+`"`] = spelling{written, s.folded[folded]}
	}
	return s.folded[folded]
}

// lookup returns the slot of a key.
func (s schema) lookup(key string) *slot {
	folded := fold(key)
	if at, ok := s.folded[folded]; ok {
		return at
	}
	switch {
	case !strings.Contains(folded, "fail") && !strings.Contains(folded, "error"):
		return noSlot
	case !failWord.MatchString(key):
		return codedSlot
	case strings.HasSuffix(folded, "ids"):
		return failedIDs
	}
	return failureSlot
}
