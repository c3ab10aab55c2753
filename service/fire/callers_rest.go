package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
)

// A body is an answer over REST, as far as it is judged: a translation, or the status that is an error.
type body struct {
	Status *jsonStatus `json:"status"`
	jsonStatus
}

type jsonStatus struct {
	Code    codes.Code   `json:"code"`
	Details []jsonDetail `json:"details"`
}

type jsonDetail struct {
	Type       string `json:"@type"`
	Reason     string `json:"reason"`
	Domain     string `json:"domain"`
	HTTPStatus int32  `json:"httpStatus"`
	Locale     string `json:"locale"`
	Message    string `json:"message"`
}

// maxReply is more than any answer has that is judged.
const maxReply = 16 << 20

// httpClient keeps connections open, as all clients do.
func httpClient(config *tls.Config) *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: config, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute, DisableCompression: true,
	}}
}

// overREST calls at an address such as http://127.0.0.1:8080: most ask for a translation, some for an error.
func overREST(client *http.Client, base string) caller {
	var n atomic.Int64
	return func(ctx context.Context, q *question) verdict {
		raise := n.Add(1)%5 == 0
		path := "/v1/responses:translate"
		if raise {
			path = "/v1/responses:raise"
		}
		httpStatus, got, err := post(ctx, client, base+path, q)
		if err != nil {
			return judgeDial(err)
		}
		return q.judgeREST(raise, httpStatus, got)
	}
}

// post asks and reads the answer to its end.
func post(ctx context.Context, client *http.Client, url string, q *question) (httpStatus int, got []byte, err error) {
	sent, err := json.Marshal(map[string]any{
		"response": map[string]any{"httpStatus": q.status, "text": q.body}, "locales": []string{q.locale},
	})
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(sent))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	reply, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer reply.Body.Close()
	got, err = io.ReadAll(io.LimitReader(reply.Body, maxReply))
	return reply.StatusCode, got, err
}

// judgeREST judges a status of HTTP and the JSON with it.
func (q *question) judgeREST(raise bool, httpStatus int, text []byte) verdict {
	var b body
	if err := json.Unmarshal(text, &b); err != nil {
		return verdict{failed, fmt.Sprintf("HTTP %d: %.80q", httpStatus, text)} // a balancer's page
	}
	s := b.jsonStatus
	if b.Status != nil {
		s = *b.Status
	}
	got, domain := s.answer()
	want := http.StatusOK
	if raise {
		want = statusOf[got.code]
	}
	switch {
	case domain != upstream && got.reason == "OVERLOADED":
		return verdict{shed, fmt.Sprintf("HTTP %d", httpStatus)}
	case domain != upstream:
		return verdict{failed, fmt.Sprintf("HTTP %d: %s %s", httpStatus, got.code, got.reason)}
	case httpStatus != want || raise != (b.Status == nil):
		return verdict{wrong, fmt.Sprintf("HTTP %d, want %d", httpStatus, want)}
	}
	return q.judge(got)
}

func (s jsonStatus) answer() (got answer, domain string) {
	got.code = s.Code
	for _, d := range s.Details {
		switch d.Type {
		case "type.googleapis.com/google.rpc.ErrorInfo":
			got.reason, domain = d.Reason, d.Domain
		case "type.googleapis.com/cbc.error.v1.CbcError":
			got.status = d.HTTPStatus
		case "type.googleapis.com/google.rpc.LocalizedMessage":
			got.locale, got.text = d.Locale, d.Message
		}
	}
	return got, domain
}
