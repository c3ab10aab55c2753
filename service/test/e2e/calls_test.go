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

// A question is a response of upstream and what cbcerr has to say of it. Nothing here comes from the catalogue.
type question struct {
	httpStatus             int32
	body                   string
	code                   codes.Code
	reason, locale, phrase string
}

var questions = []question{
	{403, `{"error_code":"CBC.0150","error_msg":"Access denied. The customer does not belong to the website you are now at."}`, codes.PermissionDenied, "WRONG_SITE", "en", "Access denied. The customer does not belong to the website you are now at."},
	{429, `{"error_code":"CBC.0250","error_msg":"too fast"}`, codes.ResourceExhausted, "REQUEST_THROTTLED", "zh-CN", "消息流量控制。"},
	{200, `{"error_code":"CBC.5003","error_msg":"no money"}`, codes.FailedPrecondition, "BALANCE_INSUFFICIENT", "en", "Insufficient balance."},
	{400, `{"error_code":"CBC.99003651","error_msg":"busy"}`, codes.Aborted, "INSTANCE_OPERATION_IN_PROGRESS", "zh-CN", "交易正在进行中,不可以退订。"},
	{502, `<html>bad gateway</html>`, codes.Unavailable, "UNRECOGNIZED_RESPONSE", "en", "No error code could be read from the response."},
	{500, `{"errorCode":"CBC.0100","errorMsg":"a parameter"}`, codes.InvalidArgument, "PARAMETER_INVALID", "zh-CN", "输入参数校验失败。"},
}

func (q *question) request() *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{
		Response: &errorv1.RawResponse{HttpStatus: q.httpStatus, Body: &errorv1.RawResponse_Text{Text: q.body}}, Locales: []string{q.locale},
	}
}

// errWrong marks an answer that is not the right one.
var errWrong = errors.New("wrong answer")

// judge is nil for the right answer.
func (q *question) judge(t *errorv1.Translation) error {
	got := question{code: codes.Code(t.GetStatus().GetCode()), locale: t.GetLocale()}
	for _, d := range status.FromProto(t.GetStatus()).Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			got.reason = d.GetReason()
		case *errdetails.LocalizedMessage:
			got.phrase = d.GetMessage()
		}
	}
	got.httpStatus, got.body = q.httpStatus, q.body
	if got != *q {
		return fmt.Errorf("%w: %+v, want %+v", errWrong, got, *q)
	}
	return nil
}

// A caller makes one call and is nil if the answer is right.
type caller func(context.Context, *question) error

func overGRPC(conn grpc.ClientConnInterface) caller {
	return func(ctx context.Context, q *question) error {
		reply, err := errorv1.NewTranslationServiceClient(conn).Translate(ctx, q.request())
		if err != nil {
			return err
		}
		return q.judge(reply.GetTranslation())
	}
}

func overBatch(conn grpc.ClientConnInterface) caller {
	return func(ctx context.Context, q *question) error {
		const parts = 50
		batch := new(errorv1.BatchTranslateRequest)
		for range parts {
			batch.Requests = append(batch.Requests, q.request())
		}
		reply, err := errorv1.NewTranslationServiceClient(conn).BatchTranslate(ctx, batch)
		if err != nil {
			return err
		}
		if len(reply.GetResults()) != parts {
			return fmt.Errorf("%w: %d results of %d", errWrong, len(reply.GetResults()), parts)
		}
		for _, r := range reply.GetResults() {
			err = errors.Join(err, q.judge(r.GetTranslation()))
		}
		return err
	}
}

// An httpError is an answer over REST that is no translation.
type httpError struct {
	status int
	header http.Header
	body   string
}

func (e *httpError) Error() string { return fmt.Sprintf("HTTP %d: %.200s", e.status, e.body) }

func overREST(client *http.Client, base, token string) caller {
	return func(ctx context.Context, q *question) error {
		body, err := json.Marshal(map[string]any{"response": map[string]any{"httpStatus": q.httpStatus, "text": q.body}, "locales": []string{q.locale}})
		if err != nil {
			return err
		}
		text, err := post(ctx, client, base+"/v1/responses:translate", token, body)
		if err != nil {
			return err
		}
		return q.judgeJSON(text)
	}
}

func (q *question) judgeJSON(text []byte) error {
	var t struct {
		Locale string
		Status struct {
			Code    codes.Code
			Details []struct{ Reason, Locale, Message string }
		}
	}
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("%w: %w", errWrong, err)
	}
	got := question{q.httpStatus, q.body, t.Status.Code, "", t.Locale, ""}
	for _, d := range t.Status.Details {
		if d.Reason != "" && got.reason == "" {
			got.reason = d.Reason // ErrorInfo is the first detail
		}
		if d.Locale != "" {
			got.phrase = d.Message
		}
	}
	if got != *q {
		return fmt.Errorf("%w: %+v, want %+v", errWrong, got, *q)
	}
	return nil
}

// post sends a body once: net/http repeats no request whose body it cannot read again.
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

// dial connects to one address. Only what no server has begun to handle is sent again, by grpc-go itself.
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

// A tally counts calls by their end.
type tally struct {
	calls, right atomic.Int64
	mu           sync.Mutex
	failed       map[string]int // by error
}

func (c *tally) add(err error) {
	c.calls.Add(1)
	if err == nil {
		c.right.Add(1)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = map[string]int{}
	}
	c.failed[err.Error()]++
}

// run has every caller call, one call after the other with a pause between them, until stop. A call that runs then is finished.
func (c *tally) run(pause time.Duration, callers ...caller) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for n, call := range callers {
		running.Go(func() {
			for i := n; ctx.Err() == nil; i++ {
				c.once(call, &questions[i%len(questions)])
				time.Sleep(pause)
			}
		})
	}
	return func() {
		cancel()
		running.Wait()
	}
}

func (c *tally) once(call caller, q *question) {
	ctx, cancel := context.WithTimeout(context.Background(), hang)
	defer cancel()
	c.add(call(ctx, q))
}
