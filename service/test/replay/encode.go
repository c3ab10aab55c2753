package replay

import (
	"strconv"
	"unicode/utf8"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

// request returns a request without a body.
func request(c golden.Case) *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{Locales: []string{c.Locale}, Response: &errorv1.RawResponse{
		HttpStatus: int32(c.Status), Headers: c.Headers, Origin: &errorv1.Origin{Service: c.Service, Site: c.Site},
	}}
}

// Request returns a Translate request for a case, with its body as raw bytes.
func Request(c golden.Case) *errorv1.TranslateRequest {
	r := request(c)
	r.Response.Body = &errorv1.RawResponse_Raw{Raw: c.Body}
	return r
}

func text(c golden.Case) *errorv1.TranslateRequest {
	if !utf8.Valid(c.Body) {
		return nil
	}
	r := request(c)
	r.Response.Body = &errorv1.RawResponse_Text{Text: string(c.Body)}
	return r
}

func json(c golden.Case) *errorv1.TranslateRequest {
	value := new(structpb.Value)
	if _, ok := golden.Document(c.Body); !ok || !complete(c) || protojson.Unmarshal(c.Body, value) != nil {
		return nil
	}
	r := request(c)
	r.Response.Body = &errorv1.RawResponse_Json{Json: value}
	return r
}

// sorted returns raw requests whose JSON body has the keys of all objects in one order.
func sorted(order golden.Order) func(golden.Case) *errorv1.TranslateRequest {
	return func(c golden.Case) *errorv1.TranslateRequest {
		document, ok := golden.Document(c.Body)
		if !ok || c.Header("Content-Length") != "" { // which the new body would not have
			return nil
		}
		c.Body = golden.Marshal(document, order)
		return Request(c)
	}
}

// complete reports whether the body is as long as its Content-Length, if it has one.
func complete(c golden.Case) bool {
	length := c.Header("Content-Length")
	return length == "" || length == strconv.Itoa(len(c.Body))
}
