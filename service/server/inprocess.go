package server

import (
	"context"
	"reflect"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// inProcess is a connection to services in the same process: it hands them the message itself, through the same
// interceptor as gRPC, and nothing is encoded.
type inProcess struct {
	interceptor grpc.UnaryServerInterceptor
	methods     map[string]localMethod
}

type localMethod struct {
	service any
	handle  grpc.MethodHandler
}

func (c *inProcess) register(desc *grpc.ServiceDesc, service any) {
	if c.methods == nil {
		c.methods = map[string]localMethod{}
	}
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
	sent := &transportStream{method: method}
	defer sent.deliver(options)
	outgoing, _ := metadata.FromOutgoingContext(ctx)
	ctx = grpc.NewContextWithServerTransportStream(metadata.NewIncomingContext(ctx, outgoing), sent)
	answer, err := m.handle(m.service, ctx, func(to any) error { return share(to, request) }, c.interceptor)
	if err != nil {
		return handled{err}
	}
	return share(reply, answer)
}

// NewStream implements grpc.ClientConnInterface; REST has no streams.
func (c *inProcess) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "no streams in process")
}

// share makes one message the same as another of its type by sharing its fields; the other is not used any more.
func share(to, from any) error {
	target, source := reflect.ValueOf(to), reflect.ValueOf(from)
	_, message := to.(proto.Message)
	if !message || target.Type() != source.Type() {
		return status.Errorf(codes.Internal, "%T is no %T", from, to)
	}
	target, source = target.Elem(), source.Elem()
	for i := range target.NumField() {
		if field := target.Field(i); field.CanSet() {
			field.Set(source.Field(i))
		}
	}
	return nil
}

// handled is an error that has been through the interceptor: it is logged and has a reason.
type handled struct{ error }

// GRPCStatus makes status.FromError see through it.
func (h handled) GRPCStatus() *status.Status { return status.Convert(h.error) }

// A transportStream collects the headers and trailers that a method sends.
type transportStream struct {
	method          string
	header, trailer metadata.MD
}

// Method implements grpc.ServerTransportStream, as the following do.
func (s *transportStream) Method() string { return strings.TrimPrefix(s.method, "/") }

// SetHeader adds to the headers.
func (s *transportStream) SetHeader(md metadata.MD) error {
	s.header = metadata.Join(s.header, md)
	return nil
}

// SendHeader adds to the headers; in process there is no moment when they are sent.
func (s *transportStream) SendHeader(md metadata.MD) error { return s.SetHeader(md) }

// SetTrailer adds to the trailers.
func (s *transportStream) SetTrailer(md metadata.MD) error {
	s.trailer = metadata.Join(s.trailer, md)
	return nil
}

// deliver hands the metadata to the caller that asked for it.
func (s *transportStream) deliver(options []grpc.CallOption) {
	for _, option := range options {
		switch o := option.(type) {
		case grpc.HeaderCallOption:
			*o.HeaderAddr = s.header
		case grpc.TrailerCallOption:
			*o.TrailerAddr = s.trailer
		}
	}
}
