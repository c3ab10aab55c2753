package rpc_test

import (
	"encoding/base64"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"google.golang.org/genproto/googleapis/rpc/code"
)

// Filters that no code can match and tokens of other requests are errors.
func TestListErrorCodes_InvalidRequest(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct {
		name, field, description string
		request                  *errorv1.ListErrorCodesRequest
	}{
		{"unknown status", "status", "99", &errorv1.ListErrorCodesRequest{Status: code.Code(99).Enum()}},
		{"unknown reason", "reason", "9999", &errorv1.ListErrorCodesRequest{Reason: 9999}},
		{"unknown retry", "retry", "-1", &errorv1.ListErrorCodesRequest{Retry: -1}},
		{"unknown outcome", "outcome", "99", &errorv1.ListErrorCodesRequest{Outcome: 99}},
		{"long query", "query", "at most 256", &errorv1.ListErrorCodesRequest{Query: strings.Repeat("x", 257)}},
		{"long locale", "locale", "at most 64", &errorv1.ListErrorCodesRequest{Locale: longName(65)}},
		{"negative page", "page_size", "0 to 1000", &errorv1.ListErrorCodesRequest{PageSize: -1}},
		{"no base64", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: "!"}},
		{"text as token", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: "garbage"}},
		{"token of no sort key", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: encodeToken("x.x")}},
		{"token before the first", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: encodeToken("-2.x")}},
		{"token without a dot", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: encodeToken("00000250")}},
		{"token of another system, without filters", "page_token", "filters", &errorv1.ListErrorCodesRequest{PageToken: encodeToken("APIGW.0201/413.")}},
		{"token without filters", "page_token", "filters", &errorv1.ListErrorCodesRequest{PageToken: encodeToken("00000250.")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				_, err := via.ListErrorCodes(t.Context(), c.request)
				wantInvalid(t, err, via.spelled(c.field), c.description)
			})
		})
	}
}

// encodeToken encodes a text like a page token.
func encodeToken(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// A token is valid only with the filters of the request that returned it.
func TestPageToken_OtherFilters(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for name, other := range map[string]*errorv1.ListErrorCodesRequest{
		"query":   {Query: "balance"},
		"status":  {Status: code.Code_NOT_FOUND.Enum()},
		"reason":  {Reason: errorv1.ErrorReason_ERROR_REASON_REQUEST_THROTTLED},
		"retry":   {Retry: errorv1.RetryAdvice_RETRY_ADVICE_BACKOFF},
		"outcome": {Outcome: errorv1.Outcome_OUTCOME_APPLIED},
		"locale":  {Locale: "en"},
	} {
		t.Run(name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				page, err := via.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{})
				if err != nil || page.GetNextPageToken() == "" {
					t.Fatalf("%v, token %q", err, page.GetNextPageToken())
				}
				other.PageToken = page.GetNextPageToken()
				_, err = via.ListErrorCodes(t.Context(), other)
				wantInvalid(t, err, via.spelled("page_token"), "filters")
			})
		})
	}
}

// The page size may change between two pages.
func TestPageToken_OtherPageSize(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		first, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageSize: 20})
		if err != nil {
			t.Fatal(err)
		}
		rest, sizes := collect(t, c, &errorv1.ListErrorCodesRequest{PageToken: first.GetNextPageToken(), PageSize: 10})
		if len(rest) != 55 || len(sizes) != 6 {
			t.Errorf("%d codes on %d pages after the first 20, want 55 on 6", len(rest), len(sizes))
		}
	})
}

// A query names enum values with or without their prefix; any other name is an error of its parameter.
func TestListErrorCodes_EnumNamesInQuery(t *testing.T) {
	t.Parallel()
	base := "http://" + testserver.StartSmall(t).HTTPAddr() + "/v1/codes?pageSize=1&"
	for _, c := range []struct {
		query string
		http  int
		want  string // in the body
	}{
		{"reason=BALANCE_INSUFFICIENT", 200, `"totalSize":3`},
		{"reason=ERROR_REASON_BALANCE_INSUFFICIENT", 200, `"totalSize":3`},
		{"retry=FIX_STATE&reason=BALANCE_INSUFFICIENT", 200, `"totalSize":3`},
		{"outcome=APPLIED&status=OK", 200, `"code":"CBC.0000"`},
		{"reason=UNSPECIFIED&query=0250", 200, `"code":"CBC.0250"`},
		{"reason=balance_insufficient", 400, `"field":"reason"`},
		{"reason=ERROR_REASON_NOPE", 400, `"field":"reason"`},
		{"retry=NOPE", 400, `"field":"retry","description":"field \"retry\": \"NOPE\" is not a name of RetryAdvice, such as CHANGE_REQUEST"`},
		{"outcome=NOT_FOUND", 400, `"field":"outcome"`},
		{"status=not_found", 400, `\"not_found\" is not a name of Code, such as CANCELLED`},
		{"filter=balance", 400, `"field":"filter"`},
	} {
		t.Run(c.query, func(t *testing.T) {
			got := get(t, base+c.query, "")
			if got.StatusCode != c.http || !strings.Contains(string(got.body), c.want) {
				t.Errorf("%s: %s, want %d and %s", got.Status, got.body, c.http, c.want)
			}
		})
	}
}
