package envelope

// A shape is a kind of body: where its code and its message stand. A place is the keys on the way from the top, apart
// by dots and in lower case; `*` is any key, where no other shape has a place for it, `0` an array's first element.
type shape struct {
	name    string
	code    string
	message string
	generic bool   // keys that other JSON uses too: on HTTP 2xx only a code such as ABC.0123 counts
	only    string // the one value that the message has in this shape, where the body holds nothing else
	service string // the service that alone answers so
}

// shapes are all kinds of bodies, in the order of precedence: the first with a code gives the code, and the message
// if it has one; else the first with a message gives the message.
var shapes = []shape{
	{name: "plain", code: "error_code", message: "error_msg"},
	{name: "rendered", code: "error_code", message: "error_message"},
	{name: "koogallery", code: "resultcode", message: "resultmsg", service: "koogallery"},
	{name: "console", code: "exceptionid", message: "descargs.0"},
	{name: "data service", code: "retcode", message: "retdesc"},
	{name: "nested plain", code: "error.error_code", message: "error.error_msg"},
	{name: "nested", code: "error.code", message: "error.message", generic: true},
	{name: "flat", code: "code", message: "message", generic: true},
	{name: "wrapped plain", code: "*.error_code", message: "*.error_msg", generic: true},
	{name: "wrapped", code: "*.code", message: "*.message", generic: true},
	{name: "overload", message: "status", only: "429"},
}

// Shapes are the names of all shapes.
func Shapes() []string {
	names := []string{loginShape}
	for _, s := range shapes {
		names = append(names, s.name)
	}
	return names
}

// loginShape is an empty answer whose header sends to a login page; it has no body to have a place in.
const loginShape = "login"

// Other members of the body that say something about the error.
const (
	requestIDPlace     = "request_id"
	authorizationPlace = "encoded_authorization_message"
	nestedAuthPlace    = "error.encoded_authorization_message"
	domainIDPlace      = "domain_id"
)

// A complaintPlace is a list of things that did not pass: texts, or objects that the first of the keys with a value
// names, if any has one. They belong to one kind of standard detail, or to whichever there is.
type complaintPlace struct {
	list   string
	detail string
	keys   []string
}

// complaintPlaces are all such lists, in lower case.
var complaintPlaces = []complaintPlace{
	{list: "erroritems"},
	{list: "failcheckitems"},
	{list: "fail_check_items"},
	{list: "quota_infos", detail: "quota", keys: []string{"resource_spec_code", "resource_type", "cloud_service_type"}},
	{list: "quotainfos", detail: "quota", keys: []string{"resourcespeccode", "resourcetype", "cloudservicetype"}},
	{list: "enterprise_project_auth_result", detail: "precondition", keys: []string{"enterprise_project_id"}},
	{list: "enterpriseprojectauthresult", detail: "precondition", keys: []string{"enterpriseprojectid"}},
}
