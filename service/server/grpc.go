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

// newGRPC has the limits, the authentication and the interceptors of gRPC.
func newGRPC(c Config, o *calls) *grpc.Server {
	options := []grpc.ServerOption{
		grpc.Creds(o.credentials(c)),
		grpc.InTapHandle(o.admit),
		grpc.ChainUnaryInterceptor(o.unary()...),
		grpc.ChainStreamInterceptor(o.streams()...),
		grpc.ForceServerCodecV2(codec{encoding.GetCodecV2("proto"), o}),
		grpc.MaxRecvMsgSize(c.MaxMessage + c.MaxMessage/4), // a little larger, and the answer has a reason; beyond, gRPC's own has none
		grpc.RPCDecompressor(noDecompressor{}),             //nolint:staticcheck // its successor is registered for the whole process
		grpc.MaxHeaderListSize(uint32(c.MaxHeader / 4)),
		grpc.MaxConcurrentStreams(uint32(c.MaxStreams)),
		grpc.InitialWindowSize(streamWindow), grpc.InitialConnWindowSize(connWindow),
		grpc.ConnectionTimeout(c.HandshakeTimeout),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionIdle: c.IdleTimeout, MaxConnectionAge: c.MaxAge, Time: c.PeerTimeout, Timeout: c.PeerTimeout,
		}),
	}
	if c.Trace != nil {
		options = append(options, c.Trace.GRPC)
	}
	return grpc.NewServer(options...)
}

// A registrar registers services with the gRPC server and with the in-process connection.
type registrar struct {
	server *grpc.Server
	local  *inProcess
	calls  *calls
}

// RegisterService implements grpc.ServiceRegistrar.
func (r registrar) RegisterService(desc *grpc.ServiceDesc, service any) {
	r.local.register(desc, service)
	checked := *desc
	checked.Methods = slices.Clone(desc.Methods)
	for i, m := range desc.Methods {
		checked.Methods[i].Handler = r.calls.checked("/"+desc.ServiceName+"/"+m.MethodName, m.Handler)
	}
	r.server.RegisterService(&checked, service)
}

// checked sends a request that cannot be read through the interceptors as a failed call. gRPC calls no interceptor for it.
func (o *calls) checked(method string, handle grpc.MethodHandler) grpc.MethodHandler {
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

// credentials are those of the gRPC port.
func (o *calls) credentials(c Config) credentials.TransportCredentials {
	if c.TLS == nil {
		return insecure.NewCredentials()
	}
	return observedTLS{credentials.NewTLS(c.TLS), o}
}

// observedTLS counts and logs failed handshakes. grpc-go has no hook for them.
type observedTLS struct {
	credentials.TransportCredentials
	calls *calls
}

// ServerHandshake implements credentials.TransportCredentials.
func (t observedTLS) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	secure, info, err := t.TransportCredentials.ServerHandshake(conn)
	if err != nil {
		t.calls.handshakeFailed("grpc", conn.RemoteAddr().String(), err.Error())
	}
	return secure, info, err
}

// Clone implements credentials.TransportCredentials.
func (t observedTLS) Clone() credentials.TransportCredentials {
	return observedTLS{t.TransportCredentials.Clone(), t.calls}
}
