package fakecbc

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
)

// An answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of reading the body
}

// call sends a signed request. Keys that are wrong make the signature invalid.
func call(t *testing.T, url string, k Keys, s Scenario) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), s.Method, url+s.Path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	date, names := time.Now().UTC().Format(dateLayout), []string{"host", "x-sdk-date"}
	r.Header.Set(dateHeader, date)
	r.Header.Set("Authorization", algorithm+" Access="+k.Access+", SignedHeaders="+strings.Join(names, ";")+
		", Signature="+k.sign(date, canonicalRequest(r, names, []byte("{}"))))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body), err}
}

func start(t *testing.T) *Server {
	t.Helper()
	server, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// Each response arrives as the table has it. The one whose length is too great breaks off.
func TestServer_Scenarios(t *testing.T) {
	server := start(t)
	for _, s := range scenariosOf(t) {
		got := call(t, server.URL, TestKeys, s)
		if got.status != s.Status || got.body != s.Body || got.header.Get("X-Request-Id") != s.Name {
			t.Errorf("%s: %+v", s.Name, got)
		}
		if broken := s.Name == "broken_off"; errors.Is(got.err, io.ErrUnexpectedEOF) != broken {
			t.Errorf("%s: %v", s.Name, got.err)
		}
		for name, value := range s.Headers {
			if sent := got.header.Get(name); sent != value {
				t.Errorf("%s: %s is %q, want %q", s.Name, name, sent, value)
			}
		}
		if calls := server.Calls(); calls[len(calls)-1] != (Call{s.Name, nil}) {
			t.Errorf("%s: noted as %v", s.Name, calls[len(calls)-1])
		}
	}
}

func TestServer_Refusals(t *testing.T) {
	server := start(t)
	order := scenariosOf(t)[0]
	if got := call(t, server.URL, Keys{TestKeys.Access, "other"}, order); got.status != 401 || !strings.Contains(got.body, `"APIGW.0301"`) {
		t.Errorf("other keys: %+v", got)
	}
	order.Path += "x"
	if got := call(t, server.URL, TestKeys, order); got.status != 404 || !strings.Contains(got.body, `"APIGW.0101"`) {
		t.Errorf("other path: %+v", got)
	}
	if calls := server.Calls(); len(calls) != 2 || calls[0].Signature == nil || calls[1] != (Call{}) {
		t.Errorf("%v", calls)
	}
}

func TestServer_Unsigned(t *testing.T) {
	server := start(t)
	server.Unsigned = true
	order := scenariosOf(t)[0]
	if got := call(t, server.URL, Keys{}, order); got.status != order.Status || got.body != order.Body {
		t.Errorf("%+v", got)
	}
	if calls := server.Calls(); len(calls) != 1 || calls[0].Signature == nil {
		t.Errorf("%v", calls)
	}
}

// The table has 24 scenarios with names and requests of their own.
func TestScenarios_Table(t *testing.T) {
	names, requests := map[string]bool{}, map[string]bool{}
	for _, s := range scenariosOf(t) {
		names[s.Name], requests[s.Method+" "+s.Path] = true, true
		if _, ok := code.Code_value[s.Want.Status]; !ok || s.Want.Failed() != (s.Want.Reason != "") {
			t.Errorf("%s: %+v", s.Name, s.Want)
		}
	}
	if len(names) != 24 || len(requests) != 24 {
		t.Errorf("%d names, %d requests", len(names), len(requests))
	}
}

func scenariosOf(t *testing.T) []Scenario {
	t.Helper()
	all, err := Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
