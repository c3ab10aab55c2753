package rpc_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// newService returns a service without a server.
func newService(t *testing.T) *rpc.Service {
	t.Helper()
	c := testserver.Small(t)
	limits := rpc.DefaultLimits()
	return rpc.New(c, translate.New(c, limits.Items), limits, "")
}

func translateBody(t *testing.T, s *rpc.Service, status int32, body string) {
	t.Helper()
	response := &errorv1.RawResponse{HttpStatus: status, Body: &errorv1.RawResponse_Text{Text: body}}
	if _, err := s.Translation().Translate(t.Context(), &errorv1.TranslateRequest{Response: response}); err != nil {
		t.Fatal(err)
	}
}

// Translations are counted by constants of the contract only.
func TestMetrics_Labels(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, r := range []struct {
		status int32
		body   string
	}{
		{429, `{"error_code":"CBC.0250","error_msg":"slow"}`},
		{429, `{"error_code":"CBC.0250"}`},
		{400, `{"error_code":"CBC.0150","error_msg":"does not belong to the website"}`},
		{200, `{"error_code":"CBC.0000"}`},
		{200, `{}`},
		{500, `{"error_code":"CBC.9876","error_msg":"new"}`},
		{500, `{"error_code":"CBC.9876","error_msg":"new"}`},
		{502, `<html>`},
	} {
		translateBody(t, s, r.status, r.body)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(s)
	err := testutil.GatherAndCompare(registry, strings.NewReader(`# HELP translations_total Translations by status, reason and match; a success has only a status.
# TYPE translations_total counter
translations_total{match="",reason="",status="OK"} 2
translations_total{match="EXACT",reason="REQUEST_THROTTLED",status="RESOURCE_EXHAUSTED"} 2
translations_total{match="OVERLAY",reason="WRONG_SITE",status="PERMISSION_DENIED"} 1
translations_total{match="UNRECOGNIZED",reason="UNRECOGNIZED_CODE",status="UNKNOWN"} 2
translations_total{match="UNRECOGNIZED",reason="UNRECOGNIZED_RESPONSE",status="UNAVAILABLE"} 1
# HELP unknown_codes_total Translations of CBC codes that are not in the catalogue.
# TYPE unknown_codes_total counter
unknown_codes_total 2
`))
	if err != nil {
		t.Error(err)
	}
	if got := unknownCodes(t, s); len(got) != 1 || got[0].Code != "CBC.9876" || got[0].Count != 2 || got[0].MaxOvercount != 0 {
		t.Errorf("%+v, want CBC.9876 twice", got)
	}
}

type unknownCode struct {
	Code                string
	Count, MaxOvercount int64
}

// unknownCodes returns the codes of the admin page.
func unknownCodes(t *testing.T, s *rpc.Service) []unknownCode {
	t.Helper()
	mux, response := http.NewServeMux(), httptest.NewRecorder()
	s.UnknownCodes().RegisterPages(mux)
	mux.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/unknown-codes", http.NoBody))
	var page struct{ Codes []unknownCode }
	if err := json.Unmarshal(response.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	return page.Codes
}

// Frequent codes are listed among many others. The list has at most 256 codes, and its bounds hold.
func TestUnknownCodes_Bounds(t *testing.T) {
	t.Parallel()
	s := newService(t)
	want := map[string]int64{}
	for i := range 2000 {
		code := fmt.Sprintf("CBC.9%07d", i)
		if i%4 == 0 {
			code = "CBC.9876"
		}
		want[code]++
		translateBody(t, s, 500, `{"error_code":"`+code+`"}`)
	}
	got := unknownCodes(t, s)
	if len(got) != 256 || got[0].Code != "CBC.9876" {
		t.Fatalf("%d codes, the first %+v; want 256 and CBC.9876", len(got), got[0])
	}
	for _, u := range got {
		if n := want[u.Code]; u.Count < n || u.Count-u.MaxOvercount > n {
			t.Errorf("%s was added %d times, counted %d with an overcount of at most %d", u.Code, n, u.Count, u.MaxOvercount)
		}
	}
}

// Both services use the new catalogue from the next call.
func TestSetCatalog(t *testing.T) {
	t.Parallel()
	s := newService(t)
	before := listLocales(t, s)
	c, err := catalog.Load(testserver.Tables(t), fstest.MapFS{"ja.tsv": {Data: []byte("key\ttext\nCBC.0250\t制限中\n")}})
	if err != nil {
		t.Fatal(err)
	}
	s.SetCatalog(c, translate.New(c, 1))
	if diff := cmp.Diff([]string{"en", "ja", "zh-CN"}, listLocales(t, s)); diff != "" || len(before) != 2 {
		t.Errorf("before %q (-want +got)\n%s", before, diff)
	}
	response, err := s.Translation().Translate(t.Context(), &errorv1.TranslateRequest{
		Response: &errorv1.RawResponse{HttpStatus: 429, Body: &errorv1.RawResponse_Text{Text: `{"error_code":"CBC.0250"}`}}, Locales: []string{"ja"},
	})
	if err != nil || response.GetTranslation().GetLocale() != "ja" {
		t.Errorf("%v, %v, want Japanese", response, err)
	}
}

func listLocales(t *testing.T, s *rpc.Service) []string {
	t.Helper()
	response, err := s.Catalog().ListLocales(t.Context(), &errorv1.ListLocalesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return response.GetLocales()
}
