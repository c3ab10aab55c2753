package rpc_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// fresh is a service of its own, without a server.
func fresh(t *testing.T) *rpc.Service {
	t.Helper()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	limits := rpc.DefaultLimits()
	return rpc.New(c, translate.New(c, limits.Items), limits, "")
}

func ask(t *testing.T, s *rpc.Service, status int32, body string) {
	t.Helper()
	response := &errorv1.RawResponse{HttpStatus: status, Body: &errorv1.RawResponse_Text{Text: body}}
	if _, err := s.Translation().Translate(t.Context(), &errorv1.TranslateRequest{Response: response}); err != nil {
		t.Fatal(err)
	}
}

// What is counted is what was answered, by names of the contract only.
func TestTranslationsAreCountedByWhatTheySay(t *testing.T) {
	t.Parallel()
	s := fresh(t)
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
		ask(t, s, r.status, r.body)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(s)
	err := testutil.GatherAndCompare(registry, strings.NewReader(`# HELP translations_total Translations by status, reason and match; of upstream's successes only the status.
# TYPE translations_total counter
translations_total{match="",reason="",status="OK"} 2
translations_total{match="EXACT",reason="REQUEST_THROTTLED",status="RESOURCE_EXHAUSTED"} 2
translations_total{match="OVERLAY",reason="WRONG_SITE",status="PERMISSION_DENIED"} 1
translations_total{match="UNRECOGNIZED",reason="UNRECOGNIZED_CODE",status="UNKNOWN"} 2
translations_total{match="UNRECOGNIZED",reason="UNRECOGNIZED_RESPONSE",status="UNAVAILABLE"} 1
# HELP unknown_codes_total Translations of codes of the CBC that the catalogue does not have.
# TYPE unknown_codes_total counter
unknown_codes_total 2
`))
	if err != nil {
		t.Error(err)
	}
	if got := unknownCodes(t, s); len(got) != 1 || got[0].Code != "CBC.9876" || got[0].Count != 2 || got[0].AtMostTooMany != 0 {
		t.Errorf("%+v, want CBC.9876 twice", got)
	}
}

type unknownCode struct {
	Code                 string
	Count, AtMostTooMany int64
}

// unknownCodes is what operators are told.
func unknownCodes(t *testing.T, s *rpc.Service) []unknownCode {
	t.Helper()
	mux, answer := http.NewServeMux(), httptest.NewRecorder()
	s.UnknownCodes().RegisterPages(mux)
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/unknown-codes", http.NoBody))
	var page struct{ Codes []unknownCode }
	if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	return page.Codes
}

// However many unknown codes there are, those that come often are found, with bounds that hold, in a list of 256.
func TestFrequentUnknownCodesAreFoundAmongMany(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	came := map[string]int64{}
	for i := range 2000 {
		code := fmt.Sprintf("CBC.9%07d", i)
		if i%4 == 0 {
			code = "CBC.9876"
		}
		came[code]++
		ask(t, s, 500, `{"error_code":"`+code+`"}`)
	}
	got := unknownCodes(t, s)
	if len(got) != 256 || got[0].Code != "CBC.9876" {
		t.Fatalf("%d codes, the first %+v; want 256 and CBC.9876", len(got), got[0])
	}
	for _, u := range got {
		if n := came[u.Code]; u.Count < n || u.Count-u.AtMostTooMany > n {
			t.Errorf("%s came %d times, not %d less at most %d", u.Code, n, u.Count, u.AtMostTooMany)
		}
	}
}

// A catalogue that is put in use answers from the next question on, over every way in.
func TestAnotherCatalogueIsUsed(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	before := say(t, s)
	c, err := catalog.Embedded(fstest.MapFS{"ja.tsv": {Data: []byte("key\ttext\nCBC.0250\t制限中\n")}})
	if err != nil {
		t.Fatal(err)
	}
	s.Use(c, translate.New(c, 1))
	if diff := cmp.Diff([]string{"en", "ja", "zh-CN"}, say(t, s)); diff != "" || len(before) != 2 {
		t.Errorf("before %q (-want +got)\n%s", before, diff)
	}
	answer, err := s.Translation().Translate(t.Context(), &errorv1.TranslateRequest{
		Response: &errorv1.RawResponse{HttpStatus: 429, Body: &errorv1.RawResponse_Text{Text: `{"error_code":"CBC.0250"}`}}, Locales: []string{"ja"},
	})
	if err != nil || answer.GetTranslation().GetLocale() != "ja" {
		t.Errorf("%v, %v, want Japanese", answer, err)
	}
}

func say(t *testing.T, s *rpc.Service) []string {
	t.Helper()
	answer, err := s.Catalog().ListLocales(t.Context(), &errorv1.ListLocalesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetLocales()
}
