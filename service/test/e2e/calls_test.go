//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// A sample is an upstream response and its expected translation. Nothing is computed from the catalog.
type sample struct {
	httpStatus             int32
	body                   string
	code                   codes.Code
	reason, locale, phrase string
}

var samples = []sample{
	{403, `{"error_code":"CBC.0150","error_msg":"Access denied. The customer does not belong to the website you are now at."}`, codes.PermissionDenied, "WRONG_SITE", "en", "Access denied. The customer does not belong to the website you are now at."},
	{429, `{"error_code":"CBC.0250","error_msg":"too fast"}`, codes.ResourceExhausted, "REQUEST_THROTTLED", "zh-CN", "消息流量控制。"},
	{200, `{"error_code":"CBC.5003","error_msg":"no money"}`, codes.FailedPrecondition, "BALANCE_INSUFFICIENT", "en", "Insufficient balance."},
	{400, `{"error_code":"CBC.99003651","error_msg":"busy"}`, codes.Aborted, "INSTANCE_OPERATION_IN_PROGRESS", "zh-CN", "交易正在进行中,不可以退订。"},
	{502, `<html>bad gateway</html>`, codes.Unavailable, "UNRECOGNIZED_RESPONSE", "en", "No error code could be read from the response."},
	{500, `{"errorCode":"CBC.0100","errorMsg":"a parameter"}`, codes.InvalidArgument, "PARAMETER_INVALID", "zh-CN", "输入参数校验失败。"},
}

func (s *sample) request() *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{
		Response: &errorv1.RawResponse{HttpStatus: s.httpStatus, Body: &errorv1.RawResponse_Text{Text: s.body}}, Locales: []string{s.locale},
	}
}

// errWrongReply is wrapped by the error of an unexpected reply.
var errWrongReply = errors.New("wrong reply")

// check returns an error unless the translation is the expected one.
func (s *sample) check(t *errorv1.Translation) error {
	got := sample{code: codes.Code(t.GetStatus().GetCode()), locale: t.GetLocale()}
	for _, d := range status.FromProto(t.GetStatus()).Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			got.reason = d.GetReason()
		case *errdetails.LocalizedMessage:
			got.phrase = d.GetMessage()
		}
	}
	got.httpStatus, got.body = s.httpStatus, s.body
	if got != *s {
		return fmt.Errorf("%w: %+v, want %+v", errWrongReply, got, *s)
	}
	return nil
}

// A callFunc makes one call, and returns an error unless the reply is the expected one.
type callFunc func(context.Context, *sample) error

func overGRPC(conn grpc.ClientConnInterface) callFunc {
	return func(ctx context.Context, s *sample) error {
		reply, err := errorv1.NewTranslationServiceClient(conn).Translate(ctx, s.request())
		if err != nil {
			return err
		}
		return s.check(reply.GetTranslation())
	}
}

func overBatch(conn grpc.ClientConnInterface) callFunc {
	return func(ctx context.Context, s *sample) error {
		const parts = 50
		batch := new(errorv1.BatchTranslateRequest)
		for range parts {
			batch.Requests = append(batch.Requests, s.request())
		}
		reply, err := errorv1.NewTranslationServiceClient(conn).BatchTranslate(ctx, batch)
		if err != nil {
			return err
		}
		if len(reply.GetResults()) != parts {
			return fmt.Errorf("%w: %d results of %d", errWrongReply, len(reply.GetResults()), parts)
		}
		for _, r := range reply.GetResults() {
			err = errors.Join(err, s.check(r.GetTranslation()))
		}
		return err
	}
}

// An httpError is a REST reply with an error status.
type httpError struct {
	status int
	header http.Header
	body   string
}

func (e *httpError) Error() string { return fmt.Sprintf("HTTP %d: %.200s", e.status, e.body) }

func overREST(client *http.Client, base, token string) callFunc {
	return func(ctx context.Context, s *sample) error {
		body, err := json.Marshal(map[string]any{"response": map[string]any{"httpStatus": s.httpStatus, "text": s.body}, "locales": []string{s.locale}})
		if err != nil {
			return err
		}
		text, err := post(ctx, client, base+"/v1/responses:translate", token, body)
		if err != nil {
			return err
		}
		return s.checkJSON(text)
	}
}

func (s *sample) checkJSON(text []byte) error {
	var t struct {
		Locale string
		Status struct {
			Code    codes.Code
			Details []struct{ Reason, Locale, Message string }
		}
	}
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("%w: %w", errWrongReply, err)
	}
	got := sample{s.httpStatus, s.body, t.Status.Code, "", t.Locale, ""}
	for _, d := range t.Status.Details {
		if d.Reason != "" && got.reason == "" {
			got.reason = d.Reason // ErrorInfo is the first detail
		}
		if d.Locale != "" {
			got.phrase = d.Message
		}
	}
	if got != *s {
		return fmt.Errorf("%w: %+v, want %+v", errWrongReply, got, *s)
	}
	return nil
}

// post sends a request once. net/http does not retry a request whose body it cannot rewind.
func post(ctx context.Context, client *http.Client, url, token string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, io.NopCloser(bytes.NewReader(body)))
	if err != nil {
		return nil, err
	}
	request.ContentLength = int64(len(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	reply, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = &httpError{reply.StatusCode, reply.Header, string(text)}
	}
	return text, err
}

// dial returns a connection without retries. grpc-go resends only calls that no server has begun to process.
func dial(t *testing.T, address string, config *tls.Config, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	creds := insecure.NewCredentials()
	if config != nil {
		creds = credentials.NewTLS(config)
	}
	conn, err := grpc.NewClient(address, append(options, grpc.WithTransportCredentials(creds), grpc.WithDisableRetry())...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// A tally counts calls by result.
type tally struct {
	calls, succeeded atomic.Int64
	mu               sync.Mutex
	failed           map[string]int // by error
}

func (c *tally) add(err error) {
	c.calls.Add(1)
	if err == nil {
		c.succeeded.Add(1)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = map[string]int{}
	}
	c.failed[err.Error()]++
}

// run makes calls with each function, one after another with a pause, until stop. stop waits for the calls in flight.
func (c *tally) run(pause time.Duration, callers ...callFunc) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for n, call := range callers {
		running.Go(func() {
			for i := n; ctx.Err() == nil; i++ {
				c.once(call, &samples[i%len(samples)])
				time.Sleep(pause)
			}
		})
	}
	return func() {
		cancel()
		running.Wait()
	}
}

func (c *tally) once(call callFunc, s *sample) {
	ctx, cancel := context.WithTimeout(context.Background(), hangTimeout)
	defer cancel()
	c.add(call(ctx, s))
}
