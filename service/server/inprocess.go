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

// An inProcessConn is a connection to services of the same process. It passes messages through the interceptors without
// encoding them. The gateway's own in-process handlers call no interceptors, bufconn encodes each message, and grpchan
// drops the context.
type inProcessConn struct {
	interceptor grpc.UnaryServerInterceptor
	methods     map[string]localMethod
}

type localMethod struct {
	service any
	handle  grpc.MethodHandler
}

func (c *inProcessConn) register(desc *grpc.ServiceDesc, service any) {
	for _, m := range desc.Methods {
		c.methods["/"+desc.ServiceName+"/"+m.MethodName] = localMethod{service, m.Handler}
	}
}

// Invoke implements grpc.ClientConnInterface.
func (c *inProcessConn) Invoke(ctx context.Context, method string, request, reply any, options ...grpc.CallOption) error {
	m, ok := c.methods[method]
	if !ok {
		return status.Error(codes.Unimplemented, "no method "+method)
	}
	stream := &localStream{method: method}
	defer stream.deliver(options)
	defer requestInfoOf(ctx).large.free() // before the reply is written, which a slow client may delay
	outgoing, _ := metadata.FromOutgoingContext(ctx)
	ctx = grpc.NewContextWithServerTransportStream(metadata.NewIncomingContext(ctx, outgoing), stream)
	result, err := m.handle(m.service, ctx, func(to any) error { return shallowCopy(to, request) }, c.interceptor)
	if err != nil {
		return err
	}
	return shallowCopy(reply, result)
}

// chainUnary combines interceptors into one. grpc-go exports no such function.
func chainUnary(chain []grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		for _, interceptor := range slices.Backward(chain) {
			next := handle
			handle = func(ctx context.Context, request any) (any, error) { return interceptor(ctx, request, info, next) }
		}
		return handle(ctx, request)
	}
}

// NewStream implements grpc.ClientConnInterface. REST has no streams.
func (c *inProcessConn) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "no streams in process")
}

// shallowCopy sets the fields of a message to those of another of the same type. The caller must not use the other again.
func shallowCopy(to, from any) error {
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

// deliver stores the headers and trailers where the call options ask for them.
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
