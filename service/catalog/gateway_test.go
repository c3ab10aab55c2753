package catalog_test

import (
	"os"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
)

// gatewayEntries are those of the small catalogue, written out.
var gatewayEntries = []*catalog.Entry{
	{Code: "APIGW.0201", Key: "APIGW.0201/409", Service: "apigateway", HTTPStatus: 409, Status: "ABORTED", Reason: "LOCKED",
		Retry: "BACKOFF", Outcome: "NOT_APPLIED", Wait: 30 * time.Second, Details: []catalog.Detail{{"precondition", []string{"RESOURCE_STATE"}}},
		Related: []string{"CBC.3002", "CBC.99003002", "IAM.0012"}, Source: "gateway page", Translated: []string{"zh-CN"}},
	{Code: "APIGW.0201", Key: "APIGW.0201/504", Service: "apigateway", HTTPStatus: 504, Status: "DEADLINE_EXCEEDED", Reason: "LOCKED",
		Retry: "VERIFY_FIRST", Outcome: "UNKNOWN", Related: []string{"CBC.3002", "CBC.99003002", "IAM.0012"}, Source: "gateway page"},
	{Code: "IAM.0012", Key: "IAM.0012", Service: "iam", Status: "ABORTED", Reason: "LOCKED",
		Retry: "BACKOFF", Outcome: "NOT_APPLIED", Wait: 30 * time.Second, Details: []catalog.Detail{{"precondition", []string{"RESOURCE_STATE"}}},
		Related: []string{"CBC.3002", "CBC.99003002", "APIGW.0201"}, Source: "iam page"},
}

func TestGateway(t *testing.T) {
	c := load(t, os.DirFS(small))
	if diff := cmp.Diff(gatewayEntries, c.Gateway()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, e := range gatewayEntries {
		if got, ok := c.Lookup(e.Code); ok {
			t.Errorf("Lookup(%q) = %v, want codes of the CBC only", e.Code, got)
		}
	}
}

func TestLookupGateway(t *testing.T) {
	folder := copied(t, small)
	edit{"gateway.tsv", 5, "", "IAM.0012\t429\tiam\tABORTED\tLOCKED\tBACKOFF\tNOT_APPLIED\t\t\tToo fast.\t太快。\t\tiam page"}.apply(t, folder)
	c := load(t, folder)
	for _, tc := range []struct {
		name, code string
		http       int
		want       string
	}{
		{"its HTTP status", "APIGW.0201", 409, "APIGW.0201/409"},
		{"another of its HTTP statuses", "APIGW.0201", 504, "APIGW.0201/504"},
		{"no line has the HTTP status", "APIGW.0201", 400, ""},
		{"HTTP status not known", "APIGW.0201", 0, ""},
		{"any HTTP status", "IAM.0012", 500, "IAM.0012"},
		{"any HTTP status, not known", "IAM.0012", 0, "IAM.0012"},
		{"the HTTP status before any", "IAM.0012", 429, "IAM.0012/429"},
		{"other name of the gateway", "APIG.0201", 409, "APIGW.0201/409"},
		{"lower case is not canonical", "apigw.0201", 409, ""},
		{"unknown code", "IAM.0013", 400, ""},
		{"code of the CBC", "CBC.0250", 429, ""},
		{"nothing", "", 400, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := first(c.LookupGateway(tc.code, tc.http)); got != tc.want {
				t.Errorf("LookupGateway(%q, %d) = %q, want %q", tc.code, tc.http, got, tc.want)
			}
		})
	}
}

func TestText_Gateway(t *testing.T) {
	c := load(t, copied(t, small), localeFile("de.tsv", "APIGW.0201/504\tZeit abgelaufen."))
	for _, tc := range []struct{ key, tag, text, found string }{
		{"APIGW.0201/409", "en", "The gateway is locked.", "en"},
		{"APIGW.0201/504", "zh-CN", "网关超时", "zh-CN"},
		{"APIGW.0201/504", "de", "Zeit abgelaufen.", "de"},
		{"APIGW.0201/409", "de", "The gateway is locked.", "en"},
		{"APIGW.0201", "en", "", "en"},
	} {
		if text, found := c.Text(tc.key, tc.tag); text != tc.text || found != tc.found {
			t.Errorf("Text(%q, %q) = %q, %q; want %q, %q", tc.key, tc.tag, text, found, tc.text, tc.found)
		}
	}
}
