package rpc_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

func TestTokenIsTakenAsItWasGiven(t *testing.T) {
	t.Parallel()
	over(t, clients(t), func(t *testing.T, c client) {
		for size := range int32(8) {
			page, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageSize: size + 1})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageToken: page.GetNextPageToken() + "!"})
			wantInvalid(t, err, "page_token", "not a token")
		}
	})
}

// After the last code of the CBC come those of other systems, and after the last of these nothing.
func TestTokenAfterTheLast(t *testing.T) {
	t.Parallel()
	over(t, clients(t), func(t *testing.T, c client) {
		page, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := base64.RawURLEncoding.DecodeString(page.GetNextPageToken())
		_, conditions, _ := strings.Cut(string(text), ".")
		for place, want := range map[string]string{"99999999": "APIGW.0101", "APIGW.0201/450": "APIGW.0201", "ZZZ.9999": ""} {
			page, err = c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageToken: token(place + "." + conditions), PageSize: 1})
			if err != nil || strings.Join(codesOf(page.GetEntries()), " ") != want {
				t.Errorf("%q after %s, %v, want %q", codesOf(page.GetEntries()), place, err, want)
			}
		}
	})
}

// A token goes on where it was given out, also between two meanings of one code.
func TestTokenBetweenMeanings(t *testing.T) {
	t.Parallel()
	over(t, clients(t), func(t *testing.T, c client) {
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
