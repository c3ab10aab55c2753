package envelope

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
