package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// answers are what cbcerr answered, byte for byte: of all answers to one kind of question the one whose size is nearest
// the average.
type answers struct {
	Translate, Batch, Stream []byte
	Raise                    []byte // the google.rpc.Status of the error
	Trailer                  map[string][]string
	Pages                    map[string]page // by path
}

// A page is an answer over REST.
type page struct {
	Header http.Header
	Body   []byte
}

// capture asks all questions once, over each surface that a server has.
func capture(e endpoint, q questions) (a answers, err error) {
	if e.GRPC != "" {
		err = a.takeReplies(context.Background(), e, q)
	}
	if e.REST != "" && err == nil {
		err = a.takePages(e, q)
	}
	return a, err
}

func (a *answers) takeReplies(ctx context.Context, e endpoint, q questions) error {
	conns, err := dial(e, 1)
	if err != nil {
		return err
	}
	defer conns.close()
	for _, take := range []func(context.Context, *grpc.ClientConn, questions) error{a.takeTranslate, a.takeBatch, a.takeStream, a.takeRaise} {
		if err := take(ctx, conns[0], q); err != nil {
			return err
		}
	}
	return nil
}

func (a *answers) takeTranslate(ctx context.Context, conn *grpc.ClientConn, q questions) error {
	var all [][]byte
	for _, r := range q {
		reply := new(emptypb.Empty)
		if err := conn.Invoke(ctx, errorv1.TranslationService_Translate_FullMethodName, r, reply); err != nil {
			return err
		}
		all = append(all, reply.ProtoReflect().GetUnknown())
	}
	a.Translate = typical(all, size)
	return nil
}

func (a *answers) takeBatch(ctx context.Context, conn *grpc.ClientConn, q questions) error {
	reply := new(emptypb.Empty)
	err := conn.Invoke(ctx, errorv1.TranslationService_BatchTranslate_FullMethodName, q.cycled(batchSize).batch(), reply)
	a.Batch = reply.ProtoReflect().GetUnknown()
	return err
}

func (a *answers) takeStream(ctx context.Context, conn *grpc.ClientConn, q questions) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := errorv1.NewTranslationServiceClient(conn).StreamTranslate(ctx)
	if err != nil {
		return err
	}
	var all [][]byte
	for _, r := range q.stream() {
		reply := new(emptypb.Empty)
		if err := errors.Join(stream.SendMsg(r), stream.RecvMsg(reply)); err != nil {
			return err
		}
		all = append(all, reply.ProtoReflect().GetUnknown())
	}
	a.Stream = typical(all, size)
	return nil
}

func (a *answers) takeRaise(ctx context.Context, conn *grpc.ClientConn, q questions) error {
	var all [][]byte
	for _, r := range q.raise() {
		var trailer metadata.MD
		_, err := errorv1.NewTranslationServiceClient(conn).Raise(ctx, r, grpc.Trailer(&trailer))
		if fault := raised(err); fault != nil {
			return fault
		}
		raw, err := proto.Marshal(status.Convert(err).Proto())
		if err != nil {
			return err
		}
		all = append(all, raw)
		delete(trailer, "grpc-status-details-bin") // grpc-go writes it from the status
		a.Trailer = trailer
	}
	a.Raise = typical(all, size)
	return nil
}

// takePages keeps the answers over REST.
func (a *answers) takePages(e endpoint, q questions) error {
	w, err := newWire(e)
	if err != nil {
		return err
	}
	defer w.conn.Close()
	a.Pages = map[string]page{}
	for path, write := range pages {
		var all []page
		for _, r := range q {
			p, err := w.page(r, write)
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		a.Pages[path] = typical(all, func(p page) int { return len(p.Body) })
	}
	return nil
}

// page asks for one answer. Its date and its length are left to net/http, as they are in cbcerr; what is said over TLS only is left out.
func (w *wire) page(r *errorv1.TranslateRequest, write func(*errorv1.TranslateRequest) ([]byte, error)) (p page, err error) {
	request, err := write(r)
	if err != nil {
		return p, err
	}
	err = w.exchange(request, func(answer *http.Response) (err error) {
		p.Header = answer.Header
		p.Header.Del("Date")
		p.Header.Del("Content-Length")
		p.Header.Del("Strict-Transport-Security")
		p.Body, err = io.ReadAll(answer.Body)
		return err
	})
	return p, err
}

func size(b []byte) int { return len(b) }

// typical is the one of a size nearest the average.
func typical[T any](all []T, size func(T) int) T {
	total := 0
	for _, one := range all {
		total += size(one)
	}
	distance := func(one T) int { d := size(one) - total/len(all); return max(d, -d) }
	return slices.MinFunc(all, func(a, b T) int { return cmp.Compare(distance(a), distance(b)) })
}
