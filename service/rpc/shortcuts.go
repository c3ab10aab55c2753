package rpc

import (
	"context"
	"fmt"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// The tags of the messages around answers.
const (
	translationTag = 1<<3 | textType // of TranslateResponse and TranslateResult
	resultsTag     = 1<<3 | textType // of BatchTranslateResponse
	requestsTag    = 1<<3 | textType // of BatchTranslateRequest

	idTag      = 1<<3 | textType // of both messages of a stream
	requestTag = 2<<3 | textType
	resultTag  = 2<<3 | textType
)

// Shortcuts answer the bytes of a request with the bytes of its reply, by the full names of the methods. They decline what
// is not usual, keep nothing of the request, and say the same as the methods themselves, which the rest goes to.
func (s *Service) Shortcuts() map[string]func(context.Context, []byte) (mem.Buffer, bool) {
	return map[string]func(context.Context, []byte) (mem.Buffer, bool){
		errorv1.TranslationService_Translate_FullMethodName:       s.translation.shortTranslate,
		errorv1.TranslationService_BatchTranslate_FullMethodName:  s.translation.shortBatch,
		errorv1.TranslationService_StreamTranslate_FullMethodName: s.translation.shortMessage,
	}
}

func (s *translationService) shortTranslate(ctx context.Context, request []byte) (mem.Buffer, bool) {
	a, ok := s.plain(ctx, whole(request).rest)
	if !ok {
		return nil, false
	}
	b := make([]byte, 0, lengthSize(a.Size()))
	return mem.SliceBuffer(a.Append(appendLength(b, translationTag, a.Size()))), true
}

// plain finds the answer to a usual request.
func (s *translationService) plain(ctx context.Context, request piece) (a translate.Plain, ok bool) {
	q, _ := s.usual.Get().(*plainRequest)
	if q == nil {
		q = new(plainRequest)
	}
	defer s.usual.Put(q)
	*q = plainRequest{}
	if !q.read(wire{rest: request}) || !q.within(s.limits) {
		return a, false
	}
	return s.translator.Plain(&q.response, s.locale(ctx, q.locales[:q.wanted]))
}

// shortMessage answers a message of a stream.
func (s *translationService) shortMessage(ctx context.Context, request []byte) (mem.Buffer, bool) {
	var id, inner piece
	w := whole(request)
	for w.next() {
		switch {
		case w.tag == idTag && w.once():
			id = w.value
		case w.tag == requestTag && w.once():
			inner = w.value
		default:
			return nil, false
		}
	}
	if !w.ended() || !w.had(requestTag) || checkText("", id.text, maxID) != nil {
		return nil, false
	}
	a, ok := s.plain(ctx, inner)
	if !ok {
		return nil, false
	}
	b := make([]byte, 0, lengthSize(len(id.text))+lengthSize(lengthSize(a.Size())))
	if id.text != "" {
		b = append(appendLength(b, idTag, len(id.text)), id.text...)
	}
	b = appendLength(b, resultTag, lengthSize(a.Size()))
	return mem.SliceBuffer(a.Append(appendLength(b, translationTag, a.Size()))), true
}

// shortBatch answers a batch, each request by itself the short way or the long one.
func (s *translationService) shortBatch(ctx context.Context, request []byte) (mem.Buffer, bool) {
	all := whole(request)
	n := all.count(requestsTag)
	if n == 0 || n > s.limits.Batch {
		return nil, false
	}
	budget, pool := newAnswerBudget(s.limits.Answer, n), mem.DefaultBufferPool()
	taken := pool.Get(min(n*usualAnswer, s.limits.Answer))
	b := (*taken)[:0]
	for i := 0; all.next(); i++ {
		var ok bool
		if b, ok = s.appendResult(ctx, b, all.value, i, budget); !ok {
			pool.Put(taken)
			return nil, false
		}
	}
	if cap(b) > cap(*taken) { // it was not enough
		pool.Put(taken)
		return mem.SliceBuffer(b), true
	}
	*taken = b
	return mem.NewBuffer(taken, pool), true
}

// usualAnswer is more bytes than most answers have; one has 800 to 1,200.
const usualAnswer = 1536

// appendResult appends the answer to one request of a batch; it declines what is no request, and when nobody waits.
func (s *translationService) appendResult(ctx context.Context, b []byte, request piece, i int, budget *answerBudget) ([]byte, bool) {
	if a, ok := s.plain(ctx, request); ok && !budget.spent && budget.fits(lengthSize(a.Size())) {
		b = appendLength(appendLength(b, resultsTag, lengthSize(a.Size())), translationTag, a.Size())
		return a.Append(b), ctx.Err() == nil
	}
	message := new(errorv1.TranslateRequest)
	if err := proto.Unmarshal(request.bytes, message); err != nil {
		return b, false
	}
	result := budget.refusal
	if !budget.spent {
		result = budget.admit(s.result(ctx, fmt.Sprintf("requests[%d].", i), message))
	}
	b, err := proto.MarshalOptions{}.MarshalAppend(appendLength(b, resultsTag, proto.Size(result)), result)
	return b, err == nil && ctx.Err() == nil
}
