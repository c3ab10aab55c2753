package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/proto"
)

// bodies sends responses that are larger than the daemon takes by default: 4 MiB of a body, 16 MiB of a request.
func bodies(ctx context.Context, t *target) (string, error) {
	var errs []error
	for _, c := range []struct {
		megabytes  int
		code, says string // of gRPC
		httpStatus int
		reason     string // of REST
	}{
		{10, "3", "4194304", http.StatusBadRequest, "INVALID_REQUEST"},
		{20, "8", "16777216", http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE"},
		{40, "8", "", http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE"}, // gRPC itself refuses it, in its own words
	} {
		text := strings.Repeat("x", c.megabytes*1_000_000)
		message, err := proto.Marshal(&errorv1.TranslateRequest{Response: &errorv1.RawResponse{HttpStatus: 400, Body: &errorv1.RawResponse_Text{Text: text}}})
		if err != nil {
			return "", err
		}
		code, said, err := t.callRaw(context.WithoutCancel(ctx), http.Header{}, bytes.NewReader(framed(message, false)))
		if err != nil || code != c.code || !strings.Contains(said, c.says) {
			errs = append(errs, fmt.Errorf("%d MB over gRPC: status %q %q, %w, want %s %s", c.megabytes, code, said, err, c.code, c.says))
		}
		status, reply, err := t.send("/v1/responses:translate", http.Header{"Content-Type": {"application/json"}}, []byte(`{"response":{"httpStatus":400,"text":"`+text+`"}}`))
		if err != nil || status != c.httpStatus || !strings.Contains(reply, c.reason) {
			errs = append(errs, fmt.Errorf("%d MB over REST: HTTP %d %.200s, %w, want %d %s", c.megabytes, status, reply, err, c.httpStatus, c.reason))
		}
	}
	return "INVALID_ARGUMENT, RESOURCE_EXHAUSTED; 400, 413", errors.Join(errs...)
}
