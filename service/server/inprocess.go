package server

import (
	"context"
	"slices"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// inProcess is a connection to services of the same process. It passes the message itself through the interceptors. The
// gateway's own in-process handlers call no interceptors, bufconn encodes each message, and grpchan drops the context.
type inProcess struct {
	interceptor grpc.UnaryServerInterceptor
	methods     map[string]localMethod
}

type localMethod struct {
	service any
	handle  grpc.MethodHandler
}

func (c *inProcess) register(desc *grpc.ServiceDesc, service any) {
	for _, m := range desc.Methods {
		c.methods["/"+desc.ServiceName+"/"+m.MethodName] = localMethod{service, m.Handler}
	}
}

// Invoke implements grpc.ClientConnInterface.
func (c *inProcess) Invoke(ctx context.Context, method string, request, reply any, options ...grpc.CallOption) error {
	m, ok := c.methods[method]
	if !ok {
		return status.Error(codes.Unimplemented, "no method "+method)
	}
	sent := &localStream{method: method}
	defer sent.deliver(options)
	defer requestOf(ctx).body.free() // the client may take long to read the answer
	outgoing, _ := metadata.FromOutgoingContext(ctx)
	ctx = grpc.NewContextWithServerTransportStream(metadata.NewIncomingContext(ctx, outgoing), sent)
	answer, err := m.handle(m.service, ctx, func(to any) error { return share(to, request) }, c.interceptor)
	if err != nil {
		return err
	}
	return share(reply, answer)
}

// chain makes one interceptor of several, as grpc-go does only for the calls of its server.
func chain(all []grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		for _, interceptor := range slices.Backward(all) {
			next := handle
			handle = func(ctx context.Context, request any) (any, error) { return interceptor(ctx, request, info, next) }
		}
		return handle(ctx, request)
	}
}

// NewStream implements grpc.ClientConnInterface; REST has no streams.
func (c *inProcess) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "no streams in process")
}

// share sets the fields of a message to those of another of its type, without a copy. The other is not used after.
func share(to, from any) error {
	target, ok := to.(proto.Message)
	source, both := from.(proto.Message)
	if !ok || !both || target.ProtoReflect().Descriptor() != source.ProtoReflect().Descriptor() {
		return status.Errorf(codes.Internal, "%T is no %T", from, to)
	}
	source.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		target.ProtoReflect().Set(field, value)
		return true
	})
	return nil
}

// A localStream collects the headers and trailers of a method.
type localStream struct {
	runtime.ServerTransportStream
	method string
}

// Method implements grpc.ServerTransportStream.
func (s *localStream) Method() string { return s.method }

// deliver passes the metadata to the call options that ask for it.
func (s *localStream) deliver(options []grpc.CallOption) {
	for _, option := range options {
		switch o := option.(type) {
		case grpc.HeaderCallOption:
			*o.HeaderAddr = s.Header()
		case grpc.TrailerCallOption:
			*o.TrailerAddr = s.Trailer()
		}
	}
}
