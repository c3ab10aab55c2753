package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"golang.org/x/net/http2/hpack"
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

// swollen is a request of empty texts, which are two bytes each and in memory ten times that; packed it has 16 KB.
func swollen() ([]byte, error) {
	small, err := compressed(bytes.Repeat([]byte{0x12, 0x00}, 8_000_000))
	return framed(small, true), err
}

// values sends requests that would become millions of values, over gRPC packed, and over REST.
func values(ctx context.Context, t *target) (string, error) {
	message, err := swollen()
	if err != nil {
		return "", err
	}
	text := []byte(`{"requests":[{}` + strings.Repeat(",{}", 5_000_000) + `]}`)
	overREST := func() error {
		status, said, err := t.send("/v1/responses:batchTranslate", http.Header{"Content-Type": {"application/json"}}, text)
		if err != nil || status != http.StatusBadRequest || !strings.Contains(said, "values") {
			return fmt.Errorf("HTTP %d %.200s, %w, want 400", status, said, err)
		}
		return nil
	}
	overGRPC := func() error {
		code, said, err := t.callRaw(context.WithoutCancel(ctx), http.Header{"Grpc-Encoding": {"gzip"}}, bytes.NewReader(message))
		if err != nil || code != "3" || !strings.Contains(said, "values") {
			return fmt.Errorf("status %q %q, %w, want INVALID_ARGUMENT", code, said, err)
		}
		return nil
	}
	n, err := repeatedly(ctx, overGRPC, overGRPC, overREST, overREST)
	return fmt.Sprintf("%d requests, refused for the number of their values", n), err
}

// repeatedly does each of these again and again until the context ends, or one fails.
func repeatedly(ctx context.Context, each ...func() error) (n int64, err error) {
	var done atomic.Int64
	ends := make(chan error)
	for _, do := range each {
		go func() {
			var err error
			for ctx.Err() == nil && err == nil {
				if err = do(); err == nil {
					done.Add(1)
				}
			}
			ends <- err
		}()
	}
	for range each {
		err = errors.Join(err, <-ends)
	}
	return done.Load(), errors.Join(err, some(done.Load(), "request was sent"))
}

// hitAndRun sends many packed requests at once on each connection, and is gone before they can be answered.
func hitAndRun(ctx context.Context, t *target) (string, error) {
	message, err := packed(15 << 20)
	if err != nil {
		return "", err
	}
	var calls atomic.Int64
	run := func() error {
		conn, err := dialAttack(ctx, t.grpc)
		if err != nil {
			return nil // the attack is over, or the daemon, which is seen by others
		}
		defer conn.Close()
		p, err := newPeer(conn, 1<<20)
		for n := 0; n < 250 && err == nil; n++ {
			if err = p.begin(translateMethod, message, hpack.HeaderField{Name: "grpc-encoding", Value: "gzip"}); err == nil {
				calls.Add(1)
			}
		}
		time.Sleep(50 * time.Millisecond)
		return nil
	}
	n, err := repeatedly(ctx, run, run, run, run)
	return fmt.Sprintf("%d connections, %d calls", n, calls.Load()), errors.Join(err, some(calls.Load(), "call was sent"))
}
