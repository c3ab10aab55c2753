package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/protobuf/proto"
)

// TestCheck_Golden tests that Check and CheckBody give every golden case the translation that a person checked.
func TestCheck_Golden(t *testing.T) {
	translators := map[[3]string]*client.Translator{} // by caller
	for _, c := range goldens(t) {
		t.Run(c.Name, func(t *testing.T) {
			caller := [3]string{c.Locale, c.Site, c.Service}
			if translators[caller] == nil {
				translators[caller] = translatorFor(t, c)
			}
			translator := translators[caller]
			response := newResponse(c.Status, header(c), c.Body)
			defer response.Body.Close()
			checkTranslation(t, c, translator.Check(response))
			checkTranslation(t, c, translator.CheckBody(c.Status, header(c), c.Body))
			if body, err := io.ReadAll(response.Body); err != nil || !bytes.Equal(body, c.Body) {
				t.Errorf("the body after Check is %q, %v", body, err)
			}
		})
	}
}

func translatorFor(t *testing.T, c golden.Case) *client.Translator {
	t.Helper()
	translator, err := client.New(client.WithLocales(c.Locale), client.WithSite(c.Site), client.WithService(c.Service))
	if err != nil {
		t.Fatal(err)
	}
	return translator
}

func checkTranslation(t *testing.T, c golden.Case, err error) {
	t.Helper()
	var f *client.Failure
	if !errors.As(err, &f) {
		if err != nil || c.Want.GetStatus().GetCode() != 0 {
			t.Errorf("%v, want %v", err, c.Want.GetStatus())
		}
		return
	}
	if !proto.Equal(f.Err.Status, c.Want.GetStatus()) || f.HTTPStatus != c.Status || len(f.Items) != len(c.Want.GetItems()) {
		t.Fatalf("HTTP %d, %d items, %v; want %d items, %v", f.HTTPStatus, len(f.Items), f.Err.Status, len(c.Want.GetItems()), c.Want.GetStatus())
	}
	for i, want := range c.Want.GetItems() {
		if got := f.Items[i]; got.ID != want.GetId() || !proto.Equal(got.Err.Status, want.GetStatus()) {
			t.Errorf("item %q %v, want %v", got.ID, got.Err.Status, want)
		}
	}
}

// TestCheck_ErrorsWithHTTP200 tests the codes that the CBC sends with HTTP 200.
func TestCheck_ErrorsWithHTTP200(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for _, e := range c.Entries() {
		if e.HTTPStatus != http.StatusOK || e.Status == "OK" || e.Source != catalog.Page {
			continue
		}
		codes++
		response := newResponse(200, nil, fmt.Appendf(nil, `{"error_code":%q,"error_msg":"m"}`, e.Code))
		err := english(t).Check(response)
		_ = response.Body.Close()
		if got, ok := cbcerr.FromError(err); !ok || got.Code != e.Code || !errors.Is(err, cbcerr.Reason(e.Reason)) {
			t.Errorf("%s: %v", e.Code, err)
		}
	}
	if codes != 35 {
		t.Errorf("%d codes, want 35", codes)
	}
}

func goldens(t *testing.T) []golden.Case {
	t.Helper()
	cases, err := golden.Read("../translate/testdata")
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func header(c golden.Case) http.Header {
	h := http.Header{}
	for name, value := range c.Headers {
		h.Set(name, value)
	}
	return h
}

func newResponse(status int, header http.Header, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body))}
}

// english returns a Translator without options, the same for all tests.
func english(t *testing.T) *client.Translator {
	t.Helper()
	translator, err := sharedTranslator()
	if err != nil {
		t.Fatal(err)
	}
	return translator
}

var sharedTranslator = sync.OnceValues(func() (*client.Translator, error) { return client.New() })
