package rpc_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

func TestPageToken_Altered(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		for size := range int32(8) {
			page, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageSize: size + 1})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageToken: page.GetNextPageToken() + "!"})
			wantInvalid(t, err, c.spelled("page_token"), "not a token")
		}
	})
}

// The codes of other systems follow the last code of the CBC. No entry follows the last of them.
func TestPageToken_AfterLastEntry(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		page, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageSize: 1})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := base64.RawURLEncoding.DecodeString(page.GetNextPageToken())
		_, filters, _ := strings.Cut(string(text), ".")
		for sortKey, want := range map[string]string{"99999999": "APIGW.0101", "APIGW.0201/450": "APIGW.0201", "ZZZ.9999": ""} {
			page, err = c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageToken: encodeToken(sortKey + "." + filters), PageSize: 1})
			if err != nil || strings.Join(codesOf(page.GetEntries()), " ") != want {
				t.Errorf("%q after %s, %v, want %q", codesOf(page.GetEntries()), sortKey, err, want)
			}
		}
	})
}

// A page may end between two entries of one code.
func TestPageToken_BetweenMeanings(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		entries, _ := collect(t, c, &errorv1.ListErrorCodesRequest{Query: "apigw.0201", PageSize: 1})
		var statuses []int32
		for _, e := range entries {
			statuses = append(statuses, e.GetHttpStatus())
		}
		if want := []int32{400, 413, 414, 494, 500, 502, 504}; !slices.Equal(statuses, want) {
			t.Errorf("HTTP statuses %v, want %v", statuses, want)
		}
	})
}
