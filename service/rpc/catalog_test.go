package rpc_test

import (
	"slices"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
)

// balanceEntry returns the catalogue's entry of CBC.5003.
func balanceEntry() *errorv1.CatalogEntry {
	return &errorv1.CatalogEntry{
		Code: "CBC.5003", Number: 5003, HttpStatus: 400, Status: code.Code_FAILED_PRECONDITION, Reason: errorv1.ErrorReason_ERROR_REASON_BALANCE_INSUFFICIENT,
		Retry: errorv1.RetryAdvice_RETRY_ADVICE_FIX_STATE, Outcome: errorv1.Outcome_OUTCOME_NOT_APPLIED, RelatedCodes: []string{"CBC.30060005", "CBC.99005003"}, Source: "page",
		Texts: []*errdetails.LocalizedMessage{
			{Locale: "en", Message: "Insufficient balance."}, {Locale: "zh-CN", Message: "余额不足。"},
		},
		Advice: []*errdetails.LocalizedMessage{
			{Locale: "en", Message: "Top up the account, then repeat the call."}, {Locale: "zh-CN", Message: "请为账户充值后重试。"},
		},
	}
}

func throttledEntry() *errorv1.CatalogEntry {
	return &errorv1.CatalogEntry{
		Code: "CBC.0250", Number: 250, HttpStatus: 429, Status: code.Code_RESOURCE_EXHAUSTED, Reason: errorv1.ErrorReason_ERROR_REASON_REQUEST_THROTTLED,
		Retry: errorv1.RetryAdvice_RETRY_ADVICE_BACKOFF, Outcome: errorv1.Outcome_OUTCOME_NOT_APPLIED, Wait: durationpb.New(1e9), RelatedCodes: []string{"APIGW.0308", "IAM.0012"}, Source: "page",
		Texts: []*errdetails.LocalizedMessage{
			{Locale: "en", Message: textOf0250("en")}, {Locale: "zh-CN", Message: textOf0250("zh-CN")},
		},
		Advice: []*errdetails.LocalizedMessage{
			{Locale: "en", Message: "Wait a moment, then repeat the call and send requests less often."}, {Locale: "zh-CN", Message: "请稍后重试，并降低请求频率。"},
		},
	}
}

// keepUpstreamTexts removes texts in languages that upstream does not have, so that a new locale changes no test.
func keepUpstreamTexts(entries []*errorv1.CatalogEntry) []*errorv1.CatalogEntry {
	for _, entry := range entries {
		further := func(text *errdetails.LocalizedMessage) bool {
			return text.GetLocale() != "en" && text.GetLocale() != "zh-CN"
		}
		entry.Texts, entry.Advice = slices.DeleteFunc(entry.GetTexts(), further), slices.DeleteFunc(entry.GetAdvice(), further)
	}
	return entries
}

func TestGetErrorCode_Entry(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		for _, want := range []*errorv1.CatalogEntry{balanceEntry(), throttledEntry()} {
			got, err := c.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: want.GetCode()})
			if diff := cmp.Diff([]*errorv1.CatalogEntry{want}, keepUpstreamTexts([]*errorv1.CatalogEntry{got.GetEntry()}), protocmp.Transform()); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got)\n%s", want.GetCode(), err, diff)
			}
		}
	})
}

// An entry names its source, the locales that this project translated, and the system if it is not the CBC.
func TestGetErrorCode_Source(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		for _, want := range []*errorv1.CatalogEntry{
			{Code: "CBC.99000014", HttpStatus: 200, Source: "api-bpconsole/mp_02002", TranslatedLocales: []string{"en"}},
			{Code: "CBC.80021021", Source: "public code", TranslatedLocales: []string{"en", "zh-CN"}},
			{Code: "APIGW.0801", Service: "apigateway", Source: "devg-apisign/api-sign-errorcode", TranslatedLocales: []string{"zh-CN"}},
			{Code: "IAM.0012", Service: "iam", Source: "api-iam/iam_02_0006"},
			{Code: "MKT.0150", Service: "koogallery", Source: "KooGallery usage push"},
		} {
			response, err := c.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: want.GetCode()})
			e := response.GetEntry()
			got := &errorv1.CatalogEntry{Code: e.GetCode(), HttpStatus: e.GetHttpStatus(), Service: e.GetService(), Source: e.GetSource(), TranslatedLocales: e.GetTranslatedLocales()}
			if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" || err != nil || len(response.GetOtherEntries()) > 0 {
				t.Errorf("%s: %v, %d others (-want +got)\n%s", want.GetCode(), err, len(response.GetOtherEntries()), diff)
			}
		}
	})
}

