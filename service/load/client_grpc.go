package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// connections are gRPC connections to one server.
type connections []*grpc.ClientConn

// dial makes connections as grpc-go does by itself.
func dial(e endpoint, n int) (all connections, err error) {
	creds := insecure.NewCredentials()
	if e.tls != nil {
		creds = credentials.NewTLS(e.tls.client())
	}
	for range n {
		conn, err := grpc.NewClient(e.GRPC, grpc.WithTransportCredentials(creds))
		if err != nil {
			all.close()
			return nil, err
		}
		all = append(all, conn)
	}
	return all, nil
}

func (c connections) close() {
	for _, conn := range c {
		conn.Close()
	}
}

// unary asks Translate.
func unary(e endpoint, l load, q questions) (session, error) {
	return calling(e, l, q, func(c errorv1.TranslationServiceClient, r *errorv1.TranslateRequest) error {
		reply, err := c.Translate(context.Background(), r)
		return translated(reply.GetTranslation(), err)
	})
}

// batch asks for a batch at a time.
func batch(e endpoint, l load, q questions) (session, error) {
	all := []*errorv1.BatchTranslateRequest{q.cycled(l.batch).batch()}
	return calling(e, l, all, func(c errorv1.TranslationServiceClient, r *errorv1.BatchTranslateRequest) error {
		reply, err := c.BatchTranslate(context.Background(), r)
		if err == nil && len(reply.GetResults()) != l.batch {
			err = fmt.Errorf("%d results of a batch of %d", len(reply.GetResults()), l.batch)
		}
		return err
	})
}

// raise asks for errors.
func raise(e endpoint, l load, q questions) (session, error) {
	return calling(e, l, q.raise(), func(c errorv1.TranslationServiceClient, r *errorv1.RaiseRequest) error {
		_, err := c.Raise(context.Background(), r)
		return raised(err)
	})
}

// calling is a session of callers each of which waits for its answer before it asks again.
func calling[R any](e endpoint, l load, requests []R, call func(errorv1.TranslationServiceClient, R) error) (session, error) {
	conns, err := dial(e, l.conns)
	if err != nil {
		return nil, err
	}
	s := &crew{release: conns.close}
	for i := range l.inFlight {
		client := errorv1.NewTranslationServiceClient(conns[i%l.conns])
		s.workers = append(s.workers, inTurn(i, requests, func(r R) error { return call(client, r) }))
	}
	return s, nil
}

// stream asks over one stream per connection, on which as many questions as are in flight wait for their answers.
func stream(e endpoint, l load, q questions) (session, error) {
	conns, err := dial(e, l.conns)
	if err != nil {
		return nil, err
	}
	s := &crew{release: conns.close}
	for _, conn := range conns {
		s.workers = append(s.workers, streaming(errorv1.NewTranslationServiceClient(conn), l.inFlight/l.conns, q.stream()))
	}
	return s, nil
}

// streaming sends on one side and receives on the other. The channel holds the questions that wait but for the one whose
// answer is being received.
func streaming(client errorv1.TranslationServiceClient, window int, requests []*errorv1.StreamTranslateRequest) worker {
	return func(stop func() bool, took func(time.Duration)) error {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s, err := client.StreamTranslate(ctx)
		if err != nil {
			return err
		}
		sent := make(chan time.Time, window-1)
		go send(ctx, s, requests, stop, sent)
		for start := range sent {
			reply, err := s.Recv()
			if err := translated(reply.GetResult().GetTranslation(), err); err != nil {
				return err
			}
			took(time.Since(start))
		}
		if _, err := s.Recv(); !errors.Is(err, io.EOF) {
			return fmt.Errorf("the end of a stream: %w", err)
		}
		return nil
	}
}

// send sends until it is told to stop. Whoever receives hears of a stream that is broken.
func send(ctx context.Context, s grpc.BidiStreamingClient[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse],
	requests []*errorv1.StreamTranslateRequest, stop func() bool, sent chan<- time.Time) {
	defer close(sent)
	for i := 0; i == 0 || !stop(); i++ {
		select {
		case sent <- time.Now():
		case <-ctx.Done():
			return
		}
		if s.Send(requests[i%len(requests)]) != nil {
			return
		}
	}
	_ = s.CloseSend() // it never fails
}

// translated tells whether an answer is one: every question is about a failure.
func translated(t *errorv1.Translation, err error) error {
	if err == nil && len(t.GetStatus().GetDetails()) == 0 {
		return errors.New("an answer without details")
	}
	return err
}

// raised tells whether an error is what Raise was asked for, and not the server's own.
func raised(err error) error {
	switch status.Code(err) {
	case codes.OK:
		return errors.New("Raise did not fail")
	case codes.Unavailable, codes.Unimplemented, codes.Canceled:
		return err
	}
	return nil
}
