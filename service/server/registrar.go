package server

import (
	"slices"

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
	streams := *desc
	streams.Methods, streams.Streams = nil, slices.Clone(desc.Streams)
	for _, method := range desc.Methods {
		name := "/" + desc.ServiceName + "/" + method.MethodName
		u := unary{r.observer, name, r.observer.shortcuts[name], method.Handler}
		streams.Streams = append(streams.Streams, grpc.StreamDesc{StreamName: method.MethodName, Handler: u.serve, ClientStreams: true})
	}
	r.observer.knows(desc)
	r.server.RegisterService(&streams, service)
	r.local.register(desc, service)
}

// knows takes note of the methods before the first call.
func (o *observer) knows(desc *grpc.ServiceDesc) {
	for _, m := range desc.Methods {
		o.methods["/"+desc.ServiceName+"/"+m.MethodName] = true
		o.metrics.knows("/" + desc.ServiceName + "/" + m.MethodName)
	}
}
