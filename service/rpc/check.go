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
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

// A call is a request about one response in the form that the three ways to send one have in common. Faults name the
// fields by their paths in the request.
type call struct {
	path    string // of the request within a batch, with a dot at its end
	at      string // of the response within the request, with a dot at its end
	bodyAt  string // the field of the body
	status  int32
	headers map[string]string
	body    []byte
	origin  *errorv1.Origin
	locales []string

	contentType string // of the body, where no header tells it
	decoded     bool   // the body is a text, whatever bytes it once was
	rewritten   bool   // the body is a document, whatever text it once was
}

// open reads the message of a response into a call.
func open(path string, r *errorv1.RawResponse, locales []string) (call, error) {
	c := call{path: path, at: path + "response.", locales: locales}
	if r == nil {
		return c, invalid(path+"response", "missing; it holds the response to translate")
	}
	c.status, c.headers, c.origin = r.GetHttpStatus(), r.GetHeaders(), r.GetOrigin()
	var err error
	switch body := r.GetBody().(type) {
	case *errorv1.RawResponse_Raw:
		c.bodyAt, c.body = "raw", body.Raw
	case *errorv1.RawResponse_Text:
		c.bodyAt, c.body, c.decoded = "text", []byte(body.Text), true
	case *errorv1.RawResponse_Json:
		c.bodyAt, c.decoded, c.rewritten = "json", true, true
		c.body, err = document(c.at+"json", body.Json)
	}
	c.bodyAt = c.at + c.bodyAt
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

// response checks a call against the limits and makes it what translate reads.
func (c call) response(l Limits) (translate.Response, error) {
	for _, check := range []func(Limits) error{c.checkStatus, c.checkHeaders, c.checkBody, c.checkOrigin, c.checkLocales} {
		if err := check(l); err != nil {
			return translate.Response{}, err
		}
	}
	return translate.Response{
		Response: envelope.Response{HTTPStatus: int(c.status), Headers: c.headers, Body: c.body, ContentType: c.contentType, Decoded: c.decoded, Rewritten: c.rewritten},
		Origin:   translate.Origin{Service: c.origin.GetService(), Site: c.origin.GetSite()},
	}, nil
}

func (c call) checkStatus(Limits) error {
	if c.status == 0 {
		return invalid(c.at+"http_status", "missing; it must be 100 to 599")
	}
	if c.status < 100 || c.status > 599 {
		return invalid(c.at+"http_status", "%d is not an HTTP status; it must be 100 to 599", c.status)
	}
	return nil
}

func (c call) checkHeaders(l Limits) error {
	if len(c.headers) > l.Headers {
		return invalid(c.at+"headers", "%d headers; at most %d are read", len(c.headers), l.Headers)
	}
	return nil
}

func (c call) checkBody(l Limits) error {
	if len(c.body) > l.Body {
		return invalid(c.bodyAt, "%d bytes; a body has at most %d", len(c.body), l.Body)
	}
	return nil
}

func (c call) checkOrigin(Limits) error {
	for _, field := range [...]struct{ name, value string }{
		{"service", c.origin.GetService()}, {"site", c.origin.GetSite()}, {"operation", c.origin.GetOperation()},
	} {
		if fault := textFault(field.value, maxName); fault != "" {
			return invalid(c.at+"origin."+field.name, "%s", fault)
		}
	}
	return nil
}

func (c call) checkLocales(l Limits) error {
	if len(c.locales) > l.Locales {
		return invalid(c.path+"locales", "%d locales; at most %d are read", len(c.locales), l.Locales)
	}
	for i, locale := range c.locales {
		if fault := textFault(locale, maxName); fault != "" {
			return invalid(fmt.Sprintf("%slocales[%d]", c.path, i), "%s", fault)
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

// textFault is what is wrong with a text; empty where nothing is.
func textFault(value string, limit int) string {
	switch {
	case len(value) > limit:
		return fmt.Sprintf("%d bytes; at most %d", len(value), limit)
	case !utf8.ValidString(value):
		return "not valid UTF-8"
	}
	return ""
}
