package rpc

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
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
	start, found := slices.BinarySearchFunc(fitting, last, func(e *catalog.Entry, last string) int { return cmp.Compare(place(e), last) })
	if found {
		start++
	}
	size := min(cmp.Or(int(r.GetPageSize()), defaultPageSize), maxPageSize)
	end := min(start+size, len(fitting))
	if end < len(fitting) {
		next = token(place(fitting[end-1]), r)
	}
	return fitting[start:end], next, nil
}

// wellFormedPlace is the form of what place returns.
var wellFormedPlace = regexp.MustCompile(`^([0-9]{8}|[A-Z]+\.[0-9]{4}(/[0-9]{3})?)$`)

// place is what entries are sorted by: the eight digits of a CBC code, or the key of another system's, which begins with a
// letter and so comes later.
func place(e *catalog.Entry) string {
	if digits, ok := strings.CutPrefix(e.Code, catalog.Prefix); ok {
		return strings.Repeat("0", 8-len(digits)) + digits
	}
	return e.Key
}

// token says after which entry the next page begins and what the conditions were. It is stable across catalogues: a
// code that comes or goes between two pages moves no other.
func token(last string, r *errorv1.ListErrorCodesRequest) string {
	return base64.RawURLEncoding.EncodeToString([]byte(last + "." + conditions(r)))
}

// readToken finds the place of the entry that the page before ended with; it is empty for the first page.
func readToken(r *errorv1.ListErrorCodesRequest) (string, error) {
	if r.GetPageToken() == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(r.GetPageToken())
	dot := strings.LastIndexByte(string(text), '.')
	if err != nil || dot < 0 || !wellFormedPlace.Match(text[:dot]) {
		return "", invalid("page_token", "not a token that this service gave out")
	}
	if string(text[dot+1:]) != conditions(r) {
		return "", invalid("page_token", "the conditions are not those of the page it came with")
	}
	return string(text[:dot]), nil
}

// conditions is a digest of all that must stay the same from page to page.
func conditions(r *errorv1.ListErrorCodesRequest) string {
	all := fmt.Sprintf("%q", []string{r.GetFilter(), r.GetStatus(), r.GetReason(), r.GetRetry(), r.GetOutcome(), r.GetLocale()})
	sum := sha256.Sum256([]byte(all))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}
