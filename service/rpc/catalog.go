package rpc

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
)

// catalogService answers CatalogService.
type catalogService struct {
	errorv1.UnimplementedCatalogServiceServer
	editions *atomic.Pointer[edition]
}

// catalog is the one in use: each answer is of one.
func (s *catalogService) catalog() *catalog.Catalog { return s.editions.Load().catalog }

// GetErrorCode answers with one code, in all of its meanings.
func (s *catalogService) GetErrorCode(_ context.Context, r *errorv1.GetErrorCodeRequest) (*errorv1.GetErrorCodeResponse, error) {
	if r.GetCode() == "" {
		return nil, invalid("code", "missing; it is a code such as CBC.0250, or its number")
	}
	if err := checkName("code", r.GetCode()); err != nil {
		return nil, err
	}
	c := s.catalog()
	found := c.FindByInput(r.GetCode())
	if len(found) == 0 {
		return nil, fail(codes.NotFound, UnknownCode, fmt.Sprintf("the catalogue has no code %q", r.GetCode()),
			map[string]string{"code": r.GetCode()})
	}
	entries := entriesOf(c, found, c.Locales())
	return &errorv1.GetErrorCodeResponse{Entry: entries[0], OtherEntries: entries[1:], CatalogVersion: c.Version()}, nil
}

// ListErrorCodes answers with a page of the entries that fit all conditions.
func (s *catalogService) ListErrorCodes(_ context.Context, r *errorv1.ListErrorCodesRequest) (*errorv1.ListErrorCodesResponse, error) {
	if err := checkList(r); err != nil {
		return nil, err
	}
	c := s.catalog()
	fitting := c.Search(catalog.Query{
		Words: r.GetFilter(), Status: r.GetStatus(), Reason: r.GetReason(), Retry: r.GetRetry(), Outcome: r.GetOutcome(),
	})
	page, next, err := pageOf(fitting, r)
	if err != nil {
		return nil, err
	}
	return &errorv1.ListErrorCodesResponse{
		Entries: entriesOf(c, page, localesFor(c, r.GetLocale())), NextPageToken: next, TotalSize: int32(len(fitting)), CatalogVersion: c.Version(),
	}, nil
}

// ListLocales answers with the locales.
func (s *catalogService) ListLocales(context.Context, *errorv1.ListLocalesRequest) (*errorv1.ListLocalesResponse, error) {
	c := s.catalog()
	return &errorv1.ListLocalesResponse{
		Locales: c.Locales(), DefaultLocale: catalog.DefaultLocale, CatalogVersion: c.Version(),
	}, nil
}

// checkList refuses conditions that no code could ever fit.
func checkList(r *errorv1.ListErrorCodesRequest) error {
	for _, condition := range []struct {
		field, prefix, value, example string
		known                         map[string]int32
	}{
		{"status", "", r.GetStatus(), "NOT_FOUND", code.Code_value},
		{"reason", "ERROR_REASON_", r.GetReason(), "REQUEST_THROTTLED", errorv1.ErrorReason_value},
		{"retry", "RETRY_ADVICE_", r.GetRetry(), "BACKOFF", errorv1.RetryAdvice_value},
		{"outcome", "OUTCOME_", r.GetOutcome(), "NOT_APPLIED", errorv1.Outcome_value},
	} {
		if _, ok := condition.known[condition.prefix+condition.value]; condition.value != "" && (!ok || condition.value == "UNSPECIFIED") {
			return invalid(condition.field, "%.64q is none of its names, such as %s", condition.value, condition.example)
		}
	}
	if r.GetPageSize() < 0 {
		return invalid("page_size", "%d; it must be 0 to %d", r.GetPageSize(), maxPageSize)
	}
	if err := checkText("filter", r.GetFilter(), maxQuery); err != nil {
		return err
	}
	return checkName("locale", r.GetLocale())
}

// localesFor are the tags to answer with: the best for the one asked for, or all.
func localesFor(c *catalog.Catalog, asked string) []string {
	if asked == "" {
		return c.Locales()
	}
	return []string{c.Negotiate(catalog.Preferences{Locales: []string{asked}})}
}

func entriesOf(c *catalog.Catalog, list []*catalog.Entry, tags []string) []*errorv1.CatalogEntry {
	entries := make([]*errorv1.CatalogEntry, len(list))
	for i, e := range list {
		entries[i] = entry(c, e, tags)
	}
	return entries
}

func entry(c *catalog.Catalog, e *catalog.Entry, tags []string) *errorv1.CatalogEntry {
	entry := &errorv1.CatalogEntry{
		Code: e.Code, Number: e.Number, HttpStatus: int32(e.HTTPStatus), Status: e.Status, Reason: e.Reason,
		Retry: e.Retry, Outcome: e.Outcome, RelatedCodes: e.Related, Source: e.Source, Service: e.Service, TranslatedLocales: e.Translated,
	}
	if e.Wait > 0 {
		entry.Wait = durationpb.New(e.Wait)
	}
	for _, tag := range tags {
		if text, found := c.Text(e.Key, tag); found == tag || len(tags) == 1 {
			entry.Texts = append(entry.Texts, &errdetails.LocalizedMessage{Locale: found, Message: text})
		}
	}
	return entry
}

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
