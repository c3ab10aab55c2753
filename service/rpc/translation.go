package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// translationService answers TranslationService.
type translationService struct {
	errorv1.UnimplementedTranslationServiceServer
	editions *atomic.Pointer[edition]
	limits   Limits
	metrics  *metrics
}

// Translate answers with what one response means.
func (s *translationService) Translate(ctx context.Context, r *errorv1.TranslateRequest) (*errorv1.TranslateResponse, error) {
	t, err := s.one(languages(ctx), r)
	if err != nil {
		return nil, err
	}
	return &errorv1.TranslateResponse{Translation: t}, nil
}

// TranslateRaw answers with what one response means whose body was sent as it is.
func (s *translationService) TranslateRaw(ctx context.Context, r *errorv1.TranslateRawRequest) (*errorv1.TranslateRawResponse, error) {
	t, err := s.translate(languages(ctx), &call{
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
	said := languages(ctx)
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
		results[i] = budget.admit(s.batched(said, i, request))
	}
	return &errorv1.BatchTranslateResponse{Results: results}, nil
}

// batched answers a request of a batch. Errors name its place.
func (s *translationService) batched(said preferences, i int, r *errorv1.TranslateRequest) *errorv1.TranslateResult {
	t, err := s.one(said, r)
	if err != nil {
		err = within(fmt.Sprintf("requests[%d].", i), err)
	}
	return result(t, err)
}

func result(t *errorv1.Translation, err error) *errorv1.TranslateResult {
	if err != nil {
		return &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Error{Error: status.Convert(err).Proto()}}
	}
	return &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Translation{Translation: t}}
}

// asks is what a request about one response holds.
type asks interface {
	GetResponse() *errorv1.RawResponse
	GetLocales() []string
}

func (s *translationService) one(said preferences, r asks) (*errorv1.Translation, error) {
	c, err := newCall(r.GetResponse(), r.GetLocales())
	if err != nil {
		return nil, err
	}
	return s.translate(said, c)
}

func (s *translationService) translate(said preferences, c *call) (*errorv1.Translation, error) {
	response, err := c.response(s.limits)
	if err != nil {
		return nil, err
	}
	e := s.editions.Load()
	result := e.translator.Translate(response, e.locale(said, c.locales))
	s.metrics.count(result)
	return result.Translation, nil
}

// preferences returns what the metadata of a call say about languages.
type preferences func() catalog.Preferences

// languages reads the metadata when they are first needed: a request that names a locale decides alone.
func languages(ctx context.Context) preferences {
	return sync.OnceValue(func() catalog.Preferences {
		return catalog.Preferences{
			AcceptLanguage: append(
				metadata.ValueFromIncomingContext(ctx, "accept-language"),
				metadata.ValueFromIncomingContext(ctx, runtime.MetadataPrefix+"accept-language")...),
			XLanguage: metadata.ValueFromIncomingContext(ctx, strings.ToLower(languageHeader)),
		}
	})
}

// locale is the one that suits the caller best.
func (e *edition) locale(said preferences, locales []string) string {
	if tag, ok := e.catalog.Exact(locales); ok {
		return tag
	}
	p := said()
	p.Locales = locales
	return e.catalog.Negotiate(p)
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
	refusal := result(nil, fail(codes.ResourceExhausted, requestTooLarge, fmt.Sprintf(
		"no room: the answer to a batch has at most %d bytes; ask for this one in a smaller batch", limit), nil))
	size := proto.Size(refusal) + fieldOverhead
	return &answerBudget{left: limit - results*size, refusal: refusal, size: size}
}

// admit returns a result if there is room for it, else the refusal.
func (b *answerBudget) admit(result *errorv1.TranslateResult) *errorv1.TranslateResult {
	needed := proto.Size(result) + fieldOverhead - b.size
	if b.spent = needed > b.left; b.spent {
		return b.refusal
	}
	b.left -= max(needed, 0)
	return result
}

// noRetry tells clients with a retry policy not to repeat the call (gRFC A6): that cannot repeat what upstream was asked
// for, and would have the same answer.
var noRetry = metadata.Pairs("grpc-retry-pushback-ms", "-1")

// Raise fails as the response did.
func (s *translationService) Raise(ctx context.Context, r *errorv1.RaiseRequest) (*errorv1.RaiseResponse, error) {
	t, err := s.one(languages(ctx), r)
	if err != nil {
		return nil, err
	}
	if t.GetStatus().GetCode() == int32(codes.OK) {
		return &errorv1.RaiseResponse{}, nil
	}
	if err := grpc.SetTrailer(ctx, noRetry); err != nil {
		return nil, err
	}
	return nil, status.FromProto(t.GetStatus()).Err()
}

// StreamTranslate answers each request of a stream before it reads the next: order is kept, and a client that does not
// read its answers is not read from either, so that memory has a bound.
func (s *translationService) StreamTranslate(stream grpc.BidiStreamingServer[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]) error {
	said := languages(stream.Context())
	for {
		request := new(errorv1.StreamTranslateRequest)
		err := stream.RecvMsg(request) // not Recv: the id counts even where the rest is bad
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !aboutOneMessage(err):
			return err
		}
		answer := &errorv1.StreamTranslateResponse{Id: clip(request.GetId()), Result: s.streamed(said, request, err)}
		if err := stream.Send(answer); err != nil {
			return err
		}
	}
}

func (s *translationService) streamed(said preferences, r *errorv1.StreamTranslateRequest, err error) *errorv1.TranslateResult {
	if err == nil {
		err = checkText("id", r.GetId(), maxID)
	}
	if err != nil {
		return result(nil, err)
	}
	t, err := s.one(said, r.GetRequest())
	return result(t, within("request.", err))
}

// aboutOneMessage tells the server's verdict on a message from the end of the stream.
func aboutOneMessage(err error) bool {
	st := status.Convert(err)
	if st.Code() != codes.InvalidArgument && st.Code() != codes.ResourceExhausted {
		return false
	}
	for _, detail := range st.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetDomain() == Domain
		}
	}
	return false
}

// clip cuts what is echoed of an id that is too long.
func clip(id string) string {
	if len(id) <= maxID {
		return id
	}
	return fmt.Sprintf("%.64s", strings.ToValidUTF8(id, "?"))
}
