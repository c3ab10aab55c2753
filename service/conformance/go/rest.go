package main

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

func translateOverREST(ctx context.Context, req *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	for _, request := range req.GetRequests() {
		httpStatus, body, err := post(ctx, req.GetRestUrl()+"/v1/responses:translate", request)
		if err != nil {
			return nil, err
		}
		observation, err := translationOfJSON(httpStatus, body)
		if err != nil {
			return nil, err
		}
		all = append(all, observation)
	}
	return all, nil
}

// translationOfJSON returns the observation of a Translate reply.
func translationOfJSON(httpStatus int, body []byte) (*conformancev1.Observation, error) {
	if httpStatus != http.StatusOK {
		return statusOfJSON(httpStatus, body)
	}
	t := new(errorv1.Translation)
	json, err := roundTrip(body, t)
	if err != nil {
		return nil, err
	}
	observation := translationObservation(t)
	observation.Json = json
	return observation, nil
}

func raiseOverREST(ctx context.Context, req *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	for _, request := range req.GetRequests() {
		httpStatus, body, err := post(ctx, req.GetRestUrl()+"/v1/responses:raise", &errorv1.RaiseRequest{Response: request.GetResponse(), Locales: request.GetLocales()})
		if err != nil {
			return nil, err
		}
		observation, err := statusOfJSON(httpStatus, body)
		if err != nil {
			return nil, err
		}
		all = append(all, observation)
	}
	return all, nil
}

// statusOfJSON returns the observation of a reply that is a status.
func statusOfJSON(httpStatus int, body []byte) (*conformancev1.Observation, error) {
	s := new(statuspb.Status)
	json, err := roundTrip(body, s)
	if err != nil {
		return nil, err
	}
	if rejected(s) {
		return &conformancev1.Observation{Rejected: s}, nil
	}
	if httpStatus != http.StatusOK && len(s.GetDetails()) == 0 {
		return nil, status.FromProto(s).Err()
	}
	observation := statusObservation(s)
	observation.Json = json
	return observation, nil
}

func post(ctx context.Context, url string, m proto.Message) (httpStatus int, body []byte, err error) {
	content, err := protojson.Marshal(m)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(content))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// roundTrip decodes JSON into a message, dropping the fields that this client does not know, and encodes it again.
func roundTrip(body []byte, m proto.Message) (string, error) {
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, m); err != nil {
		return "", err
	}
	json, err := protojson.Marshal(m)
	return string(json), err
}
