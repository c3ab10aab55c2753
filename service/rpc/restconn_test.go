package rpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// A restConn connects a generated client to the REST routes of the contract.
type restConn struct{ base string }

// A route is the REST binding of a method.
type route struct {
	verb, path string
	bodyField  string // response_body of the binding; empty if the JSON is the whole response
}

func (restConn) route(method string) route {
	return map[string]route{
		"Translate":      {http.MethodPost, "/v1/responses:translate", "translation"},
		"TranslateRaw":   {http.MethodPost, "/v1/responses:translateRaw", "translation"},
		"BatchTranslate": {http.MethodPost, "/v1/responses:batchTranslate", ""},
		"Raise":          {http.MethodPost, "/v1/responses:raise", ""},
		"GetErrorCode":   {http.MethodGet, "/v1/codes/", ""},
		"ListErrorCodes": {http.MethodGet, "/v1/codes", ""},
		"ListLocales":    {http.MethodGet, "/v1/locales", ""},
	}[path.Base(method)]
}

// Invoke implements grpc.ClientConnInterface.
func (c restConn) Invoke(ctx context.Context, method string, request, reply any, options ...grpc.CallOption) error {
	route := c.route(method)
	r, err := c.request(ctx, route, request.(proto.Message))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	deliver(response.Header, options)
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errorFromResponse(response.StatusCode, body)
	}
	if route.bodyField != "" {
		body = fmt.Appendf(nil, "{%q:%s}", route.bodyField, body)
	}
	return protojson.Unmarshal(body, reply.(proto.Message))
}

// NewStream implements grpc.ClientConnInterface.
func (restConn) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errors.New("REST has no streams")
}

// request returns the HTTP request of a message. Outgoing metadata become headers.
func (c restConn) request(ctx context.Context, route route, message proto.Message) (*http.Request, error) {
	text, err := protojson.Marshal(message)
	if err != nil {
		return nil, err
	}
	address, body := c.base+route.path, text
	switch m := message.(type) {
	case *errorv1.TranslateRawRequest:
		address, body = address+"?"+query(text).Encode(), m.GetBody().GetData()
	case *errorv1.GetErrorCodeRequest:
		address, body = address+url.PathEscape(m.GetCode()), nil
	case *errorv1.ListErrorCodesRequest, *errorv1.ListLocalesRequest:
		address, body = address+"?"+query(text).Encode(), nil
	}
	r, err := http.NewRequestWithContext(ctx, route.verb, address, bytes.NewReader(body))
	if err == nil {
		said, _ := metadata.FromOutgoingContext(ctx)
		for key, values := range said {
			r.Header[http.CanonicalHeaderKey(key)] = values
		}
	}
	return r, err
}

// query returns the query parameters of a message's JSON, without its body.
func query(text []byte) url.Values {
	var fields map[string]any
	_ = json.Unmarshal(text, &fields) // valid: protojson wrote it
	delete(fields, "body")
	values := url.Values{}
	flatten(values, "", fields)
	return values
}

func flatten(into url.Values, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			flatten(into, member(name, key), inner)
		}
	case []any:
		for _, element := range v {
			flatten(into, name, element)
		}
	default:
		into.Add(name, fmt.Sprint(v))
	}
}

// member returns the name of a parameter: map keys are in brackets, fields follow a dot.
func member(name, key string) string {
	if name == "headers" {
		return name + "[" + key + "]"
	}
	return strings.TrimPrefix(name+"."+key, ".")
}

func deliver(header http.Header, options []grpc.CallOption) {
	for _, option := range options {
		if o, ok := option.(grpc.HeaderCallOption); ok {
			*o.HeaderAddr = metadata.MD{}
			for key, values := range header {
				o.HeaderAddr.Append(key, values...)
			}
		}
	}
}

// errorFromResponse returns the error of a response. It fails if the HTTP status does not correspond to the code.
func errorFromResponse(got int, body []byte) error {
	s := new(statuspb.Status)
	if err := protojson.Unmarshal(body, s); err != nil {
		return fmt.Errorf("%d: %w", got, err)
	}
	want := map[codes.Code][]int{
		codes.Unknown: {500}, codes.InvalidArgument: {400}, codes.DeadlineExceeded: {504}, codes.NotFound: {404}, codes.AlreadyExists: {409},
		codes.PermissionDenied: {403}, codes.ResourceExhausted: {429, 413}, codes.FailedPrecondition: {400}, codes.Aborted: {409},
		codes.OutOfRange: {400}, codes.Internal: {500}, codes.Unavailable: {503}, codes.Unauthenticated: {401},
	}
	if !slices.Contains(want[codes.Code(s.GetCode())], got) {
		return fmt.Errorf("HTTP status %d with %v", got, s)
	}
	return status.FromProto(s).Err()
}
