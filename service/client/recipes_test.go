package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
)

// retry repeats a call as long as the error permits it, after the recommended wait or with exponential backoff and jitter. A
// call that takes effect twice if it is repeated, such as a payment, is not idempotent.
func retry(ctx context.Context, idempotent bool, call func(context.Context) error) error {
	const maxAttempts = 4
	backoff := 100 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := call(ctx)
		wait, ok := cbcerr.ShouldRetry(err, idempotent)
		if !ok || attempt == maxAttempts {
			return err
		}
		wait = max(wait, backoff)
		backoff *= 2
		select {
		case <-time.After(wait + rand.N(wait/4)):
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		}
	}
}

// cancelOrder sends a request of its own in each call, since a body can be read once.
func cancelOrder(ctx context.Context, t *client.Translator, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, address, strings.NewReader(`{"order_id":"CS1"}`))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err // the effect is unknown: no retry
	}
	defer response.Body.Close()
	if err := t.Check(response); err != nil {
		return fmt.Errorf("canceling order CS1: %w", err)
	}
	_, err = io.Copy(io.Discard, response.Body) // the connection can be used again
	return err
}

// A bounded, safe retry. The CBC refuses the first call with HTTP 200 and accepts the second.
func Example_retry() {
	t, err := client.New()
	if err != nil {
		log.Fatal(err)
	}
	calls := 0
	cbc := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls == 1 {
			fmt.Fprint(w, `{"error_code":"CBC.0250","error_msg":"Request control."}`)
		}
	}))
	defer cbc.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err = retry(ctx, false, func(ctx context.Context) error { return cancelOrder(ctx, t, cbc.URL) })
	fmt.Println(calls, "calls,", err)
	// Output: 2 calls, <nil>
}

// The log gets the code and the English message. The user gets the message and the advice in their language.
func Example_show() {
	t, err := client.New(client.WithLocales("zh-CN"))
	if err != nil {
		log.Fatal(err)
	}
	err = fmt.Errorf("paying order CS1: %w", t.CheckBody(200, nil, []byte(`{"error_code":"CBC.5003","error_msg":"m"}`)))
	fmt.Println("log: ", err)
	if e, ok := cbcerr.FromError(err); ok {
		fmt.Println("user:", e.Message, e.Advice)
	}
	// Output:
	// log:  paying order CS1: CBC.5003 BALANCE_INSUFFICIENT: Insufficient balance.
	// user: 余额不足。 请为账户充值后重试。
}

// An unexpectedResponse is the error of a client that keeps status and body, as golangsdk and Terraform's provider do.
type unexpectedResponse struct {
	Actual int
	Body   []byte
}

func (e unexpectedResponse) Error() string {
	return fmt.Sprintf("unexpected status %d: %s", e.Actual, e.Body)
}

// The error of another client library becomes a typed one.
func ExampleTranslator_CheckBody_clientLibrary() {
	t, err := client.New()
	if err != nil {
		log.Fatal(err)
	}
	err = unexpectedResponse{409, []byte(`{"error_code":"CBC.99003651","error_msg":"in progress"}`)} // of the library
	if e, ok := errors.AsType[unexpectedResponse](err); ok {
		err = t.CheckBody(e.Actual, nil, e.Body)
	}
	fmt.Println(err)
	fmt.Println(errors.Is(err, cbcerr.ReasonInstanceOperationInProgress))
	// Output:
	// CBC.99003651 INSTANCE_OPERATION_IN_PROGRESS: Unsubscription not supported. An operation associated with this instance is in progress.
	// true
}
