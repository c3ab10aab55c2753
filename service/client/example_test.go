package client_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"google.golang.org/grpc/status"
)

func newTranslator() *client.Translator {
	t, err := client.New()
	if err != nil {
		log.Fatal(err)
	}
	return t
}

// responseOf returns a response as an http.Client does.
func responseOf(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

func Example() {
	t, err := client.New(client.WithLocales("zh-CN"))
	if err != nil {
		log.Fatal(err)
	}
	response := responseOf(200, `{"error_code":"CBC.5003","error_msg":"Insufficient balance."}`)
	defer response.Body.Close()
	err = t.Check(response)
	var failure *client.Failure
	if errors.As(err, &failure) && errors.Is(err, cbcerr.ReasonBalanceInsufficient) {
		fmt.Println(failure.Err.Code, failure.Err.Message)
	}
	// Output: CBC.5003 余额不足。
}

// After Check the body is read as if nothing had happened.
func ExampleTranslator_Check() {
	t := newTranslator()
	response := responseOf(200, `{"order_id":"CS1"}`)
	defer response.Body.Close()
	if err := t.Check(response); err != nil {
		fmt.Println(err)
		return
	}
	body, err := io.ReadAll(response.Body)
	fmt.Println(string(body), err)
	// Output: {"order_id":"CS1"} <nil>
}

func ExampleTranslator_CheckBody() {
	t := newTranslator()
	header := http.Header{"Retry-After": {"3"}}
	err := t.CheckBody(429, header, []byte(`{"error_code":"CBC.0250","error_msg":"Request control."}`))
	wait, ok := cbcerr.ShouldRetry(err, false)
	fmt.Println(errors.Is(err, cbcerr.ReasonRequestThrottled))
	fmt.Println(wait, ok)
	// Output:
	// true
	// 3s true
}

// Parts of a call can fail while the others succeed.
func ExampleFailure_items() {
	t := newTranslator()
	err := t.CheckBody(200, nil, []byte(`{"order_ids":["CS1"],"fail_resource_infos":[{"resource_id":"r1","error_code":"CBC.0250"}]}`))
	var failure *client.Failure
	if errors.As(err, &failure) {
		for _, item := range failure.Items {
			fmt.Println(item.ID, item.Err.Reason)
		}
	}
	// Output: r1 REQUEST_THROTTLED
}

// A gRPC server wraps the error as it likes.
func ExampleFailure_GRPCStatus() {
	t := newTranslator()
	err := t.CheckBody(429, nil, []byte(`{"error_code":"CBC.0250"}`))
	sent := status.Convert(fmt.Errorf("paying order CS1: %w", err))
	fmt.Println(sent.Code())

	received, _ := cbcerr.FromError(sent.Err())
	fmt.Println(received.Reason)
	// Output:
	// ResourceExhausted
	// REQUEST_THROTTLED
}

func ExampleFailure_Localize() {
	t := newTranslator()
	var failure *client.Failure
	if errors.As(t.CheckBody(400, nil, []byte(`{"error_code":"CBC.5003"}`)), &failure) {
		fmt.Println(failure.Localize("fr, zh;q=0.8").Err.Locale)
	}
	// Output: zh-CN
}

func ExampleTransport() {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"error_code":"CBC.0250","error_msg":"Request control."}`)
	}))
	defer upstream.Close()

	caller := &http.Client{Transport: client.Transport(http.DefaultTransport, newTranslator())}
	response, err := caller.Get(upstream.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	if failure, failed := client.FailureOf(response); failed {
		fmt.Println(response.StatusCode, failure.Err.Reason)
	}
	// Output: 200 REQUEST_THROTTLED
}
