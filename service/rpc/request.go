package rpc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/pflag"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

// A requestInput is the input of one translation, whichever method it was sent to.
type requestInput struct {
	prefix    string // path of the response's fields within the request, with a trailing dot
	bodyField string // path of the body within the request
	response  translate.Response
	operation string
	locales   []string
}

// responseMessage has the fields that RawResponse and TranslateRawRequest have in common.
type responseMessage interface {
	GetHttpStatus() int32
	GetHeaders() map[string]string
	GetOrigin() *errorv1.Origin
}

// newInput returns the input of a request, without the body.
func newInput(prefix string, m responseMessage, locales []string) *requestInput {
	return &requestInput{
		prefix: prefix, bodyField: strings.TrimSuffix(prefix, "."), operation: m.GetOrigin().GetOperation(), locales: locales,
		response: translate.Response{
			Response: envelope.Response{HTTPStatus: int(m.GetHttpStatus()), Headers: m.GetHeaders()},
			Origin:   translate.Origin{Service: m.GetOrigin().GetService(), Site: m.GetOrigin().GetSite()},
		},
	}
}

// parseResponse returns the input of a request that contains a RawResponse.
func parseResponse(r *errorv1.RawResponse, locales []string) (*requestInput, error) {
	if r == nil {
		return nil, invalidArgument("response", "missing; it contains the response to translate")
	}
	in := newInput("response.", r, locales)
	var err error
	switch body := r.GetBody().(type) {
	case *errorv1.RawResponse_Raw:
		in.bodyField, in.response.Body = "response.raw", body.Raw
	case *errorv1.RawResponse_Text:
		in.bodyField, in.response.Body, in.response.IsUTF8 = "response.text", []byte(body.Text), true
	case *errorv1.RawResponse_Json:
		in.bodyField, in.response.IsUTF8, in.response.Rewritten = "response.json", true, true
		in.response.Body, err = marshalValue(in.bodyField, body.Json)
	}
	return in, err
}

// marshalValue returns a value as compact JSON. The output of protojson has spaces that vary between builds.
func marshalValue(field string, value *structpb.Value) ([]byte, error) {
	text, err := protojson.Marshal(value)
	if err != nil {
		return nil, invalidArgument(field, "not a JSON value: %s", trimProtoPrefix(err))
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, text)
	return compact.Bytes(), err
}

// trimProtoPrefix returns the text of an error of package proto without its prefix, which varies between builds.
func trimProtoPrefix(err error) string {
	return strings.TrimSpace(strings.TrimPrefix(err.Error(), "proto:"))
}

// validate returns the error of the first invalid field.
func (in *requestInput) validate(l Limits) error {
	r := &in.response
	switch {
	case r.HTTPStatus != 0 && r.HTTPStatus < 100 || r.HTTPStatus > 599:
		return invalidArgument(in.prefix+"http_status", "%d is not an HTTP status; it must be 100 to 599, or 0 if it is not known", r.HTTPStatus)
	case len(r.Headers) > l.Headers:
		return invalidArgument(in.prefix+"headers", "%d headers; at most %d are allowed", len(r.Headers), l.Headers)
	case len(r.Body) > l.Body:
		return invalidArgument(in.bodyField, "%d bytes; a body has at most %d", len(r.Body), l.Body)
	}
	return cmp.Or(in.validateOrigin(), in.validateLocales(l))
}

func (in *requestInput) validateOrigin() error {
	return prefixField(in.prefix+"origin.", cmp.Or(
		validateString("service", in.response.Service, maxName),
		validateString("site", in.response.Site, maxName),
		validateSite(in.response.Site),
		validateString("operation", in.operation, maxName),
	))
}

// validateSite returns an error of the field if a name is no site.
func validateSite(name string) error {
	if err := translate.CheckSite(name); err != nil {
		return invalidArgument("site", "%v", err)
	}
	return nil
}

func (in *requestInput) validateLocales(l Limits) error {
	if len(in.locales) > l.Locales {
		return invalidArgument("locales", "%d locales; at most %d are allowed", len(in.locales), l.Locales)
	}
	for i, locale := range in.locales {
		if err := validateString("", locale, maxName); err != nil {
			return prefixField(fmt.Sprintf("locales[%d]", i), err)
		}
	}
	return nil
}

// validateString returns an error of the field if the value is longer than the limit in bytes, or not valid UTF-8.
func validateString(field, value string, limit int) error {
	switch {
	case len(value) > limit:
		return invalidArgument(field, "%d bytes; at most %d", len(value), limit)
	case !utf8.ValidString(value):
		return invalidArgument(field, "not valid UTF-8")
	}
	return nil
}

// Limits bounds the size of requests and responses.
type Limits struct {
	Body    int // bytes of a response's body
	Headers int // headers of a response
	Locales int // locales of a request
	Batch   int // requests of a batch
	Answer  int // bytes of the response to a batch
	Items   int // failed items of a translation
}

// Bind defines a flag for each limit.
func (l *Limits) Bind(flags *pflag.FlagSet) {
	flags.IntVar(&l.Body, "max-body", 1<<20, "maximum size of a response body in `bytes`")
	flags.IntVar(&l.Headers, "max-headers", 64, "maximum number of `headers` of a response")
	flags.IntVar(&l.Locales, "max-locales", 16, "maximum number of `locales` of a request")
	flags.IntVar(&l.Batch, "max-batch", 1000, "maximum number of `requests` of a batch")
	flags.IntVar(&l.Answer, "max-answer", 4<<20, "maximum size of a batch response in `bytes`; gRPC clients accept 4 MiB by default")
	flags.IntVar(&l.Items, "max-items", translate.DefaultItems, "maximum number of failed `items` of a translation")
}

// DefaultLimits returns the defaults of the flags.
func DefaultLimits() Limits {
	var l Limits
	l.Bind(pflag.NewFlagSet("", pflag.ContinueOnError))
	return l
}

// The limits without a flag, in bytes.
const (
	maxName  = translate.MaxName // origin fields, codes and language tags
	maxQuery = 256               // full-text query
	maxID    = 256               // ID of a stream request
)
