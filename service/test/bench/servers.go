package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// kinds are the servers that this program can be.
var kinds = map[string]func(*answers) (endpoint, error){
	"null":   startNull,
	"static": startStatic,
	"naive":  startNaive,
	"bare":   startBare,
}

// serve is a server that reads its answers, says where it listens, and ends when its input ends.
func serve(kind string, in io.Reader, out io.Writer) error {
	start, ok := kinds[kind]
	if !ok {
		return fmt.Errorf("unknown server %q", kind)
	}
	input := bufio.NewReader(in)
	var a answers
	line, err := input.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &a)
	}
	if err != nil {
		return err
	}
	e, err := start(&a)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(e); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, input)
	return err
}

// listen serves on a free port until the process ends.
func listen(serve func(net.Listener) error) (string, error) {
	l, err := net.Listen("tcp", loopback)
	if err != nil {
		return "", err
	}
	go func() { fmt.Fprintln(os.Stderr, "bench: serve:", serve(l)) }()
	return l.Addr().String(), nil
}

// startBare serves cbcerr's own services on grpc-go alone: no interceptor counts, logs, limits or recovers.
func startBare(*answers) (e endpoint, err error) {
	c, err := catalog.Embedded()
	if err != nil {
		return e, err
	}
	limits := rpc.DefaultLimits()
	g := grpc.NewServer()
	rpc.New(c, translate.New(c, limits.Items), limits, "").Register(g)
	e.GRPC, err = listen(g.Serve)
	return e, err
}

// startStatic is the limit of REST: a handler of net/http that reads the body and writes constant headers and bytes.
func startStatic(a *answers) (e endpoint, err error) {
	mux := http.NewServeMux()
	for path, p := range a.Pages {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return // the client has gone
			}
			maps.Copy(w.Header(), p.Header)
			_, _ = w.Write(p.Body)
		})
	}
	e.REST, err = listen(func(l net.Listener) error { return http.Serve(l, mux) })
	return e, err
}

// startNull is the limit of gRPC: grpc-go with its defaults and handlers that answer constant bytes. Requests are read into
// a message without fields, and answers are one: protobuf keeps unknown fields as bytes.
func startNull(a *answers) (e endpoint, err error) {
	g := grpc.NewServer()
	g.RegisterService(&grpc.ServiceDesc{
		ServiceName: errorv1.TranslationService_ServiceDesc.ServiceName,
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			{MethodName: "Translate", Handler: nullMethod(a.Translate)},
			{MethodName: "BatchTranslate", Handler: nullMethod(a.Batch)},
		},
		Streams: []grpc.StreamDesc{{StreamName: "StreamTranslate", Handler: nullStream(a.Stream), ServerStreams: true, ClientStreams: true}},
	}, nil)
	e.GRPC, err = listen(g.Serve)
	return e, err
}

func opaque(content []byte) *emptypb.Empty {
	m := new(emptypb.Empty)
	m.ProtoReflect().SetUnknown(content)
	return m
}

func nullMethod(reply []byte) grpc.MethodHandler {
	message := opaque(reply)
	return func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		return message, decode(new(emptypb.Empty))
	}
}

func nullStream(reply []byte) grpc.StreamHandler {
	message := opaque(reply)
	return func(_ any, stream grpc.ServerStream) error {
		for {
			err := stream.RecvMsg(new(emptypb.Empty))
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err == nil {
				err = stream.SendMsg(message)
			}
			if err != nil {
				return err
			}
		}
	}
}