func TestGetErrorCode_OtherEntries(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		response, err := c.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: "apig.0201"})
		if err != nil {
			t.Fatal(err)
		}
		got := map[int32]string{response.GetEntry().GetHttpStatus(): render.EnumName(response.GetEntry().GetReason())}
		for _, e := range response.GetOtherEntries() {
			got[e.GetHttpStatus()] = render.EnumName(e.GetReason())
		}
		want := map[int32]string{400: "PARAMETER_INVALID", 413: "REQUEST_TOO_LARGE", 414: "REQUEST_TOO_LARGE", 494: "REQUEST_TOO_LARGE",
			500: "GATEWAY_ERROR", 502: "BACKEND_UNAVAILABLE", 504: "GATEWAY_TIMEOUT"}
		if diff := cmp.Diff(want, got); diff != "" || response.GetEntry().GetHttpStatus() != 400 {
			t.Errorf("first HTTP status %d (-want +got)\n%s", response.GetEntry().GetHttpStatus(), diff)
		}
	})
}

// A code is found in any letter case, by its digits and by its enum number.
func TestGetErrorCode_Spelling(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct{ input, code string }{
		{"CBC.0250", "CBC.0250"},
		{"cbc.0250", "CBC.0250"},
		{"250", "CBC.0250"},
		{"0250", "CBC.0250"},
		{"10000", "CBC.0000"}, // the enum's number of the success code, as 0 is unspecified
		{"CBC.0000", "CBC.0000"},
		{"99003651", "CBC.99003651"},
		{"80021021", "CBC.80021021"}, // not on the page
		{"APIGW.0201", "APIGW.0201"},
		{"apig.0201", "APIGW.0201"},
		{"IAM.0001", "IAM.0001"},
		{"mkt.0000", "MKT.0000"},
	} {
		t.Run(c.input, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				got, err := via.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: c.input})
				if err != nil || got.GetEntry().GetCode() != c.code {
					t.Errorf("%v, %v, want %s", got.GetEntry().GetCode(), err, c.code)
				}
			})
		})
	}
}

func TestGetErrorCode_Unknown(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, code := range []string{"0", "CBC.99999999", "CBC.250", "-250", "250.0", "APIGW.0999", "MKT.0001", "no code at all?"} {
		t.Run(code, func(t *testing.T) {
			unknown := ownInfo("UNKNOWN_CODE")
			unknown.Metadata = map[string]string{"code": code}
			forEachTransport(t, both, func(t *testing.T, via client) {
				_, err := via.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: code})
				wantError(t, err, codes.NotFound, unknown)
			})
		})
	}
}

func TestGetErrorCode_InvalidCode(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct{ name, code, description string }{
		{"empty", "", "missing"},
		{"too long", strings.Repeat("1", 65), "at most 64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				_, err := via.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: c.code})
				wantInvalid(t, err, "code", c.description)
			})
		})
	}
}

func TestListLocales(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		got, err := c.ListLocales(t.Context(), &errorv1.ListLocalesRequest{})
		if err != nil || len(got.GetLocales()) < 2 || got.GetDefaultLocale() != "en" {
			t.Fatalf("%v, %v", got, err)
		}
		if rest := got.GetLocales()[1:]; got.GetLocales()[0] != "en" || !slices.IsSorted(rest) || !slices.Contains(rest, "zh-CN") {
			t.Errorf("%q, want en, then the others in order", got.GetLocales())
		}
	})
}

// All methods return the same catalogue version.
func TestCatalogVersion_SameInAllResponses(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		one, err1 := c.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: "250"})
		list, err2 := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{})
		locales, err3 := c.ListLocales(t.Context(), &errorv1.ListLocalesRequest{})
		versions := []string{one.GetCatalogVersion(), list.GetCatalogVersion(), locales.GetCatalogVersion()}
		if versions[0] == "" || versions[0] != versions[1] || versions[1] != versions[2] {
			t.Errorf("versions %q, errors %v, %v, %v", versions, err1, err2, err3)
		}
	})
}
