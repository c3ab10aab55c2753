package main

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// startNull starts the limit of gRPC: grpc-go with its defaults and a handler that does nothing. It reads every request into
// a message without fields and answers with one: what protobuf does not know it keeps, and so the constant bytes
// travel through the stock codec, and the client sees a typed answer.
func startNull(s setup, own *identity) (endpoint, error) {
	listener, err := net.Listen("tcp", loopback)
	if err != nil {
		return endpoint{}, err
	}
	creds := insecure.NewCredentials()
	if own != nil {
		config, err := own.server()
		if err != nil {
			return endpoint{}, err
		}
		creds = credentials.NewTLS(config)
	}
	g := grpc.NewServer(grpc.Creds(creds))
	desc, err := nullService(s.Answers)
	if err != nil {
		return endpoint{}, err
	}
	g.RegisterService(desc, nil)
	go finish(func() error { return g.Serve(listener) })
	return endpoint{GRPC: listener.Addr().String()}, nil
}

// nullService has the names of the contract's service, and none of its types.
func nullService(a answers) (*grpc.ServiceDesc, error) {
	raised := new(statuspb.Status)
	if err := proto.Unmarshal(a.Raise, raised); err != nil {
		return nil, err
	}
	failure := status.FromProto(raised).Err()
	trailer := metadata.MD(a.Trailer)
	fail := func(ctx context.Context) (any, error) {
		if err := grpc.SetTrailer(ctx, trailer); err != nil {
			return nil, err
		}
		return nil, failure
	}
	return &grpc.ServiceDesc{
		ServiceName: errorv1.TranslationService_ServiceDesc.ServiceName,
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			{MethodName: "Translate", Handler: nullMethod(constantly(a.Translate))},
			{MethodName: "BatchTranslate", Handler: nullMethod(constantly(a.Batch))},
			{MethodName: "Raise", Handler: nullMethod(fail)},
		},
		Streams: []grpc.StreamDesc{{
			StreamName: "StreamTranslate", Handler: nullStream(a.Stream), ServerStreams: true, ClientStreams: true,
		}},
	}, nil
}

// constantly answers with the same message every time.
func constantly(reply []byte) func(context.Context) (any, error) {
	message := opaque(reply)
	return func(context.Context) (any, error) { return message, nil }
}

// opaque is a message that is nothing but bytes.
func opaque(content []byte) *emptypb.Empty {
	m := new(emptypb.Empty)
	m.ProtoReflect().SetUnknown(content)
	return m
}

func nullMethod(answer func(context.Context) (any, error)) grpc.MethodHandler {
	return func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		if err := decode(new(emptypb.Empty)); err != nil {
			return nil, err
		}
		return answer(ctx)
	}
}

func nullStream(reply []byte) grpc.StreamHandler {
	message := opaque(reply)
	return func(_ any, stream grpc.ServerStream) error {
		for {
			switch err := stream.RecvMsg(new(emptypb.Empty)); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			}
			if err := stream.SendMsg(message); err != nil {
				return err
			}
		}
	}
}
