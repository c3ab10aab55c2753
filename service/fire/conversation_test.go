package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
)

// A dull service answers streams wrongly, or not at all.
type dull struct {
	errorv1.UnimplementedTranslationServiceServer
	id string // of every answer; none is sent where it is empty
}

// StreamTranslate implements errorv1.TranslationServiceServer.
func (d dull) StreamTranslate(stream grpc.BidiStreamingServer[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]) error {
	for {
		if _, err := stream.Recv(); err != nil {
			return err
		}
		if d.id == "" {
			<-stream.Context().Done()
			return nil
		}
		if err := stream.Send(&errorv1.StreamTranslateResponse{Id: d.id}); err != nil {
			return err
		}
	}
}

// serve serves until the test ends, and is a connection to that.
func (d dull) serve(t *testing.T) *grpc.ClientConn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	errorv1.RegisterTranslationServiceServer(s, d)
	go func() { _ = s.Serve(l) }()
	conn, err := dialOne(new(attempts), l.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); s.Stop() })
	return conn
}

// An answer that does not come in time is lost, and one to another question is wrong; the next question has a new stream in both cases.
func TestStreamsThatAnswerBadly(t *testing.T) {
	t.Parallel()
	silent, confused := overStream(dull{}.serve(t)), overStream(dull{id: "0"}.serve(t))
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if v := silent(ctx, questions()[0]); v.kind != lost {
			t.Errorf("no answer: %+v, want it to be lost", v)
		}
		cancel()
		if v := confused(t.Context(), questions()[0]); v.kind != wrong || !strings.Contains(v.said, `"0"`) {
			t.Errorf("an answer to another question: %+v, want it to be wrong", v)
		}
	}
}
