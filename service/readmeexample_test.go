package service_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
)

// newTranslator and handle contain the Go code of the project's README.
func newTranslator() (*client.Translator, error) {
	translator, err := client.New(client.WithLocales("zh-CN")) // once, for all calls
	return translator, err
}

const maxAttempts = 3

func handle(translator *client.Translator, response *http.Response, idempotent bool, attempt int) error {
	err := translator.Check(response) // *http.Response; nil if upstream succeeded, whatever HTTP says
	if wait, ok := cbcerr.ShouldRetry(err, idempotent); ok && attempt < maxAttempts {
		return retryAfter(wait)
	}
	if errors.Is(err, cbcerr.ReasonBalanceInsufficient) {
		return askForPayment()
	}
	return err // cbcerr.FromError(err) has Code, Message and Advice
}

func retryAfter(wait time.Duration) error { return fmt.Errorf("retry after %v", wait) }

func askForPayment() error { return errors.New("pay") }

// TestReadme_Go tests that this file contains the README's blocks of Go, and runs them.
func TestReadme_Go(t *testing.T) {
	source, err := os.ReadFile("readmeexample_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(readDocument(t, "README.md"), -1)
	for _, block := range blocks {
		if indented := regexp.MustCompile("(?m)^.").ReplaceAllString(block[1], "\t$0"); !strings.Contains(string(source), indented) {
			t.Errorf("readmeexample_test.go does not contain:\n%s", indented)
		}
	}
	if len(blocks) != 2 {
		t.Errorf("the README has %d blocks of Go", len(blocks))
	}
	translator, err := newTranslator()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status  int
		body    string
		attempt int
		want    string
	}{
		{200, `{"order_id":"CS1"}`, 1, "<nil>"},
		{429, `{"error_code":"CBC.0250"}`, 1, "retry after 1s"},
		{429, `{"error_code":"CBC.0250"}`, 3, "CBC.0250 REQUEST_THROTTLED"},
		{200, `{"error_code":"CBC.5003"}`, 1, "pay"},
	} {
		response := &http.Response{StatusCode: c.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(c.body))}
		got, _, _ := strings.Cut(fmt.Sprint(handle(translator, response, false, c.attempt)), ": ") // without the text
		if got != c.want {
			t.Errorf("%d %s: %s, want %s", c.status, c.body, got, c.want)
		}
	}
}
