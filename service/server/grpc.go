package server

import (
	"context"
	"net"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/keepalive"
)

// newGRPC returns the gRPC server with its limits, authentication and interceptors.
func newGRPC(c Config, i *interceptors) *grpc.Server {
	options := []grpc.ServerOption{
		grpc.Creds(i.credentials(c)),
		grpc.InTapHandle(i.tapHandle),
		grpc.ChainUnaryInterceptor(append([]grpc.UnaryServerInterceptor{i.unaryUnsent}, i.unary()...)...),
		grpc.ChainStreamInterceptor(i.streams()...),
		grpc.ForceServerCodecV2(codec{encoding.GetCodecV2("proto"), i}),
		grpc.MaxRecvMsgSize(c.MaxMessage + c.MaxMessage/4), // up to a quarter more gets an error with a reason; gRPC's own has none
		grpc.RPCDecompressor(rejectingDecompressor{}),      //nolint:staticcheck // its successor is registered for the whole process
		grpc.MaxHeaderListSize(uint32(c.MaxHeader / 4)),
		grpc.MaxConcurrentStreams(uint32(c.MaxStreams)),
		grpc.InitialWindowSize(streamWindow), grpc.InitialConnWindowSize(connWindow),
		grpc.ConnectionTimeout(c.HandshakeTimeout),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionIdle: c.IdleTimeout, MaxConnectionAge: c.MaxConnectionAge, Time: c.ClientTimeout, Timeout: c.ClientTimeout,
		}),
	}
	if c.Trace != nil {
		options = append(options, c.Trace.GRPC)
	}
	return grpc.NewServer(options...)
}

// A registrar registers services with the gRPC server and with the in-process connection.
type registrar struct {
	server       *grpc.Server
	local        *inProcessConn
	interceptors *interceptors
}

// RegisterService implements grpc.ServiceRegistrar.
func (r registrar) RegisterService(desc *grpc.ServiceDesc, service any) {
	r.local.register(desc, service)
	wrapped := *desc
	wrapped.Methods = slices.Clone(desc.Methods)
	for i, m := range desc.Methods {
		wrapped.Methods[i].Handler = r.interceptors.interceptMalformed("/"+desc.ServiceName+"/"+m.MethodName, m.Handler)
	}
	r.server.RegisterService(&wrapped, service)
}

// interceptMalformed passes a malformed request through the interceptors as a failed call. gRPC calls no interceptor for it.
func (i *interceptors) interceptMalformed(method string, handle grpc.MethodHandler) grpc.MethodHandler {
	return func(service any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
		r := &received{ctx: ctx}
		defer r.free()
		reply, err := handle(service, ctx, func(m any) error { return r.receive(decode, m) }, intercept)
		if r.err == nil {
			return reply, err
		}
		info := &grpc.UnaryServerInfo{Server: service, FullMethod: method}
		return intercept(ctx, nil, info, func(context.Context, any) (any, error) { return nil, r.err })
	}
}

// credentials returns the transport credentials of the gRPC port.
func (i *interceptors) credentials(c Config) credentials.TransportCredentials {
	if c.TLS == nil {
		return insecure.NewCredentials()
	}
	return observedTLS{credentials.NewTLS(c.TLS), i}
}

// observedTLS counts and logs failed handshakes, which grpc-go has no hook for.
type observedTLS struct {
	credentials.TransportCredentials
	interceptors *interceptors
}

// ServerHandshake implements credentials.TransportCredentials.
func (t observedTLS) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	secure, info, err := t.TransportCredentials.ServerHandshake(conn)
	if err != nil {
		t.interceptors.handshakeFailed("grpc", conn.RemoteAddr().String(), err.Error())
	}
	return secure, info, err
}

// Clone implements credentials.TransportCredentials.
func (t observedTLS) Clone() credentials.TransportCredentials {
	return observedTLS{t.TransportCredentials.Clone(), t.interceptors}
}
