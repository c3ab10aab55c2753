package rpc

import (
	"cmp"
	"context"
	"fmt"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
)

// catalogService implements CatalogService. Each method loads the current catalogue once.
type catalogService struct {
	errorv1.UnimplementedCatalogServiceServer
	*Service
}

// GetErrorCode returns all meanings of a code.
func (s catalogService) GetErrorCode(_ context.Context, r *errorv1.GetErrorCodeRequest) (*errorv1.GetErrorCodeResponse, error) {
	if r.GetCode() == "" {
		return nil, invalidArgument("code", "missing; it must be a code such as CBC.0250, or its number")
	}
	if err := validateString("code", r.GetCode(), maxName); err != nil {
		return nil, err
	}
	c := s.current.Load().catalog
	found := c.FindByInput(r.GetCode())
	if len(found) == 0 {
		return nil, newError(codes.NotFound, UnknownCode, fmt.Sprintf("the catalogue has no code %q", r.GetCode()),
			map[string]string{"code": r.GetCode()})
	}
	entries := entriesOf(c, found, c.Locales())
	return &errorv1.GetErrorCodeResponse{Entry: entries[0], OtherEntries: entries[1:], CatalogVersion: c.Version()}, nil
}

// ListErrorCodes returns a page of the entries that match all filters.
func (s catalogService) ListErrorCodes(ctx context.Context, r *errorv1.ListErrorCodesRequest) (*errorv1.ListErrorCodesResponse, error) {
	if err := validateList(r); err != nil {
		return nil, withFieldNames(ctx, err)
	}
	c := s.current.Load().catalog
	matches, exact := c.Search(searchQuery(r))
	page, next, err := paginate(matches, exact, r)
	if err != nil {
		return nil, withFieldNames(ctx, err)
	}
	return &errorv1.ListErrorCodesResponse{
		Entries: entriesOf(c, page, localesFor(c, r.GetLocale())), NextPageToken: next, TotalSize: int32(len(matches)), CatalogVersion: c.Version(),
	}, nil
}

// ListLocales returns the locales of the texts.
func (s catalogService) ListLocales(context.Context, *errorv1.ListLocalesRequest) (*errorv1.ListLocalesResponse, error) {
	c := s.current.Load().catalog
	return &errorv1.ListLocalesResponse{
		Locales: c.Locales(), DefaultLocale: catalog.DefaultLocale, CatalogVersion: c.Version(),
	}, nil
}

// validateList rejects filters that no code can ever match.
func validateList(r *errorv1.ListErrorCodesRequest) error {
	for _, filter := range []struct {
		field string
		value protoreflect.Enum
	}{
		{"status", r.GetStatus()}, {"reason", r.GetReason()}, {"retry", r.GetRetry()}, {"outcome", r.GetOutcome()},
	} {
		if filter.value.Descriptor().Values().ByNumber(filter.value.Number()) == nil {
			return invalidArgument(filter.field, "%d is not a value of %s", filter.value.Number(), filter.value.Descriptor().FullName())
		}
	}
	if r.GetPageSize() < 0 {
		return invalidArgument("page_size", "%d; it must be 0 to %d", r.GetPageSize(), maxPageSize)
	}
	return cmp.Or(validateString("query", r.GetQuery(), maxQuery), validateString("locale", r.GetLocale(), maxName))
}

// searchQuery returns the filters of a request in the catalogue's terms.
func searchQuery(r *errorv1.ListErrorCodesRequest) catalog.Query {
	q := catalog.Query{
		Words: r.GetQuery(), Reason: render.EnumName(r.GetReason()), Retry: render.EnumName(r.GetRetry()), Outcome: render.EnumName(r.GetOutcome()),
	}
	if r.Status != nil { // OK is the zero value, and a filter
		q.Status = r.GetStatus().String()
	}
	return q
}

// localesFor returns the best available locale for the requested one, or all locales if none is requested.
func localesFor(c *catalog.Catalog, requested string) []string {
	if requested == "" {
		return c.Locales()
	}
	return []string{c.Negotiate(catalog.Preferences{Locales: []string{requested}})}
}

// entriesOf returns the messages of entries, with their texts in the given locales.
func entriesOf(c *catalog.Catalog, list []*catalog.Entry, tags []string) []*errorv1.CatalogEntry {
	entries := make([]*errorv1.CatalogEntry, len(list))
	for i, e := range list {
		entries[i] = newEntry(c, e, tags)
	}
	return entries
}

func newEntry(c *catalog.Catalog, e *catalog.Entry, tags []string) *errorv1.CatalogEntry {
	entry := &errorv1.CatalogEntry{
		Code: e.Code, Number: e.Number, HttpStatus: int32(e.HTTPStatus), Status: code.Code(code.Code_value[e.Status]),
		Reason:       errorv1.ErrorReason(errorv1.ErrorReason_value["ERROR_REASON_"+e.Reason]),
		Retry:        errorv1.RetryAdvice(errorv1.RetryAdvice_value["RETRY_ADVICE_"+e.Retry]),
		Outcome:      errorv1.Outcome(errorv1.Outcome_value["OUTCOME_"+e.Outcome]),
		RelatedCodes: e.Related, Source: e.Source, Service: e.Service, TranslatedLocales: e.Translated,
	}
	if e.Wait > 0 {
		entry.Wait = durationpb.New(e.Wait)
	}
	entry.Texts = textsIn(tags, func(tag string) (text, found string) { return c.Text(e.Key, tag) })
	entry.Advice = textsIn(tags, func(tag string) (text, found string) { return c.Advice(e.Reason, tag) })
	return entry
}

// textsIn returns the texts that exist in the given locales. For a single locale, it returns the text of any locale.
func textsIn(tags []string, find func(tag string) (text, found string)) []*errdetails.LocalizedMessage {
	var texts []*errdetails.LocalizedMessage
	for _, tag := range tags {
		if text, found := find(tag); found == tag || len(tags) == 1 {
			texts = append(texts, &errdetails.LocalizedMessage{Locale: found, Message: text})
		}
	}
	return texts
}
