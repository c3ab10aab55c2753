package rpc_test

import (
	"net"
	"testing"

	"context"
	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/servertest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

func usualRequest() *errorv1.TranslateRequest {
	r := asked(403, `{"error_code":"CBC.99003651","error_msg":"Another operation is in progress, try again later."}`)
	r.Response.Headers = map[string]string{"X-Request-Id": "8a7d5e0f3b1c4d2e", "Content-Type": "application/json"}
	r.Locales = []string{"zh-CN"}
	return r
}

func BenchmarkUnary(b *testing.B) {
	ours := errorv1.NewTranslationServiceClient(dialB(b, servertest.Start(b).GRPCAddr()))
	reply, err := ours.Translate(b.Context(), usualRequest())
	if err != nil {
		b.Fatal(err)
	}
	bytes, _ := proto.Marshal(reply)
	b.Logf("%d -> %d bytes", proto.Size(usualRequest()), len(bytes))
	null := errorv1.NewTranslationServiceClient(dialB(b, nullServer(b, bytes)))
	for _, c := range []struct {
		name string
		errorv1.TranslationServiceClient
	}{{"null", null}, {"ours", ours}, {"null", null}, {"ours", ours}, {"null", null}, {"ours", ours}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetParallelism(32)
			r := usualRequest()
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := c.Translate(b.Context(), r); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func dialB(b *testing.B, addr string) *grpc.ClientConn {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return conn
}

func nullServer(b *testing.B, reply []byte) string {
	constant := &emptypb.Empty{}
	constant.ProtoReflect().SetUnknown(reply)
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	s := grpc.NewServer()
	s.RegisterService(&grpc.ServiceDesc{ServiceName: "cbc.error.v1.TranslationService", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{{MethodName: "Translate", Handler: func(srv any, ctx context.Context, dec func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		in := new(emptypb.Empty)
		if err := dec(in); err != nil {
			return nil, err
		}
		return constant, nil
	}}}}, nil)
	go s.Serve(l)
	b.Cleanup(s.Stop)
	return l.Addr().String()
}
