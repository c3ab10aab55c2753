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

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// rest is a connection over REST, which passes where gRPC does not: through proxies and ingresses, with TLS.
type rest struct{ base string }

// maxAnswer is more than any answer that a server gives by its own limits.
const maxAnswer = 32 << 20

func newREST(server string) (rest, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return rest{}, fmt.Errorf("--server %q: must be an address such as https://cbcerr.example.com", server)
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
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return refusal(response, body)
	}
	return read(body, reply)
}

// NewStream implements grpc.ClientConnInterface.
func (rest) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errors.New("REST has no streams")
}

// request writes a request by the contract's routes.
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

// read reads an answer. That of translate is the translation itself. A newer server's fields are no mistake.
func read(body []byte, reply any) error {
	message, ok := reply.(proto.Message)
	if !ok {
		return fmt.Errorf("no message to read into but a %T", reply)
	}
	if answer, ok := reply.(*errorv1.TranslateResponse); ok {
		answer.Translation = new(errorv1.Translation)
		message = answer.GetTranslation()
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, message); err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	if !answered(reply) {
		return errors.New("the server's answer says nothing: is it a cbcerrd?")
	}
	return nil
}

// answered tells an answer from JSON that is none: nothing must be taken for a success because nothing was said.
func answered(reply any) bool {
	switch answer := reply.(type) {
	case *errorv1.TranslateResponse:
		return answer.GetTranslation().GetStatus() != nil && answer.GetTranslation().GetLocale() != ""
	case *errorv1.GetErrorCodeResponse:
		return answer.GetEntry().GetCode() != ""
	case *errorv1.ListErrorCodesResponse:
		return answer.GetCatalogVersion() != ""
	}
	return false
}

// refusal is the error that an answer holds, else its HTTP status: not everything that answers is a cbcerrd.
func refusal(response *http.Response, body []byte) error {
	s := new(statuspb.Status)
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, s); err != nil || s.GetCode() == 0 {
		return fmt.Errorf("%s answered %s", response.Request.URL.Redacted(), response.Status)
	}
	return status.FromProto(s).Err()
}
