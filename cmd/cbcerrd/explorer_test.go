package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen"
)

// Links use --public-url, and never the Host of a request.
func publicURL(t *testing.T, p program) {
	d := p.start(t, nil, append(freePorts(), "--public-url", "https://x.example/errors")...)
	if _, page := d.get(t, "/", ""); !strings.Contains(page, `<base href="/errors/">`) {
		t.Error(page)
	}
	if status, _ := d.get(t, "/codes/CBC.0001", ""); status != http.StatusNotFound {
		t.Errorf("unknown code: %d", status)
	}
	if _, document := d.get(t, "/openapi.json", ""); document != string(gen.OpenAPI) {
		t.Errorf("%d bytes of OpenAPI, want the generated ones", len(document))
	}
	for path, want := range map[string]string{
		"/v1/codes/CBC.0001": "urn:cbcerr:reason:UNKNOWN_CODE", // an error of the service itself has no page
		"/v1/nothing":        "urn:cbcerr:reason:METHOD_NOT_FOUND",
	} {
		_, text := d.get(t, path, "application/problem+json")
		wantType(t, text, want)
	}
	_, text := d.post(t, "/v1/responses:raise", "", `{"response":{"httpStatus":429,"text":"{\"error_code\":\"CBC.0250\"}"}}`)
	if strings.Contains(text, "x.example") {
		t.Errorf("a link in a status: %s", text)
	}
	request, err := http.NewRequest(http.MethodPost, d.rest+"/v1/responses:raise", strings.NewReader(`{"response":{"httpStatus":500}}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "evil.example"
	_, text = d.send(t, request, "application/problem+json")
	wantType(t, text, "https://x.example/errors/reasons/UNRECOGNIZED_RESPONSE")
}

// A page rejects other methods with 405, like a route. An unclean path is not found.
func pageMethods(t *testing.T, p program) {
	d := p.start(t, nil, freePorts()...)
	for _, c := range []struct {
		verb, path string
		status     int
		allow      string
	}{
		{http.MethodPost, "/", 405, "GET, HEAD"}, {http.MethodDelete, "/codes/CBC.0250", 405, "GET, HEAD"}, {http.MethodPost, "/openapi.json", 405, "GET, HEAD"},
		{http.MethodGet, "//translate", 404, ""}, {http.MethodGet, "/x/../translate", 404, ""}, {http.MethodPost, "/nothing", 404, ""},
		{http.MethodPost, "/v1/codes", 405, "GET, HEAD"}, {http.MethodHead, "/translate", 200, ""},
	} {
		request, err := http.NewRequest(c.verb, d.rest+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != c.status || response.Header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %s, Allow: %q, want %d, %q", c.verb, c.path, response.Status, response.Header.Get("Allow"), c.status, c.allow)
		}
	}
}

// wantType checks the type of a problem.
func wantType(t *testing.T, problem, want string) {
	t.Helper()
	var got struct{ Type string }
	if err := json.Unmarshal([]byte(problem), &got); err != nil || got.Type != want {
		t.Errorf("%q, %v, want %q", got.Type, err, want)
	}
}

func (d *daemon) get(t *testing.T, path, accept string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, d.rest+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d.send(t, request, accept)
}

func (d *daemon) send(t *testing.T, request *http.Request, accept string) (status int, text string) {
	t.Helper()
	if accept != "" {
		request.Header.Set("Accept", accept)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
