package server

import (
	"context"

	"google.golang.org/grpc"
)

// A registrar registers services twice: with the gRPC server and with the connection in process.
type registrar struct {
	server   *grpc.Server
	local    *inProcess
	observer *observer
}

// RegisterService implements grpc.ServiceRegistrar.
func (r registrar) RegisterService(desc *grpc.ServiceDesc, service any) {
	wrapped := *desc
	wrapped.Methods = nil
	for _, method := range desc.Methods {
		method.Handler = r.observer.method("/"+desc.ServiceName+"/"+method.MethodName, method.Handler)
		wrapped.Methods = append(wrapped.Methods, method)
	}
	r.observer.knows(desc)
	r.server.RegisterService(&wrapped, service)
	r.local.register(desc, service)
}

// knows takes note of the methods before the first call.
func (o *observer) knows(desc *grpc.ServiceDesc) {
	for _, m := range desc.Methods {
		o.methods["/"+desc.ServiceName+"/"+m.MethodName] = true
		o.metrics.knows("/" + desc.ServiceName + "/" + m.MethodName)
	}
}

// method is a unary method that reads its request within the interceptors, or takes a shortcut instead. A request that is
// no message of its type gets an error with a reason; gRPC alone would call it an internal one.
func (o *observer) method(name string, handle grpc.MethodHandler) grpc.MethodHandler {
	short := o.shortcuts[name]
	return func(service any, ctx context.Context, receive func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
		request := new(raw)
		if err := receive(request); err != nil {
			return nil, err
		}
		defer request.free()
		info := &grpc.UnaryServerInfo{Server: service, FullMethod: name}
		return intercept(ctx, request, info, func(ctx context.Context, _ any) (any, error) {
			if reply, ok := request.shortly(ctx, short); ok {
				return written{reply}, nil
			}
			return handle(service, ctx, func(to any) error { return o.read(request, to) }, straight)
		})
	}
}

// straight is an interceptor that does nothing: the others stand around the reading already.
func straight(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	return handle(ctx, request)
}
