package client_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

// newUpstream starts a server whose paths are a success, an error, and a redirect to the error.
func newUpstream(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/success", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"order_id":"CS1"}`) })
	mux.HandleFunc("/error", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, wrongSite) })
	mux.Handle("/moved", http.RedirectHandler("/error", http.StatusFound))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// A timeout makes http.Client wrap the body.
func TestTransport_MarksResponses(t *testing.T) {
	url := newUpstream(t)
	caller := &http.Client{Transport: client.Transport(nil, english(t)), Timeout: time.Minute}
	for path, failed := range map[string]bool{"/success": false, "/error": true, "/moved": true} {
		response, err := caller.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		f, ok := client.FailureOf(response)
		if ok != failed || ok && !errors.Is(f, cbcerr.ReasonWrongSite) {
			t.Errorf("%s: %v, %t", path, f, ok)
		}
		want := `{"order_id":"CS1"}`
		if failed {
			want = wrongSite
		}
		if body, err := io.ReadAll(response.Body); err != nil || string(body) != want {
			t.Errorf("%s: body %q, %v", path, body, err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTransport_ReturnErrors(t *testing.T) {
	url := newUpstream(t)
	caller := &http.Client{Transport: client.Transport(nil, english(t), client.ReturnErrors())}
	for path, failed := range map[string]bool{"/success": false, "/error": true, "/moved": true} {
		response, err := caller.Get(url + path)
		if errors.Is(err, cbcerr.ReasonWrongSite) != failed || (err != nil) != failed {
			t.Errorf("%s: %v", path, err)
		}
		if err == nil {
			_ = response.Body.Close()
		}
	}
}

// A base answers with its response, or with its error. It leaves out the request.
type base struct {
	response *http.Response
	err      error
}

// RoundTrip implements http.RoundTripper.
func (b base) RoundTrip(*http.Request) (*http.Response, error) { return b.response, b.err }

func TestTransport_ErrorOfBase(t *testing.T) {
	broken := errors.New("no route")
	caller := &http.Client{Transport: client.Transport(base{err: broken}, english(t), client.ReturnErrors())}
	if response, err := caller.Get("http://cbc.example.com"); !errors.Is(err, broken) {
		_ = response.Body.Close()
		t.Error(err)
	}
}

// An error that is returned closes the body. A base that leaves out the request still has its responses marked.
func TestTransport_Body(t *testing.T) {
	for _, options := range [][]client.TransportOption{nil, {client.ReturnErrors()}} {
		body := &countingBody{Reader: strings.NewReader(wrongSite)}
		upstream := base{response: &http.Response{StatusCode: http.StatusOK, Body: body}}
		caller := &http.Client{Transport: client.Transport(upstream, english(t), options...)}
		response, err := caller.Get("http://cbc.example.com")
		if (err != nil) != (options != nil) || body.closed != (options != nil) {
			t.Errorf("%v, body closed: %t", err, body.closed)
		}
		if _, marked := client.FailureOf(response); marked != (options == nil) {
			t.Errorf("marked: %t", marked)
		}
		if err == nil {
			_ = response.Body.Close()
		}
	}
}

// A call that cannot be judged is not sent.
func TestTransport_NoTranslator(t *testing.T) {
	for _, translator := range []*client.Translator{nil, {}} {
		upstream := base{err: errors.New("sent")}
		caller := &http.Client{Transport: client.Transport(upstream, translator, nil)}
		body := &countingBody{Reader: strings.NewReader("{}")}
		response, err := caller.Post("http://cbc.example.com", "application/json", body)
		if err == nil || !strings.Contains(err.Error(), "New") || !body.closed {
			_ = response.Body.Close()
			t.Errorf("%v, body closed: %t", err, body.closed)
		}
	}
}

// A response without a body, and no response at all, are what http.Client permits.
func TestTransport_BareBase(t *testing.T) {
	bare := base{response: &http.Response{StatusCode: http.StatusInternalServerError}}
	caller := &http.Client{Transport: client.Transport(bare, english(t), client.ReturnErrors())}
	if response, err := caller.Get("http://cbc.example.com"); !errors.Is(err, cbcerr.ReasonUnrecognizedResponse) {
		_ = response.Body.Close()
		t.Errorf("no body: %v", err)
	}
	caller.Transport = client.Transport(base{}, english(t))
	if response, err := caller.Get("http://cbc.example.com"); err == nil || !strings.Contains(err.Error(), "nil") {
		_ = response.Body.Close()
		t.Errorf("no response: %v", err)
	}
}

func TestTransport_CloseIdleConnections(t *testing.T) {
	closed := make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateClosed {
			closed <- struct{}{}
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	caller := &http.Client{Transport: client.Transport(&http.Transport{}, english(t))}
	response, err := caller.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	caller.CloseIdleConnections()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Error("the connection is still open")
	}
	(&http.Client{Transport: client.Transport(base{}, english(t))}).CloseIdleConnections() // base has none to close
}

// A request whose context is that of a failed response is judged anew.
func TestFailureOf_ContextOfAnotherResponse(t *testing.T) {
	url := newUpstream(t)
	caller := &http.Client{Transport: client.Transport(nil, english(t)), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	failed, err := caller.Get(url + "/error")
	if err != nil {
		t.Fatal(err)
	}
	_ = failed.Body.Close()
	for _, path := range []string{"/success", "/moved"} {
		request, err := http.NewRequestWithContext(failed.Request.Context(), http.MethodGet, url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := caller.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if f, ok := client.FailureOf(response); ok || f != nil {
			t.Errorf("%s: %v", path, f)
		}
	}
	if _, ok := client.FailureOf(failed); !ok {
		t.Error("the first response lost its failure")
	}
}

func TestFailureOf_OtherResponses(t *testing.T) {
	for _, r := range []*http.Response{nil, {}, {Request: httptest.NewRequest(http.MethodGet, "/", nil)}} {
		if f, ok := client.FailureOf(r); ok || f != nil {
			t.Errorf("%v", f)
		}
	}
}

// metadataOf returns the metadata of an error's ErrorInfo.
func metadataOf(t *testing.T, e *cbcerr.Error) map[string]string {
	t.Helper()
	if e == nil {
		t.Fatal("no error")
	}
	return golden.Detail[errdetails.ErrorInfo](e.Status).GetMetadata()
}
