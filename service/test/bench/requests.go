package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"google.golang.org/protobuf/encoding/protojson"
)

const (
	locale    = "zh-CN" // of all requests
	codeStep  = 5       // one request for every codeStep codes of the table
	batchSize = 100
	inFlight  = 64
	jsonPath  = "/v1/responses:translate"
	rawPath   = "/v1/responses:translateRaw"
)

// requests are prepared before the measurements. Clients send them in turn.
type requests []*errorv1.TranslateRequest

// plainPairs returns requests with typical CBC responses: a pair of code and message, with HTTP 200 or 403 and two headers. Each
// has a different code, so that a cache of one reply does not help.
func plainPairs() (all requests, err error) {
	c, err := catalog.Embedded()
	if err != nil {
		return nil, err
	}
	for i, e := range c.Entries() {
		if i%codeStep != 0 || e.Code == catalog.Success {
			continue
		}
		text, _ := c.Text(e.Code, catalog.DefaultLocale)
		body, err := json.Marshal(map[string]string{"error_code": e.Code, "error_msg": text})
		if err != nil {
			return nil, err
		}
		all = append(all, &errorv1.TranslateRequest{
			Response: &errorv1.RawResponse{
				HttpStatus: []int32{http.StatusOK, http.StatusForbidden}[len(all)%2],
				Headers:    map[string]string{"X-Request-Id": fmt.Sprintf("%032x", i), "Content-Type": "application/json"},
				Body:       &errorv1.RawResponse_Raw{Raw: body},
			},
			Locales: []string{locale},
		})
	}
	return all, nil
}

// batch returns one request of batchSize parts.
func (q requests) batch() *errorv1.BatchTranslateRequest {
	batch := new(errorv1.BatchTranslateRequest)
	for i := range batchSize {
		batch.Requests = append(batch.Requests, q[i%len(q)])
	}
	return batch
}

// stream returns the requests as messages of a stream.
func (q requests) stream() (all []*errorv1.StreamTranslateRequest) {
	for _, r := range q {
		all = append(all, &errorv1.StreamTranslateRequest{Id: r.GetResponse().GetHeaders()["X-Request-Id"], Request: r})
	}
	return all
}

// paths are the REST surfaces, with the function that encodes a request.
var paths = map[string]func(*errorv1.TranslateRequest) ([]byte, error){jsonPath: asJSON, rawPath: asRaw}

// asJSON returns an HTTP request with the JSON of the message.
func asJSON(r *errorv1.TranslateRequest) ([]byte, error) {
	body, err := protojson.Marshal(r)
	if err != nil {
		return nil, err
	}
	return post(jsonPath, body)
}

// asRaw returns an HTTP request with upstream's body, and the other fields in the query.
func asRaw(r *errorv1.TranslateRequest) ([]byte, error) {
	query := url.Values{"httpStatus": {strconv.Itoa(int(r.GetResponse().GetHttpStatus()))}, "locales": r.GetLocales()}
	for name, value := range r.GetResponse().GetHeaders() {
		query.Set("headers["+name+"]", value)
	}
	return post(rawPath+"?"+query.Encode(), r.GetResponse().GetRaw())
}

// post returns the bytes of a POST request.
func post(target string, body []byte) ([]byte, error) {
	request, err := http.NewRequest(http.MethodPost, "http://bench"+target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	var wire bytes.Buffer
	err = request.Write(&wire)
	return wire.Bytes(), err
}
