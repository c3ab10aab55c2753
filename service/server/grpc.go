package server

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

// newGRPC has the limits, the authentication and the interceptors of gRPC.
func newGRPC(c Config, o *calls) *grpc.Server {
	options := []grpc.ServerOption{
		grpc.Creds(o.credentials(c)),
		grpc.InTapHandle(o.authenticateGRPC),
		grpc.ChainUnaryInterceptor(o.unary()...),
		grpc.ChainStreamInterceptor(o.streams()...),
		grpc.UnknownServiceHandler(o.unknown),
		grpc.ForceServerCodecV2(codec{encoding.GetCodecV2("proto"), c.MaxMessage}),
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

// unknown answers methods that do not exist.
func (o *calls) unknown(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	return o.errors.of(codes.Unimplemented, methodNotFound, "no method "+quoted(method))
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
		r := &received{reserve: func(bytes int) (func(), error) { return o.reserve(ctx, bytes) }}
		defer r.free()
		var fault error
		reply, err := handle(service, ctx, func(m any) error { fault = o.receive(r, decode, m); return fault }, intercept)
		if fault == nil {
			return reply, err
		}
		info := &grpc.UnaryServerInfo{Server: service, FullMethod: method}
		return intercept(ctx, nil, info, func(context.Context, any) (any, error) { return nil, fault })
	}
}

// reserve waits until a large request may be worked on. Others need not wait.
func (o *calls) reserve(ctx context.Context, bytes int) (release func(), err error) {
	if bytes <= largeMessage {
		return func() {}, nil
	}
	if err := o.large.Acquire(ctx, int64(bytes)); err != nil {
		return func() {}, status.FromContextError(err).Err()
	}
	return sync.OnceFunc(func() { o.large.Release(int64(bytes)) }), nil
}

// receive reads a message, and gives a reason to the error of one that cannot be read.
func (o *calls) receive(r *received, decode func(any) error, message any) error {
	r.free()
	*r = received{message: message, reserve: r.reserve}
	if err := decode(r); err != nil {
		return err
	}
	switch {
	case r.compressed:
		return o.errors.of(codes.Unimplemented, invalidRequest, "compressed requests are not supported")
	case r.size > o.maxMessage:
		return o.errors.tooLarge(o.maxMessage)
	case r.given != nil:
		return r.given
	case r.err != nil:
		return o.errors.invalid("not a message of the method's type: " + fault(r.err))
	}
	return nil
}

// received is a message to read, and what became of it.
type received struct {
	message    any
	reserve    func(bytes int) (release func(), err error)
	release    func() // nil before reserve
	size       int
	compressed bool
	given      error // of a client that did not wait
	err        error
}

// free lets other large requests be worked on.
func (r *received) free() {
	if r.release != nil {
		r.release()
	}
}

// A codec is protobuf's, but it keeps the error of a received message. grpc-go's own turns it into INTERNAL without a
// reason, and ends the stream.
type codec struct {
	encoding.CodecV2
	maxMessage int
}

// Unmarshal implements encoding.CodecV2.
func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	r, ok := v.(*received)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	r.size = data.Len()
	r.compressed = r.size == len(compressedMark) && string(data.Materialize()) == compressedMark
	if r.compressed || r.size > c.maxMessage {
		return nil
	}
	if r.release, r.given = r.reserve(r.size); r.given == nil {
		r.err = c.CodecV2.Unmarshal(data, r.message)
	}
	return nil
}

// compressedMark stands for a compressed message. No message begins like it, as there is no field 0.
const compressedMark = "\x00gzip"

// noDecompressor refuses compressed messages: OpenTelemetry's exporters register gzip for the whole process, and 4 MiB
// of gzip become 4 GiB.
type noDecompressor struct{}

// Type implements grpc.Decompressor.
func (noDecompressor) Type() string { return "gzip" }

// Do implements grpc.Decompressor. An error would reach the client as INTERNAL without a reason.
func (noDecompressor) Do(io.Reader) ([]byte, error) { return []byte(compressedMark), nil }

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
