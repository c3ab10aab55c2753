package rpc

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"sort"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
)

// The page sizes (AIP-158).
const (
	defaultPageSize = 50
	maxPageSize     = 1000
)

// paginate returns the requested page of all matches, and the token of the next page. The exact matches come first.
func paginate(matches []*catalog.Entry, exact int, r *errorv1.ListErrorCodesRequest) (page []*catalog.Entry, next string, err error) {
	last, err := decodePageToken(r)
	if err != nil {
		return nil, "", err
	}
	key := func(i int) string {
		if i < exact {
			return exactPrefix + sortKey(matches[i])
		}
		return sortKey(matches[i])
	}
	start := sort.Search(len(matches), func(i int) bool { return key(i) > last })
	size := min(cmp.Or(int(r.GetPageSize()), defaultPageSize), maxPageSize)
	end := min(start+size, len(matches))
	if end < len(matches) {
		next = encodePageToken(key(end-1), r)
	}
	return matches[start:end], next, nil
}

// exactPrefix begins the sort key of an exact match. It sorts before all other keys.
const exactPrefix = "!"

// sortKey returns the key that entries are sorted by: the digits of a CBC code padded to eight, or the key of another
// system's code. The latter begins with a letter, so it sorts after all digits.
func sortKey(e *catalog.Entry) string {
	if digits, ok := strings.CutPrefix(e.Code, catalog.Prefix); ok {
		return strings.Repeat("0", 8-len(digits)) + digits
	}
	return e.Key
}

// validSortKey matches the keys of paginate.
var validSortKey = regexp.MustCompile(`^!?([0-9]{8}|[A-Z]+\.[0-9]{4}(/[0-9]{3})?)$`)

// encodePageToken returns the token of the page that begins after a sort key. A key, unlike an index, stays correct if the
// catalogue gains or loses a code between two pages.
func encodePageToken(last string, r *errorv1.ListErrorCodesRequest) string {
	return base64.RawURLEncoding.EncodeToString([]byte(last + "." + filterDigest(r)))
}

// decodePageToken returns the sort key of the last entry of the previous page, empty for the first page.
func decodePageToken(r *errorv1.ListErrorCodesRequest) (string, error) {
	if r.GetPageToken() == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(r.GetPageToken())
	dot := strings.LastIndexByte(string(text), '.')
	if err != nil || dot < 0 || !validSortKey.Match(text[:dot]) {
		return "", invalidArgument("page_token", "not a token of this service")
	}
	if string(text[dot+1:]) != filterDigest(r) {
		return "", invalidArgument("page_token", "the filters differ from those of the previous page")
	}
	return string(text[:dot]), nil
}

// filterDigest returns a digest of the fields that must be the same for all pages.
func filterDigest(r *errorv1.ListErrorCodesRequest) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", searchQuery(r), r.GetLocale()))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}
