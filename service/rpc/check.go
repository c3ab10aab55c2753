package rpc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/pflag"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

// A call is a request about one response in the form that the three ways to send one have in common. Errors name the
// fields by their paths in the request.
type call struct {
	at      string // the path of the response, with a dot at its end
	bodyAt  string // the path of the body
	status  int32
	headers map[string]string
	body    []byte
	origin  *errorv1.Origin
	locales []string

	contentType string // of the body, where no header tells it
	decoded     bool   // the body is a text, whatever bytes it once was
	rewritten   bool   // the body is a document, whatever text it once was
}

// newCall reads the message of a response.
func newCall(r *errorv1.RawResponse, locales []string) (*call, error) {
	if r == nil {
		return nil, invalid("response", "missing; it holds the response to translate")
	}
	c := &call{at: "response.", bodyAt: "response.", status: r.GetHttpStatus(), headers: r.GetHeaders(), origin: r.GetOrigin(), locales: locales}
	var err error
	switch body := r.GetBody().(type) {
	case *errorv1.RawResponse_Raw:
		c.bodyAt, c.body = "response.raw", body.Raw
	case *errorv1.RawResponse_Text:
		c.bodyAt, c.body, c.decoded = "response.text", []byte(body.Text), true
	case *errorv1.RawResponse_Json:
		c.bodyAt, c.decoded, c.rewritten = "response.json", true, true
		c.body, err = document(c.bodyAt, body.Json)
	}
	return c, err
}

// document writes a JSON value as the document it is.
func document(field string, value *structpb.Value) ([]byte, error) {
	text, err := protojson.Marshal(value)
	if err != nil {
		return nil, invalid(field, "not a JSON value: %s", said(err))
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil { // protojson puts blanks where it likes
		return nil, invalid(field, "not a JSON value: %s", said(err))
	}
	return compact.Bytes(), nil
}

// said is what an error of protobuf's says, without the prefix whose blank changes from build to build.
func said(err error) string { return strings.TrimSpace(strings.TrimPrefix(err.Error(), "proto:")) }

// checks hold a call to the limits, in the order of its fields.
var checks = []func(*call, Limits) error{
	(*call).checkStatus, (*call).checkHeaders, (*call).checkBody, (*call).checkOrigin, (*call).checkLocales,
}

// response checks a call and makes it what translate reads.
func (c *call) response(l Limits) (translate.Response, error) {
	for _, check := range checks {
		if err := check(c, l); err != nil {
			return translate.Response{}, err
		}
	}
	return translate.Response{
		Response: envelope.Response{HTTPStatus: int(c.status), Headers: c.headers, Body: c.body, ContentType: c.contentType, IsUTF8: c.decoded, Rewritten: c.rewritten},
		Origin:   translate.Origin{Service: c.origin.GetService(), Site: c.origin.GetSite()},
	}, nil
}

func (c *call) checkStatus(Limits) error {
	if c.status == 0 {
		return invalid(c.at+"http_status", "missing; it must be 100 to 599")
	}
	if c.status < 100 || c.status > 599 {
		return invalid(c.at+"http_status", "%d is not an HTTP status; it must be 100 to 599", c.status)
	}
	return nil
}

func (c *call) checkHeaders(l Limits) error {
	if len(c.headers) > l.Headers {
		return invalid(c.at+"headers", "%d headers; at most %d are read", len(c.headers), l.Headers)
	}
	return nil
}

func (c *call) checkBody(l Limits) error {
	if len(c.body) > l.Body {
		return invalid(c.bodyAt, "%d bytes; a body has at most %d", len(c.body), l.Body)
	}
	return nil
}

func (c *call) checkOrigin(Limits) error {
	for _, field := range [...]struct{ name, value string }{
		{"service", c.origin.GetService()}, {"site", c.origin.GetSite()}, {"operation", c.origin.GetOperation()},
	} {
		if fault := textFault(field.value, maxName); fault != "" {
			return invalid(c.at+"origin."+field.name, "%s", fault)
		}
	}
	return nil
}

func (c *call) checkLocales(l Limits) error {
	if len(c.locales) > l.Locales {
		return invalid("locales", "%d locales; at most %d are read", len(c.locales), l.Locales)
	}
	for i, locale := range c.locales {
		if fault := textFault(locale, maxName); fault != "" {
			return invalid(fmt.Sprintf("locales[%d]", i), "%s", fault)
		}
	}
	return nil
}

func checkName(field, value string) error { return checkText(field, value, maxName) }

func checkText(field, value string, limit int) error {
	if fault := textFault(value, limit); fault != "" {
		return invalid(field, "%s", fault)
	}
	return nil
}

// textFault says what is wrong with a text. It is empty if nothing is.
func textFault(value string, limit int) string {
	switch {
	case len(value) > limit:
		return fmt.Sprintf("%d bytes; at most %d", len(value), limit)
	case !utf8.ValidString(value):
		return "not valid UTF-8"
	}
	return ""
}

// Limits is how much one request may ask for.
type Limits struct {
	Body    int // bytes of a response's body
	Headers int // headers of a response
	Locales int // locales of a request
	Batch   int // requests of a batch
	Answer  int // bytes of the answer to a batch
	Items   int // failed items of a translation
}

// Bind makes each limit a flag, with its default and its reason.
func (l *Limits) Bind(flags *pflag.FlagSet) {
	flags.IntVar(&l.Body, "max-body", 1<<20, "largest body of a response in `bytes`; errors have a few hundred")
	flags.IntVar(&l.Headers, "max-headers", 64, "most headers of a response; gateways send about 20")
	flags.IntVar(&l.Locales, "max-locales", 16, "most locales of a request; browsers send about 5")
	flags.IntVar(&l.Batch, "max-batch", 1000, "most requests of a batch")
	flags.IntVar(&l.Answer, "max-answer", 4<<20, "largest answer to a batch in `bytes`; gRPC clients refuse more than 4 MiB by default")
	flags.IntVar(&l.Items, "max-items", translate.DefaultItems, "most failed items of a translation")
}

// DefaultLimits are the limits when no flag says otherwise.
func DefaultLimits() Limits {
	var l Limits
	l.Bind(pflag.NewFlagSet("", pflag.ContinueOnError))
	return l
}

// The limits that no flag moves, in bytes.
const (
	maxName  = 64  // origins, codes and language tags
	maxQuery = 256 // filters
	maxID    = 256 // ids of a stream
)
