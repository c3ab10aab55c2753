package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// A heavy is a request that costs the server much and its client little: its bytes are made before, and so are those of its
// answer, which was judged once.
type heavy struct{ request, want []byte }

// batchMethod is what heavy requests call.
const batchMethod = errorv1.TranslationService_BatchTranslate_FullMethodName

// heavyRequests are batches of varied responses. Each is asked for and judged here, item by item.
func heavyRequests(conn grpc.ClientConnInterface, n, size int) (all []heavy, err error) {
	list := questions()
	for range n {
		var asked []*question
		batch := new(errorv1.BatchTranslateRequest)
		for i := range size {
			q := *list[rand.N(len(list))]
			q.body += strings.Repeat(" ", i%7) // no two need be alike
			asked, batch.Requests = append(asked, &q), append(batch.Requests, q.request())
		}
		h := heavy{}
		if h.request, err = proto.Marshal(batch); err != nil {
			return nil, err
		}
		if h.want, err = firstAnswer(conn, h.request, asked); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// firstAnswer asks once and judges the answer.
func firstAnswer(conn grpc.ClientConnInterface, request []byte, asked []*question) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	var got rawAnswer
	if err := conn.Invoke(ctx, batchMethod, request, &got, grpc.ForceCodecV2(rawCodec{})); err != nil {
		return nil, err
	}
	var reply errorv1.BatchTranslateResponse
	if err := proto.Unmarshal(got.bytes, &reply); err != nil {
		return nil, err
	}
	if len(reply.GetResults()) != len(asked) {
		return nil, errors.New("another number of results")
	}
	for i, q := range asked {
		if v := q.judgeResult(reply.GetResults()[i]); v.kind != right {
			return nil, errors.New(v.said)
		}
	}
	return got.bytes, nil
}

// ask sends the request and compares the answer.
func (h *heavy) ask(conn grpc.ClientConnInterface) verdict {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	got := rawAnswer{want: h.want}
	if err := conn.Invoke(ctx, batchMethod, h.request, &got, grpc.ForceCodecV2(rawCodec{})); err != nil {
		return judgeOverload(err)
	}
	if !got.same {
		return verdict{wrong, "another answer than before"}
	}
	return verdict{}
}

// judgeOverload is judgeCall, and holds clients that are turned away to what they must be told: when to come back.
func judgeOverload(err error) verdict {
	v := judgeCall(err)
	if v.kind == shed && !hasRetryInfo(err) {
		return verdict{failed, "turned away without RetryInfo"}
	}
	return v
}

// A rawAnswer is bytes that are compared where they are, or kept where there is nothing to compare with.
type rawAnswer struct {
	want, bytes []byte
	same        bool
}

// rawCodec sends bytes as they are. It implements encoding.CodecV2.
type rawCodec struct{}

// Name implements encoding.CodecV2.
func (rawCodec) Name() string { return "proto" }

// Marshal implements encoding.CodecV2.
func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	raw, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("no bytes: %T", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(raw)}, nil
}

// Unmarshal implements encoding.CodecV2.
func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	answer, ok := v.(*rawAnswer)
	if !ok {
		return fmt.Errorf("no raw answer: %T", v)
	}
	if answer.want == nil {
		answer.bytes = data.Materialize()
		return nil
	}
	rest := answer.want
	for _, part := range data {
		part := part.ReadOnlyData()
		if len(part) > len(rest) || !bytes.Equal(part, rest[:len(part)]) {
			return nil
		}
		rest = rest[len(part):]
	}
	answer.same = len(rest) == 0
	return nil
}

// openLoop calls at the times of a Poisson process, however long answers take. Latencies count from those times; late is how late calls
// really began, for which the server is not to blame.
func openLoop(perSecond float64, length time.Duration, call func() verdict) (t *tally, late durations) {
	t = new(tally)
	pending := make(chan struct{}, 100_000)
	begun := 0
	start := time.Now()
	for next := start; next.Sub(start) < length; next = next.Add(time.Duration(rand.ExpFloat64() / perSecond * float64(time.Second))) {
		nap(time.Until(next))
		late = append(late, time.Since(next))
		begun++
		go func() {
			v := call()
			t.add(v, time.Since(next))
			pending <- struct{}{}
		}()
	}
	for range begun {
		<-pending
	}
	return t, late
}
