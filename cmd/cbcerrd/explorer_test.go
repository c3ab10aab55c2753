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

// An unknown path is a page for browsers, and an error in JSON for all others. The page explains with the limits of the API.
func pagesForBrowsers(t *testing.T, p program) {
	d := p.start(t, nil, append(freePorts(), "--max-body", "100")...)
	const browser = "text/html,application/xhtml+xml,*/*;q=0.8"
	for _, c := range []struct {
		path, accept string
		status       int
		html         bool
	}{
		{"/nothing", browser, 404, true}, {"/nothing/", browser, 404, true}, {"/v1/nothing", browser, 404, true}, {"/nothing", "*/*", 404, false}, {"/nothing", "application/json", 404, false},
		{"/codes", browser, 200, true}, {"/reasons", "", 200, true},
	} {
		if status, text := d.get(t, c.path, c.accept); status != c.status || strings.HasPrefix(text, "<!doctype html>") != c.html {
			t.Errorf("%s for %q: %d, %.80s", c.path, c.accept, status, text)
		}
	}
	for text, want := range map[string]string{
		`HTTP/2 429\n\n{\"error_code\":\"CBC.0250\"}`: `"statusFrom":"copy"`,
		strings.Repeat("x", 101):                      `"message":"101 bytes; a body has at most 100"`,
	} {
		if _, got := d.post(t, "/explorer/explain", "", `{"response":{"text":"`+text+`"}}`); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	_, info := d.get(t, "/explorer/server.json", "")
	if want := `{"grpcAddr":"` + d.grpc + `","tls":false}`; strings.TrimSpace(info) != want {
		t.Errorf("%s, want %s", info, want)
	}
}

// Explanations have the limits of calls.
func explanationRate(t *testing.T, p program) {
	d := p.start(t, nil, append(freePorts(), "--client-rate", "1", "--client-burst", "1")...)
	for _, want := range []int{200, 429} {
		if status, text := d.post(t, "/explorer/explain", "", `{"response":{"text":"{}"}}`); status != want {
			t.Errorf("%d, want %d: %s", status, want, text)
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
