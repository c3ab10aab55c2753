package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// rest is a client connection over the REST API, for servers behind HTTP proxies and ingresses.
type rest struct{ base string }

// maxResponse is the maximum size of a response in bytes.
const maxResponse = 32 << 20

func newREST(server string) (rest, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return rest{}, invalidServer(server)
	}
	return rest{strings.TrimSuffix(server, "/")}, nil
}

// Invoke implements grpc.ClientConnInterface.
func (c rest) Invoke(ctx context.Context, _ string, request, reply any, _ ...grpc.CallOption) error {
	r, err := c.request(ctx, request)
	if err != nil {
		return err
	}
	if sent, ok := metadata.FromOutgoingContext(ctx); ok {
		r.Header["Authorization"] = sent.Get("authorization")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponse))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errorFromResponse(response, body)
	}
	return unmarshalReply(body, reply)
}

// NewStream implements grpc.ClientConnInterface.
func (rest) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errors.New("REST has no streams")
}

// request returns the HTTP request of a message, by the HTTP bindings of the contract.
func (c rest) request(ctx context.Context, message any) (*http.Request, error) {
	switch m := message.(type) {
	case *errorv1.TranslateRequest:
		body, err := protojson.Marshal(m)
		if err != nil {
			return nil, err
		}
		return http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/v1/responses:translate", bytes.NewReader(body))
	case *errorv1.GetErrorCodeRequest:
		return http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/v1/codes/"+url.PathEscape(m.GetCode()), nil)
	case *errorv1.ListErrorCodesRequest:
		query := url.Values{
			"query": {m.GetQuery()}, "reason": {m.GetReason().String()}, "retry": {m.GetRetry().String()}, "outcome": {m.GetOutcome().String()},
			"locale": {m.GetLocale()}, "pageSize": {strconv.Itoa(int(m.GetPageSize()))}, "pageToken": {m.GetPageToken()},
		}
		if m.Status != nil {
			query.Set("status", m.GetStatus().String())
		}
		return http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/v1/codes?"+query.Encode(), nil)
	}
	return nil, fmt.Errorf("no route for a %T", message)
}

// unmarshalReply decodes a response. The body of translate is the translation itself. Unknown fields are ignored, so that
// the server may be newer.
func unmarshalReply(body []byte, reply any) error {
	message, ok := reply.(proto.Message)
	if !ok {
		return fmt.Errorf("%T is not a message", reply)
	}
	if r, ok := reply.(*errorv1.TranslateResponse); ok {
		r.Translation = new(errorv1.Translation)
		message = r.GetTranslation()
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, message); err != nil {
		return fmt.Errorf("invalid response: %w", err)
	}
	if !isComplete(reply) {
		return errors.New("invalid response: required fields are missing; is the server a cbcerrd?")
	}
	return nil
}

// isComplete reports whether a response has its required fields, so that unrelated JSON is not mistaken for a success.
func isComplete(reply any) bool {
	switch r := reply.(type) {
	case *errorv1.TranslateResponse:
		return r.GetTranslation().GetStatus() != nil && r.GetTranslation().GetLocale() != ""
	case *errorv1.GetErrorCodeResponse:
		return r.GetEntry().GetCode() != ""
	case *errorv1.ListErrorCodesResponse:
		return r.GetCatalogVersion() != ""
	}
	return false
}

// errorFromResponse returns the status in the body of a failed response. A body of another server has none: then the error
// has the HTTP status.
func errorFromResponse(response *http.Response, body []byte) error {
	s := new(statuspb.Status)
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, s); err != nil || s.GetCode() == 0 {
		return fmt.Errorf("%s: %s", response.Request.URL.Redacted(), response.Status)
	}
	return status.FromProto(s).Err()
}
