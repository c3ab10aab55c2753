package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// heavyREST calls on as many connections as it needs.
func heavyREST(d *daemon) (func() verdict, func(), error) {
	client := httpClient(nil)
	call, err := heavyCalls(heavyWay{
		write: func(m *errorv1.BatchTranslateRequest) ([]byte, error) { return protojson.Marshal(m) },
		read:  func(b []byte, m *errorv1.BatchTranslateResponse) error { return protojson.Unmarshal(b, m) },
		ask:   func(h *heavy) ([]byte, verdict) { return h.askREST(withoutRepeats(client), "http://"+d.rest) },
	})
	return call, client.CloseIdleConnections, err
}

// askREST sends the request and compares the answer.
func (h *heavy) askREST(client *http.Client, base string) ([]byte, verdict) {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/v1/responses:batchTranslate", bytes.NewReader(h.request))
	if err != nil {
		return nil, judgeDial(err)
	}
	request.Header.Set("Content-Type", "application/json")
	reply, err := client.Do(request)
	if err != nil {
		return nil, judgeDial(err)
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(reply.Body, maxReply))
	switch {
	case err != nil:
		return nil, judgeDial(err)
	case reply.StatusCode == http.StatusTooManyRequests && reply.Header.Get("Retry-After") != "" && bytes.Contains(answer, []byte("OVERLOADED")):
		return nil, verdict{shed, "HTTP 429"}
	case reply.StatusCode != http.StatusOK:
		return nil, verdict{failed, fmt.Sprintf("HTTP %d: %.80q", reply.StatusCode, answer)}
	case h.want != nil && !bytes.Equal(answer, h.want):
		return nil, verdict{wrong, "another answer than before"}
	}
	return answer, verdict{}
}
