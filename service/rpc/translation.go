package rpc

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// translationService implements TranslationService.
type translationService struct {
	errorv1.UnimplementedTranslationServiceServer
	*Service
}

// Translate returns the translation of one response.
func (s translationService) Translate(ctx context.Context, r *errorv1.TranslateRequest) (*errorv1.TranslateResponse, error) {
	t, err := s.translateOne(languagePreferences(ctx), r)
	if err != nil {
		return nil, withFieldNames(ctx, err)
	}
	return &errorv1.TranslateResponse{Translation: t}, nil
}

// TranslateRaw returns the translation of one response whose body is the HTTP body.
func (s translationService) TranslateRaw(ctx context.Context, r *errorv1.TranslateRawRequest) (*errorv1.TranslateRawResponse, error) {
	in := newInput("", r, r.GetLocales())
	in.bodyField, in.response.Body = "body", r.GetBody().GetData()
	// Over gRPC the body has a content type, over REST the request has it.
	restType := metadata.ValueFromIncomingContext(ctx, runtime.MetadataPrefix+"content-type")
	in.response.ContentType = cmp.Or(append([]string{r.GetBody().GetContentType()}, restType...)...)
	t, err := s.translate(languagePreferences(ctx), in)
	if err != nil {
		return nil, withFieldNames(ctx, err)
	}
	return &errorv1.TranslateRawResponse{Translation: t}, nil
}

// BatchTranslate returns one result for each request, in the same order.
func (s translationService) BatchTranslate(ctx context.Context, r *errorv1.BatchTranslateRequest) (*errorv1.BatchTranslateResponse, error) {
	n := len(r.GetRequests())
	if n == 0 || n > s.limits.Batch {
		return nil, invalidArgument("requests", "%d requests; a batch has 1 to %d", n, s.limits.Batch)
	}
	preferences := languagePreferences(ctx)
	budget := newResponseBudget(s.limits.Answer, n)
	results := make([]*errorv1.TranslateResult, n)
	for i, request := range r.GetRequests() {
		if err := ctx.Err(); err != nil {
			return nil, status.FromContextError(err).Err()
		}
		if budget.exhausted {
			results[i] = budget.rejection
			continue
		}
		results[i] = budget.reserve(s.batchResult(ctx, preferences, i, request))
	}
	return &errorv1.BatchTranslateResponse{Results: results}, nil
}

// batchResult returns the result of a request of a batch.
func (s translationService) batchResult(ctx context.Context, preferences preferencesFunc, i int, r *errorv1.TranslateRequest) *errorv1.TranslateResult {
	var t *errorv1.Translation
	err := unreadable(ctx, r)
	if err == nil {
		t, err = s.translateOne(preferences, r)
	}
	if err != nil {
		err = withFieldNames(ctx, prefixField(fmt.Sprintf("requests[%d].", i), err))
	}
	return toResult(t, err)
}

// pushbackNever tells clients with a retry policy not to retry the call (gRFC A6): retrying the translation does not
// retry the call to upstream.
var pushbackNever = metadata.Pairs("grpc-retry-pushback-ms", "-1")

// Raise returns the translated status of one response as the error of the call.
func (s translationService) Raise(ctx context.Context, r *errorv1.RaiseRequest) (*errorv1.RaiseResponse, error) {
	t, err := s.translateOne(languagePreferences(ctx), r)
	if err != nil {
		return nil, withFieldNames(ctx, err)
	}
	if t.GetStatus().GetCode() == int32(codes.OK) {
		return &errorv1.RaiseResponse{}, nil
	}
	if err := grpc.SetTrailer(ctx, pushbackNever); err != nil {
		return nil, err
	}
	return nil, status.FromProto(t.GetStatus()).Err()
}

// singleRequest is a request about one response.
type singleRequest interface {
	GetResponse() *errorv1.RawResponse
	GetLocales() []string
}

func (s *Service) translateOne(preferences preferencesFunc, r singleRequest) (*errorv1.Translation, error) {
	in, err := parseResponse(r.GetResponse(), r.GetLocales())
	if err != nil {
		return nil, err
	}
	return s.translate(preferences, in)
}

func (s *Service) translate(preferences preferencesFunc, in *requestInput) (*errorv1.Translation, error) {
	if err := in.validate(s.limits); err != nil {
		return nil, err
	}
	in.response.MaxInflated = s.limits.Body
	current := s.current.Load()
	result := current.translator.Translate(in.response, current.locale(preferences, in.locales))
	s.metrics.count(result)
	return result.Translation, nil
}

// preferencesFunc returns the language preferences in the metadata of a call.
type preferencesFunc func() catalog.Preferences

// languagePreferences reads the metadata on first use: a request with an available locale does not need them.
func languagePreferences(ctx context.Context) preferencesFunc {
	return sync.OnceValue(func() catalog.Preferences {
		return catalog.Preferences{
			AcceptLanguage: append(
				metadata.ValueFromIncomingContext(ctx, "accept-language"),
				metadata.ValueFromIncomingContext(ctx, runtime.MetadataPrefix+"accept-language")...),
			XLanguage: metadata.ValueFromIncomingContext(ctx, strings.ToLower(xLanguage)),
		}
	})
}

// locale returns the available locale that matches the request best.
func (s *snapshot) locale(preferences preferencesFunc, requested []string) string {
	if tag, ok := s.catalog.ExactLocale(requested); ok {
		return tag
	}
	p := preferences()
	p.Locales = requested
	return s.catalog.Negotiate(p)
}

// toResult returns a translation, or an error, as an element of a batch or stream.
func toResult(t *errorv1.Translation, err error) *errorv1.TranslateResult {
	if err != nil {
		return &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Error{Error: status.Convert(err).Proto()}}
	}
	return &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Translation{Translation: t}}
}

// A responseBudget bounds the size of a batch response. It keeps space for the rejection of all remaining results. After
// the first result that does not fit, all further ones are rejected without being translated.
type responseBudget struct {
	left          int // bytes, without the space for rejections
	exhausted     bool
	rejection     *errorv1.TranslateResult
	rejectionSize int
}

// fieldOverhead is the maximum size of the tag and length of a message field with less than 256 MiB.
const fieldOverhead = 5

func newResponseBudget(limit, results int) *responseBudget {
	rejection := toResult(nil, newError(codes.ResourceExhausted, reasonRequestTooLarge, fmt.Sprintf(
		"the response to the batch exceeds %d bytes; send this request in a smaller batch", limit), nil))
	size := proto.Size(rejection) + fieldOverhead
	return &responseBudget{left: limit - results*size, rejection: rejection, rejectionSize: size}
}

// reserve returns the result if it fits, else the rejection.
func (b *responseBudget) reserve(result *errorv1.TranslateResult) *errorv1.TranslateResult {
	needed := proto.Size(result) + fieldOverhead - b.rejectionSize
	if b.exhausted = needed > b.left; b.exhausted {
		return b.rejection
	}
	b.left -= max(needed, 0)
	return result
}
