package replay

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// rest calls the service over REST. It implements grpc.ClientConnInterface, so that gRPC and REST share their calls.
type rest struct{ base string }

// actions are the custom methods of /v1/responses.
var actions = map[string]string{"Translate": "translate", "TranslateRaw": "translateRaw", "BatchTranslate": "batchTranslate", "Raise": "raise"}

// Invoke implements grpc.ClientConnInterface.
func (c rest) Invoke(ctx context.Context, method string, request, reply any, _ ...grpc.CallOption) error {
	address, contentType := c.base+"/v1/responses:"+actions[path.Base(method)], "application/json"
	body, err := protojson.Marshal(request.(proto.Message))
	if err != nil {
		return err
	}
	if r, ok := request.(*errorv1.TranslateRawRequest); ok {
		address, contentType, body = address+"?"+query(r).Encode(), cmp.Or(r.GetBody().GetContentType(), "application/octet-stream"), r.GetBody().GetData()
	}
	statusCode, content, err := post(ctx, address, contentType, body)
	if err != nil {
		return err
	}
	if method == errorv1.TranslationService_Raise_FullMethodName || statusCode != http.StatusOK {
		return statusError(content)
	}
	return decode(content, reply)
}

// NewStream implements grpc.ClientConnInterface.
func (rest) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errors.New("REST has no streams")
}

func query(r *errorv1.TranslateRawRequest) url.Values {
	q := url.Values{
		"httpStatus": {fmt.Sprint(r.GetHttpStatus())}, "locales": r.GetLocales(),
		"origin.site": {r.GetOrigin().GetSite()}, "origin.service": {r.GetOrigin().GetService()},
	}
	for name, value := range r.GetHeaders() {
		q.Set("headers["+name+"]", value)
	}
	return q
}

// decode decodes a reply. That of Translate and TranslateRaw is the translation itself.
func decode(body []byte, reply any) error {
	into := reply.(proto.Message)
	switch r := reply.(type) {
	case *errorv1.TranslateResponse:
		r.Translation = new(errorv1.Translation)
		into = r.GetTranslation()
	case *errorv1.TranslateRawResponse:
		r.Translation = new(errorv1.Translation)
		into = r.GetTranslation()
	}
	return protojson.Unmarshal(body, into)
}

// statusError returns the status that a body holds as an error, nil for OK.
func statusError(body []byte) error {
	s := new(statuspb.Status)
	if err := protojson.Unmarshal(body, s); err != nil {
		return fmt.Errorf("%w: %.200q", err, body)
	}
	return status.FromProto(s).Err()
}

func post(ctx context.Context, address, contentType string, body []byte) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response.StatusCode, content, err
}
