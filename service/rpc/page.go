package rpc

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
)

// The sizes of a page (AIP-158): what 0 means, and what more means.
const (
	defaultPageSize = 50
	maxPageSize     = 1000
)

// pageOf cuts the page that a request asks for out of all that fits, and makes the token of the next one.
func pageOf(fitting []*catalog.Entry, r *errorv1.ListErrorCodesRequest) (page []*catalog.Entry, next string, err error) {
	last, err := readToken(r)
	if err != nil {
		return nil, "", err
	}
	start, found := slices.BinarySearchFunc(fitting, last, func(e *catalog.Entry, n int32) int { return cmp.Compare(order(e), n) })
	if found {
		start++
	}
	size := min(cmp.Or(int(r.GetPageSize()), defaultPageSize), maxPageSize)
	end := min(start+size, len(fitting))
	if end < len(fitting) {
		next = token(order(fitting[end-1]), r)
	}
	return fitting[start:end], next, nil
}

// order is the place of an entry in the order of codes: the code's digits, which are the number but for success.
func order(e *catalog.Entry) int32 {
	if e.Code == catalog.Success {
		return 0
	}
	return e.Number
}

// token says after which entry the next page begins and what the conditions were. It is stable across catalogues: a
// code that comes or goes between two pages moves no other.
func token(last int32, r *errorv1.ListErrorCodesRequest) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%s", last, conditions(r)))
}

// readToken finds the entry that the page before ended with; -1 for the first page.
func readToken(r *errorv1.ListErrorCodesRequest) (int32, error) {
	if r.GetPageToken() == "" {
		return -1, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(r.GetPageToken())
	digits, was, _ := strings.Cut(string(text), ".")
	n, err2 := strconv.ParseInt(digits, 10, 32)
	if err != nil || err2 != nil || n < 0 {
		return 0, invalid("page_token", "not a token that this service gave out")
	}
	if was != conditions(r) {
		return 0, invalid("page_token", "the conditions are not those of the page it came with")
	}
	return int32(n), nil
}

// conditions is a digest of all that must stay the same from page to page.
func conditions(r *errorv1.ListErrorCodesRequest) string {
	all := fmt.Sprintf("%q", []string{r.GetFilter(), r.GetStatus(), r.GetReason(), r.GetRetry(), r.GetOutcome(), r.GetLocale()})
	sum := sha256.Sum256([]byte(all))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}
