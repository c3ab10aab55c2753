package rpc_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
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

// The largest number there is comes after all codes, and not before them.
func TestTokenAfterTheLast(t *testing.T) {
	t.Parallel()
	over(t, clients(t), func(t *testing.T, c client) {
		page, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := base64.RawURLEncoding.DecodeString(page.GetNextPageToken())
		_, conditions, _ := strings.Cut(string(text), ".")
		page, err = c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageToken: token("2147483647." + conditions)})
		if err == nil && len(page.GetEntries()) > 0 {
			t.Errorf("%d codes after the last, from %s", len(page.GetEntries()), page.GetEntries()[0].GetCode())
		}
	})
}
