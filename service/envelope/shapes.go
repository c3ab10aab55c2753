package envelope

// A shape is a way to write an error: the keys of its code and its message, which the others know nothing of. Where an
// array stands in their place its first text counts.
type shape struct {
	name    string
	code    string
	message string
	generic bool   // keys that other JSON uses too: on HTTP 2xx only a code such as ABC.0123 counts
	only    string // the one value that the message has in this shape, where the body holds nothing else
	service string // the service that alone answers so
}

// shapes are all of them, in the order of precedence: within an object the first with a code gives the code, and the
// message if it has one; else the first with a message gives the message.
//
// Objects are read from the outside in: the body, what stands under its key "error", every other object that is no part
// and no complaint, and of those as deep as each other the first. The first object with a code counts, but one that
// looks like none under a generic key only where there is no better one.
var shapes = []shape{
	{name: "plain", code: "error_code", message: "error_msg"},
	{name: "rendered", message: "error_message"},                           // by the Go SDK, of an error it has read
	{name: "described", message: "error_description"},                      // HSS
	{name: "camel", code: "errorCode", message: "errorMsg", generic: true}, // also IAM, which lists its codes
	{name: "long camel", message: "errorMessage", generic: true},
	{name: "short", code: "err_code", generic: true}, // the older compute services
	{name: "koogallery", code: "resultCode", message: "resultMsg", service: "koogallery"},
	{name: "console", code: "exceptionId", message: "descArgs"},
	{name: "data service", code: "retCode", message: "retDesc"},
	{name: "common", code: "code", message: "message", generic: true},
	{name: "bare", message: outerKey, generic: true},
	{name: "overload", message: "status", only: "429"},
}

// outerKey is the key of the object that is an error, or of a text about one.
const outerKey = "error"

// The names of shapes that no body has keys for.
const (
	loginShape = "login" // an empty answer whose header sends to a login page
	textShape  = "text"  // a text that begins with a code, such as "CBC.0100: parameter error."
)

// Shapes are the names of all shapes.
func Shapes() []string {
	names := []string{loginShape, textShape}
	for _, s := range shapes {
		names = append(names, s.name)
	}
	return names
}

// A fact is a text that an object says besides its code and its message.
type fact int

const (
	requestID fact = iota
	authorization
	domainID
	partID  // of a part of the request
	result  // of a part of the request
	subject // of a complaint
	numFacts
)

// A factKey is a key that a fact stands under.
type factKey struct {
	key  string
	fact fact
	own  bool // it is one of the outermost object only
}

// factKeys are all of them; of two for the same fact the first counts.
var factKeys = []factKey{
	{"request_id", requestID, false},
	{"encoded_authorization_message", authorization, false},
	{"domain_id", domainID, false},
	{"resource_id", partID, true},
	{"id", partID, true},
	{"result", result, true},
	{"resource_spec_code", subject, true},
	{"resourceSpecCode", subject, true},
	{"resource_type", subject, true},
	{"resourceType", subject, true},
	{"cloud_service_type", subject, true},
	{"cloudServiceType", subject, true},
	{"enterprise_project_id", subject, true},
	{"enterpriseProjectId", subject, true},
}
