package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
)

// A conversation is a stream that lasts, for questions of one caller. One that has ended, or on which an answer did not come in time, is
// begun again with the next question.
type conversation struct {
	client errorv1.TranslationServiceClient
	stream grpc.BidiStreamingClient[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]
	ctx    context.Context // of the stream, which outlives its questions
	end    context.CancelFunc
	asked  int
}

// overStream asks over a stream that lasts.
func overStream(conn grpc.ClientConnInterface) caller {
	c := &conversation{client: errorv1.NewTranslationServiceClient(conn)}
	return c.ask
}

// ask ends the stream with the question's own context: else an answer that never comes would be waited for without end, and count as nothing.
func (c *conversation) ask(ctx context.Context, q *question) verdict {
	if c.stream == nil {
		c.ctx, c.end = context.WithCancel(context.WithoutCancel(ctx))
	}
	inTime := context.AfterFunc(ctx, c.end)
	v := c.exchange(q)
	if !inTime() || v.kind != right {
		c.end()
		c.stream = nil
	}
	return v
}

// exchange sends a question under an id that no other has, and judges what comes next.
func (c *conversation) exchange(q *question) verdict {
	c.asked++
	id := fmt.Sprint(c.asked)
	reply, err := c.send(&errorv1.StreamTranslateRequest{Id: id, Request: q.request()})
	switch {
	case err != nil:
		return judgeCall(err)
	case reply.GetId() != id:
		return verdict{wrong, fmt.Sprintf("an answer to %q, want one to %q", reply.GetId(), id)}
	}
	return q.judgeResult(reply.GetResult())
}

func (c *conversation) send(request *errorv1.StreamTranslateRequest) (_ *errorv1.StreamTranslateResponse, err error) {
	if c.stream == nil {
		if c.stream, err = c.client.StreamTranslate(c.ctx); err != nil {
			return nil, err
		}
	}
	if err := c.stream.Send(request); err != nil && !errors.Is(err, io.EOF) { // behind that is how the stream ended
		return nil, err
	}
	return c.stream.Recv()
}
