package server

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
)

// A unary method is served as a stream of one message: gRPC would read and unpack that before it asks anybody whether the caller may
// call. On the wire they are the same.
type unary struct {
	*observer
	name   string
	short  shortcut // nil where there is none
	handle grpc.MethodHandler
}

// serve is the method as gRPC knows it.
func (u unary) serve(service any, stream grpc.ServerStream) error {
	ctx := stream.Context()
	held, request := u.hold(ctx), new(raw)
	defer held.end()
	client, err := u.receive(stream, &held, request)
	defer request.free()
	do := func() error {
		if err != nil {
			return pushBack(ctx, err)
		}
		return u.work(service, stream, client, request, &held)
	}
	if u.off || infrastructure(u.name) {
		err, _ = u.safely(u.name, do)
		return err
	}
	return u.around(withClient(ctx, client), call{overGRPC, u.name}, do)
}

// receive lets the call in and reads its request.
func (u unary) receive(stream grpc.ServerStream, held *holding, request *raw) (client string, err error) {
	if client, err = u.admit(stream.Context(), u.name, held); err != nil {
		return "", err
	}
	err = stream.RecvMsg(request)
	if errors.Is(err, io.EOF) {
		err = u.invalid("there is no message")
	}
	held.message(request)
	return client, err
}

// admit turns a call away before anything of it is read: of who is not known, and of a connection that has its share.
func (o *observer) admit(ctx context.Context, method string, held *holding) (client string, err error) {
	if o.off {
		return "", nil
	}
	err, _ = o.safely(method, func() (err error) {
		client, err = o.gate.identifyGRPC(ctx, method)
		return err
	})
	if err != nil {
		return "", err
	}
	if check := infrastructure(method) && o.methods[method]; held.full() && !check {
		return "", o.overfull()
	}
	held.count(amount{held: callBytes + headersOf(ctx)})
	return client, nil
}

// work answers a request.
func (u unary) work(service any, stream grpc.ServerStream, client string, request *raw, held *holding) error {
	ctx := stream.Context()
	reply, err := u.inPlace(service, ctx, client, request, held)
	if err == nil && !infrastructure(u.name) {
		reply, err = u.weigh(ctx, reply)
	}
	if err != nil {
		return err
	}
	return stream.SendMsg(written{reply})
}

// inPlace answers a request while it has the places that it needs.
func (u unary) inPlace(service any, ctx context.Context, client string, request *raw, held *holding) (mem.BufferSlice, error) {
	leave, err := u.ready(ctx, request, held)
	if err != nil {
		return nil, pushBack(ctx, err)
	}
	defer leave()
	if u.off || infrastructure(u.name) {
		return u.answer(service, ctx, request)
	}
	if !u.load.enter() {
		return nil, pushBack(ctx, u.full())
	}
	defer u.load.leave()
	if err := u.gate.paced(client); err != nil {
		return nil, pushBack(ctx, err)
	}
	return u.answer(service, ctx, request)
}

// answer takes a shortcut, or reads the request as a message.
func (u unary) answer(service any, ctx context.Context, request *raw) (mem.BufferSlice, error) {
	if reply, ok := request.shortly(ctx, u.short); ok {
		return reply, nil
	}
	reply, err := u.handle(service, ctx, func(to any) error { return u.read(request, to) }, straight)
	if err != nil {
		return nil, err
	}
	return u.codec.Marshal(reply)
}

// straight is an interceptor that does nothing: the others stand around the reading already.
func straight(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	return handle(ctx, request)
}
