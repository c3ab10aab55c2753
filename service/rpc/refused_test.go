package rpc_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// A condition that no code can ever meet is a mistake, and not an empty list.
func TestListsThatCannotBe(t *testing.T) {
	t.Parallel()
	both := clients(t)
	for _, c := range []struct {
		name, field, says string
		request           *errorv1.ListErrorCodesRequest
	}{
		{"unknown status", "status", "NOPE", &errorv1.ListErrorCodesRequest{Status: "NOPE"}},
		{"status in lower case", "status", "not_found", &errorv1.ListErrorCodesRequest{Status: "not_found"}},
		{"unknown reason", "reason", "NOPE", &errorv1.ListErrorCodesRequest{Reason: "NOPE"}},
		{"reason with prefix", "reason", "ERROR_REASON_", &errorv1.ListErrorCodesRequest{Reason: "ERROR_REASON_REQUEST_THROTTLED"}},
		{"no reason", "reason", "UNSPECIFIED", &errorv1.ListErrorCodesRequest{Reason: "UNSPECIFIED"}},
		{"unknown retry", "retry", "NOPE", &errorv1.ListErrorCodesRequest{Retry: "NOPE"}},
		{"unknown outcome", "outcome", "NOPE", &errorv1.ListErrorCodesRequest{Outcome: "NOPE"}},
		{"long filter", "filter", "at most 256", &errorv1.ListErrorCodesRequest{Filter: strings.Repeat("x", 257)}},
		{"long locale", "locale", "at most 64", &errorv1.ListErrorCodesRequest{Locale: long(65)}},
		{"negative page", "page_size", "0 to 1000", &errorv1.ListErrorCodesRequest{PageSize: -1}},
		{"no token", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: "!"}},
		{"text as token", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: "garbage"}},
		{"token of no place", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: token("x.x")}},
		{"token before the first", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: token("-2.x")}},
		{"token without a dot", "page_token", "not a token", &errorv1.ListErrorCodesRequest{PageToken: token("00000250")}},
		{"token of another system, without conditions", "page_token", "conditions", &errorv1.ListErrorCodesRequest{PageToken: token("APIGW.0201/413.")}},
		{"token without conditions", "page_token", "conditions", &errorv1.ListErrorCodesRequest{PageToken: token("00000250.")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			over(t, both, func(t *testing.T, via client) {
				_, err := via.ListErrorCodes(t.Context(), c.request)
				wantInvalid(t, err, c.field, c.says)
			})
		})
	}
}

// token is a text in the dress of a token.
func token(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// A token is good for the list it came with: with other conditions the pages would not be of one list.
func TestTokenWithOtherConditions(t *testing.T) {
	t.Parallel()
	both := clients(t)
	for name, other := range map[string]*errorv1.ListErrorCodesRequest{
		"filter":  {Filter: "balance"},
		"status":  {Status: "NOT_FOUND"},
		"reason":  {Reason: "REQUEST_THROTTLED"},
		"retry":   {Retry: "BACKOFF"},
		"outcome": {Outcome: "APPLIED"},
		"locale":  {Locale: "en"},
	} {
		t.Run(name, func(t *testing.T) {
			over(t, both, func(t *testing.T, via client) {
				page, err := via.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{})
				if err != nil || page.GetNextPageToken() == "" {
					t.Fatalf("%v, token %q", err, page.GetNextPageToken())
				}
				other.PageToken = page.GetNextPageToken()
				_, err = via.ListErrorCodes(t.Context(), other)
				wantInvalid(t, err, "page_token", "conditions")
			})
		})
	}
}

// The size of a page is no condition: it may change on the way.
func TestTokenWithAnotherPageSize(t *testing.T) {
	t.Parallel()
	over(t, clients(t), func(t *testing.T, c client) {
		first, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageSize: 200})
		if err != nil {
			t.Fatal(err)
		}
		rest, sizes := collect(t, c, &errorv1.ListErrorCodesRequest{PageToken: first.GetNextPageToken(), PageSize: 10})
		if len(rest) != 170 || len(sizes) != 17 {
			t.Errorf("%d codes on %d pages after the first 200, want 170 on 17", len(rest), len(sizes))
		}
	})
}
