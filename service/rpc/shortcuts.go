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
func (s *Service) Shortcuts() map[string]func(context.Context, []byte) (mem.BufferSlice, bool) {
	return map[string]func(context.Context, []byte) (mem.BufferSlice, bool){
		errorv1.TranslationService_Translate_FullMethodName:       s.translation.shortTranslate,
		errorv1.TranslationService_BatchTranslate_FullMethodName:  s.translation.shortBatch,
		errorv1.TranslationService_StreamTranslate_FullMethodName: s.translation.shortMessage,
	}
}

func (s *translationService) shortTranslate(ctx context.Context, request []byte) (mem.BufferSlice, bool) {
	a, ok := s.plain(ctx, whole(request).rest)
	if !ok {
		return nil, false
	}
	b := make([]byte, 0, lengthSize(a.Size()))
	return one(a.Append(appendLength(b, translationTag, a.Size()))), true
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
	e := s.editions.Load()
	if a, ok = e.translator.Plain(&q.response, e.locale(ctx, q.locales[:q.wanted])); ok {
		s.metrics.countPlain(e, a.Entry)
	}
	return a, ok
}

// shortMessage answers a message of a stream.
func (s *translationService) shortMessage(ctx context.Context, request []byte) (mem.BufferSlice, bool) {
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
	if !w.ended() || !w.had(requestTag) || textFault(id.text, maxID) != "" {
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
	return one(a.Append(appendLength(b, translationTag, a.Size()))), true
}

func one(b []byte) mem.BufferSlice { return mem.BufferSlice{mem.SliceBuffer(b)} }

// shortBatch answers a batch, each request by itself the short way or the long one.
func (s *translationService) shortBatch(ctx context.Context, request []byte) (mem.BufferSlice, bool) {
	all := whole(request)
	n := all.count(requestsTag)
	if n == 0 || n > s.limits.Batch {
		return nil, false
	}
	budget := newAnswerBudget(s.limits.Answer, n)
	var out chunks
	for i := 0; all.next(); i++ {
		if !s.addResult(ctx, &out, all.value, i, budget) {
			out.finish().Free()
			return nil, false
		}
	}
	return out.finish(), true
}

// addResult writes the answer to one request of a batch; it declines what is no request, and when nobody waits.
func (s *translationService) addResult(ctx context.Context, out *chunks, request piece, i int, budget *answerBudget) bool {
	if a, ok := s.plain(ctx, request); ok && !budget.spent && budget.fits(lengthSize(a.Size())) {
		b := appendLength(out.room(lengthSize(lengthSize(a.Size()))), resultsTag, lengthSize(a.Size()))
		out.last = a.Append(appendLength(b, translationTag, a.Size()))
		return ctx.Err() == nil
	}
	message := new(errorv1.TranslateRequest)
	if err := proto.Unmarshal(request.bytes, message); err != nil {
		return false
	}
	result := budget.refusal
	if !budget.spent {
		result = budget.admit(s.result(ctx, fmt.Sprintf("requests[%d].", i), message))
	}
	size := proto.Size(result)
	b, err := proto.MarshalOptions{}.MarshalAppend(appendLength(out.room(lengthSize(size)), resultsTag, size), result)
	out.last = b
	return err == nil && ctx.Err() == nil
}
