package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// A worker makes calls until stop reports true, and returns the number of replies.
type worker func(stop func() bool) (int, error)

// A surface opens the connections for inFlight calls to a server. The workers use them until release.
type surface func(e endpoint, q requests) (workers []worker, release func(), err error)

func dial(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// openCalls opens one gRPC connection with inFlight workers. Each has one call in flight.
func openCalls[R any](e endpoint, requests []R, call func(errorv1.TranslationServiceClient, R) error) ([]worker, func(), error) {
	conn, err := dial(e.GRPC)
	if err != nil {
		return nil, nil, err
	}
	client := errorv1.NewTranslationServiceClient(conn)
	var all []worker
	for i := range inFlight {
		all = append(all, repeat(requests, i, func(r R) error { return call(client, r) }))
	}
	return all, func() { conn.Close() }, nil
}

// repeat returns a worker that makes one call after another. It begins with the request at an index.
func repeat[R any](requests []R, first int, call func(R) error) worker {
	return func(stop func() bool) (n int, err error) {
		for ; n == 0 || !stop(); n++ {
			if err := call(requests[(first+n)%len(requests)]); err != nil {
				return n, err
			}
		}
		return n, nil
	}
}

func unary(e endpoint, q requests) ([]worker, func(), error) {
	return openCalls(e, q, func(c errorv1.TranslationServiceClient, r *errorv1.TranslateRequest) error {
		reply, err := c.Translate(context.Background(), r)
		return checkTranslation(reply.GetTranslation(), err)
	})
}

func batch(e endpoint, q requests) ([]worker, func(), error) {
	all := []*errorv1.BatchTranslateRequest{q.batch()}
	return openCalls(e, all, func(c errorv1.TranslationServiceClient, r *errorv1.BatchTranslateRequest) error {
		reply, err := c.BatchTranslate(context.Background(), r)
		if err == nil && len(reply.GetResults()) != batchSize {
			err = fmt.Errorf("%d results of a batch of %d", len(reply.GetResults()), batchSize)
		}
		return err
	})
}

// stream opens one stream with inFlight requests in flight.
func stream(e endpoint, q requests) ([]worker, func(), error) {
	conn, err := dial(e.GRPC)
	if err != nil {
		return nil, nil, err
	}
	client := errorv1.NewTranslationServiceClient(conn)
	work := func(stop func() bool) (n int, err error) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		s, err := client.StreamTranslate(ctx)
		if err != nil {
			return 0, err
		}
		sent := make(chan struct{}, inFlight-1)
		go send(ctx, s, q.stream(), stop, sent)
		for range sent {
			reply, err := s.Recv()
			if err := checkTranslation(reply.GetResult().GetTranslation(), err); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	return []worker{work}, func() { conn.Close() }, nil
}

// send sends requests until stop reports true. If the stream fails, Recv returns the error.
func send(ctx context.Context, s grpc.BidiStreamingClient[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse],
	requests []*errorv1.StreamTranslateRequest, stop func() bool, sent chan<- struct{}) {
	defer close(sent)
	for i := 0; i == 0 || !stop(); i++ {
		select {
		case sent <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if s.Send(requests[i%len(requests)]) != nil {
			return
		}
	}
	_ = s.CloseSend()
}

// checkTranslation returns an error if the call failed or its status has no details.
func checkTranslation(t *errorv1.Translation, err error) error {
	if err == nil && len(t.GetStatus().GetDetails()) == 0 {
		return errors.New("a translation without details")
	}
	return err
}

// A wire is a persistent HTTP/1.1 connection that sends prepared bytes. So the client takes little of the CPU that it shares
// with the server.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
}

func connect(address string) (*wire, error) {
	conn, err := net.Dial("tcp", address)
	return &wire{conn, bufio.NewReader(conn)}, err
}

// exchange sends a request, and passes a reply with status 200 to read.
func (w *wire) exchange(request []byte, read func(*http.Response) error) error {
	if _, err := w.conn.Write(request); err != nil {
		return err
	}
	reply, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("REST: %s", reply.Status)
	}
	return read(reply)
}

func discard(reply *http.Response) error {
	_, err := io.Copy(io.Discard, reply.Body)
	return err
}

func restJSON(e endpoint, q requests) ([]worker, func(), error) { return openPosts(e, q, asJSON) }

func restRaw(e endpoint, q requests) ([]worker, func(), error) { return openPosts(e, q, asRaw) }

// openPosts opens inFlight connections with a worker each.
func openPosts(e endpoint, q requests, write func(*errorv1.TranslateRequest) ([]byte, error)) (all []worker, release func(), err error) {
	var posts [][]byte
	for _, r := range q {
		request, err := write(r)
		if err != nil {
			return nil, nil, err
		}
		posts = append(posts, request)
	}
	var wires []*wire
	release = func() {
		for _, w := range wires {
			w.conn.Close()
		}
	}
	for i := range inFlight {
		w, err := connect(e.REST)
		if err != nil {
			release()
			return nil, nil, err
		}
		wires = append(wires, w)
		all = append(all, repeat(posts, i, func(request []byte) error { return w.exchange(request, discard) }))
	}
	return all, release, nil
}
