package rpc

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// translationService answers TranslationService.
type translationService struct {
	errorv1.UnimplementedTranslationServiceServer
	editions *atomic.Pointer[edition]
	limits   Limits
	metrics  *metrics
	usual    sync.Pool // of plainRequests that are not in use
}

// Translate answers with what one response means.
func (s *translationService) Translate(ctx context.Context, r *errorv1.TranslateRequest) (*errorv1.TranslateResponse, error) {
	t, err := s.one(ctx, "", r)
	if err != nil {
		return nil, err
	}
	return &errorv1.TranslateResponse{Translation: t}, nil
}

// TranslateRaw answers with what one response means whose body was sent as it is.
func (s *translationService) TranslateRaw(ctx context.Context, r *errorv1.TranslateRawRequest) (*errorv1.TranslateRawResponse, error) {
	t, err := s.translate(ctx, call{
		bodyAt: "body", status: r.GetHttpStatus(), body: r.GetBody().GetData(), origin: r.GetOrigin(), locales: r.GetLocales(),
		headers: r.GetHeaders(), contentType: bodyType(ctx, r.GetBody()),
	})
	if err != nil {
		return nil, err
	}
	return &errorv1.TranslateRawResponse{Translation: t}, nil
}

// BatchTranslate answers each request by itself, in order.
func (s *translationService) BatchTranslate(ctx context.Context, r *errorv1.BatchTranslateRequest) (*errorv1.BatchTranslateResponse, error) {
	n := len(r.GetRequests())
	if n == 0 || n > s.limits.Batch {
		return nil, invalid("requests", "%d requests; a batch has 1 to %d", n, s.limits.Batch)
	}
	budget := newAnswerBudget(s.limits.Answer, n)
	results := make([]*errorv1.TranslateResult, n)
	for i, request := range r.GetRequests() {
		if err := ctx.Err(); err != nil {
			return nil, status.FromContextError(err).Err() // nobody waits for the rest
		}
		if budget.spent {
			results[i] = budget.refusal
			continue
		}
		results[i] = budget.admit(s.result(ctx, fmt.Sprintf("requests[%d].", i), request))
	}
	return &errorv1.BatchTranslateResponse{Results: results}, nil
}

func (s *translationService) result(ctx context.Context, path string, r *errorv1.TranslateRequest) *errorv1.TranslateResult {
	t, err := s.one(ctx, path, r)
	if err != nil {
		return failure(err)
	}
	return &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Translation{Translation: t}}
}

func failure(err error) *errorv1.TranslateResult {
	return &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Error{Error: status.Convert(err).Proto()}}
}

// asks is what a request about one response holds.
type asks interface {
	GetResponse() *errorv1.RawResponse
	GetLocales() []string
}

func (s *translationService) one(ctx context.Context, path string, r asks) (*errorv1.Translation, error) {
	c, err := open(path, r.GetResponse(), r.GetLocales())
	if err != nil {
		return nil, err
	}
	return s.translate(ctx, c)
}

func (s *translationService) translate(ctx context.Context, c call) (*errorv1.Translation, error) {
	response, err := c.response(s.limits)
	if err != nil {
		return nil, err
	}
	e := s.editions.Load()
	locale := e.locale(ctx, c.locales)
	if a, ok := e.translator.Plain(&response, locale); ok {
		s.metrics.countPlain(e, a.Entry)
		return a.Translation(), nil
	}
	t := e.translator.Translate(response, locale)
	s.metrics.count(t)
	return t, nil
}

// locale is the one that suits the caller best. What metadata say is only read where the request does not decide.
func (e *edition) locale(ctx context.Context, locales []string) string {
	if tag, ok := e.catalog.Exact(locales); ok {
		return tag
	}
	return e.catalog.Negotiate(preferences(ctx, slices.Clone(locales)))
}

// An answerBudget is what is left of the size of a batch's answer, less what the refusals of all coming results would take.
// Once a result did not fit, all after it are refused unseen, so that no work is done for nothing.
type answerBudget struct {
	left    int
	spent   bool
	refusal *errorv1.TranslateResult
	size    int // of a refusal within the answer
}

// fieldOverhead is the most that a message's tag and length take up within another one of less than 256 MiB.
const fieldOverhead = 5

func newAnswerBudget(limit, results int) *answerBudget {
	refusal := failure(fail(codes.ResourceExhausted, requestTooLarge, fmt.Sprintf(
		"no room: the answer to a batch has at most %d bytes; ask for this one in a smaller batch", limit), nil))
	size := proto.Size(refusal) + fieldOverhead
	return &answerBudget{left: limit - results*size, refusal: refusal, size: size}
}

// admit passes a result on if there is room for it.
func (b *answerBudget) admit(result *errorv1.TranslateResult) *errorv1.TranslateResult {
	if b.fits(proto.Size(result)) {
		return result
	}
	return b.refusal
}

// fits takes room for a result of a size, if there is any.
func (b *answerBudget) fits(size int) bool {
	needed := size + fieldOverhead - b.size
	b.spent = needed > b.left
	if !b.spent {
		b.left -= max(needed, 0)
	}
	return !b.spent
}
