package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/types/known/emptypb"
)

// replies are encoded replies of cbcerrd. The noop and static servers reply with them to every request.
type replies struct {
	Translate, Batch, Stream []byte
	Pages                    map[string]page // by path
	Upstream                 string          // address, for the reference of the sidecar
}

// A page is a reply over REST.
type page struct {
	Header http.Header
	Body   []byte
}

// capture gets one reply of the daemon on every surface, to the request whose reply has the size nearest the mean.
func capture(p *process, q requests) (*replies, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conn, err := dial(p.GRPC)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	a := &replies{Pages: map[string]page{}}
	r, err := nearestMeanSize(len(q), func(i int) (size int, err error) {
		reply := new(emptypb.Empty)
		err = conn.Invoke(ctx, errorv1.TranslationService_Translate_FullMethodName, q[i], reply)
		return len(reply.ProtoReflect().GetUnknown()), err
	})
	if err != nil {
		return nil, err
	}
	one, batch, message := new(emptypb.Empty), new(emptypb.Empty), new(emptypb.Empty)
	stream, err := errorv1.NewTranslationServiceClient(conn).StreamTranslate(ctx)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		conn.Invoke(ctx, errorv1.TranslationService_Translate_FullMethodName, q[r], one),
		conn.Invoke(ctx, errorv1.TranslationService_BatchTranslate_FullMethodName, q.batch(), batch),
		stream.SendMsg(q.stream()[r]), stream.RecvMsg(message))
	a.Translate, a.Batch, a.Stream = one.ProtoReflect().GetUnknown(), batch.ProtoReflect().GetUnknown(), message.ProtoReflect().GetUnknown()
	for path, write := range paths {
		request, failed := write(q[r])
		page, missing := fetch(p.REST, request)
		err = errors.Join(err, failed, missing)
		a.Pages[path] = page
	}
	return a, err
}

// nearestMeanSize returns the index whose size is nearest the mean.
func nearestMeanSize(n int, size func(int) (int, error)) (best int, err error) {
	sizes, total := make([]int, n), 0
	for i := range sizes {
		if sizes[i], err = size(i); err != nil {
			return 0, err
		}
		total += sizes[i]
	}
	for i := range sizes {
		if distance(sizes[i], total/n) < distance(sizes[best], total/n) {
			best = i
		}
	}
	return best, nil
}

// distance returns |a-b|.
func distance(a, b int) int { return max(a-b, b-a) }

// fetch sends a request, and returns the reply without the headers that net/http adds.
func fetch(address string, request []byte) (p page, err error) {
	w, err := connect(address)
	if err != nil {
		return p, err
	}
	defer w.conn.Close()
	err = w.exchange(request, func(reply *http.Response) (err error) {
		p.Header = reply.Header
		p.Header.Del("Date")
		p.Header.Del("Content-Length")
		p.Body, err = io.ReadAll(reply.Body)
		return err
	})
	return p, err
}
