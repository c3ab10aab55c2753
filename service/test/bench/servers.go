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

// kinds are the servers that this program implements.
var kinds = map[string]func(*replies) (endpoint, error){
	"noop":     startNoop,
	"static":   startStatic,
	"baseline": startBaseline,
	"bare":     startBare,
	"upstream": startUpstream,
	"reverse":  startReverse,
}

// serve runs a server. It reads the replies from in, writes its addresses to out, and returns at the end of in.
func serve(kind string, in io.Reader, out io.Writer) error {
	start, ok := kinds[kind]
	if !ok {
		return fmt.Errorf("unknown server %q", kind)
	}
	input := bufio.NewReader(in)
	var a replies
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

// listen serves on a free port until the process exits.
func listen(serve func(net.Listener) error) (string, error) {
	l, err := net.Listen("tcp", loopbackAddr)
	if err != nil {
		return "", err
	}
	go func() { fmt.Fprintln(os.Stderr, "bench: serve:", serve(l)) }()
	return l.Addr().String(), nil
}

// startBare serves cbcerr's services on a stock grpc.Server without interceptors.
func startBare(*replies) (e endpoint, err error) {
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

// startStatic is the reference for REST: a net/http handler that reads the body and writes a constant reply.
func startStatic(a *replies) (e endpoint, err error) {
	mux := http.NewServeMux()
	for path, p := range a.Pages {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return // the client is gone
			}
			maps.Copy(w.Header(), p.Header)
			_, _ = w.Write(p.Body)
		})
	}
	e.REST, err = listen(func(l net.Listener) error { return http.Serve(l, mux) })
	return e, err
}

// startNoop is the reference for gRPC: grpc-go with its defaults, and handlers that return a constant reply. Messages are
// emptypb.Empty, whose unknown fields hold the bytes.
func startNoop(a *replies) (e endpoint, err error) {
	g := grpc.NewServer()
	g.RegisterService(&grpc.ServiceDesc{
		ServiceName: errorv1.TranslationService_ServiceDesc.ServiceName,
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			{MethodName: "Translate", Handler: noopMethod(a.Translate)},
			{MethodName: "BatchTranslate", Handler: noopMethod(a.Batch)},
		},
		Streams: []grpc.StreamDesc{{StreamName: "StreamTranslate", Handler: noopStream(a.Stream), ServerStreams: true, ClientStreams: true}},
	}, nil)
	e.GRPC, err = listen(g.Serve)
	return e, err
}

// opaque returns a message that encodes to the content.
func opaque(content []byte) *emptypb.Empty {
	m := new(emptypb.Empty)
	m.ProtoReflect().SetUnknown(content)
	return m
}

func noopMethod(reply []byte) grpc.MethodHandler {
	message := opaque(reply)
	return func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		return message, decode(new(emptypb.Empty))
	}
}

func noopStream(reply []byte) grpc.StreamHandler {
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
