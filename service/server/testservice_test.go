package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// The names of the test service: its gRPC methods, its REST paths, and the domain of its errors.
const (
	serviceName       = "test.Service"
	doMethod          = "/test.Service/Do"
	panicStreamMethod = "/test.Service/PanicStream"
	talkMethod        = "/test.Service/Talk"
	doPath            = "/v1/things:do"
	listPath          = "/v1/things" // GET only
	doubleReplyPath   = "/v1/twice"  // writes the header twice, which net/http logs
	testDomain        = "server.test"
)

// A testService is independent of the CBC services. Its method performs the action that the selector of its request names.
// The request is a google.api.HttpRule because that is a public message with a oneof.
type testService struct {
	entered chan struct{} // receives a value for each call that begins to wait
	release chan struct{} // closed to let the waiting calls finish
}

func newTestService() *testService { return &testService{make(chan struct{}, 16), make(chan struct{})} }

// actions returns the actions of the method, by selector.
func (s *testService) actions() map[string]func(context.Context, *annotations.HttpRule) error {
	return map[string]func(context.Context, *annotations.HttpRule) error{
		"echo":      func(context.Context, *annotations.HttpRule) error { return nil },
		"panic":     func(context.Context, *annotations.HttpRule) error { panic("kaput") },
		"no reason": func(context.Context, *annotations.HttpRule) error { return errors.New("an error without a reason") },
		"result":    func(context.Context, *annotations.HttpRule) error { return resultError() },
		"missing":   func(context.Context, *annotations.HttpRule) error { return serviceError() },
		"metadata":  func(ctx context.Context, _ *annotations.HttpRule) error { return sendMetadata(ctx) },
		"wait":      func(ctx context.Context, _ *annotations.HttpRule) error { return s.wait(ctx) },
	}
}

func (s *testService) do(ctx context.Context, rule *annotations.HttpRule) (*annotations.HttpRule, error) {
	act, ok := s.actions()[rule.GetSelector()]
	if !ok {
		return nil, status.Error(codes.InvalidArgument, "no such action")
	}
	return rule, act(ctx, rule)
}

func (s *testService) wait(ctx context.Context) error {
	s.entered <- struct{}{}
	select {
	case <-s.release:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serviceError returns an error with a reason of the service.
func serviceError() error {
	s, err := status.New(codes.NotFound, "no such thing").WithDetails(info("NO_SUCH_THING"))
	if err != nil {
		return err
	}
	return s.Err()
}

// resultError returns an error of another domain, which is the result of a call and no failure.
func resultError() error {
	s, err := status.New(codes.NotFound, "gone").WithDetails(&errdetails.ErrorInfo{Reason: "GONE", Domain: "elsewhere.test"})
	if err != nil {
		return err
	}
	return s.Err()
}

func sendMetadata(ctx context.Context) error {
	return errors.Join(
		grpc.SetHeader(ctx, metadata.Pairs("first", "1")),
		grpc.SendHeader(ctx, metadata.Pairs("second", "2")),
		grpc.SetTrailer(ctx, metadata.Pairs("last", "3")))
}

// Register implements server.Service.
func (s *testService) Register(r grpc.ServiceRegistrar) {
	r.RegisterService(&grpc.ServiceDesc{
		ServiceName: serviceName, HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Do", Handler: s.handle}},
		Streams: []grpc.StreamDesc{
			{StreamName: "PanicStream", ServerStreams: true, Handler: panicStream},
			{StreamName: "Talk", ServerStreams: true, ClientStreams: true, Handler: s.talk},
		},
	}, s)
}

// handle is like the handler that protoc-gen-go-grpc generates.
func (s *testService) handle(_ any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
	rule := new(annotations.HttpRule)
	if err := decode(rule); err != nil {
		return nil, err
	}
	info := &grpc.UnaryServerInfo{Server: s, FullMethod: doMethod}
	return intercept(ctx, rule, info, func(ctx context.Context, request any) (any, error) {
		return s.do(ctx, request.(*annotations.HttpRule))
	})
}

func panicStream(any, grpc.ServerStream) error { panic("kaput") }

// talk performs the action of each message and echoes it. It replies to a rejected message with the error.
func (s *testService) talk(_ any, stream grpc.ServerStream) error {
	for {
		rule := new(annotations.HttpRule)
		err := stream.RecvMsg(rule)
		if code := status.Code(err); code == codes.ResourceExhausted || code == codes.InvalidArgument {
			rule.Body = err.Error()
		} else if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if act := s.actions()[rule.GetSelector()]; act != nil && rule.Body == "" {
			if err := act(stream.Context(), rule); err != nil {
				return err
			}
		}
		if err := stream.SendMsg(rule); err != nil {
			return err
		}
	}
}

// RegisterREST is like the function that protoc-gen-grpc-gateway generates.
func (s *testService) RegisterREST(_ context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	get := func(w http.ResponseWriter, _ *http.Request, _ map[string]string) { fmt.Fprint(w, "[]") }
	doubleReply := func(w http.ResponseWriter, _ *http.Request, _ map[string]string) {
		w.WriteHeader(http.StatusOK)
		w.WriteHeader(http.StatusOK)
	}
	if err := errors.Join(mux.HandlePath(http.MethodGet, listPath, get), mux.HandlePath(http.MethodGet, doubleReplyPath, doubleReply)); err != nil {
		return err
	}
	return mux.HandlePath(http.MethodPost, doPath, func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
		in, out := runtime.MarshalerForRequest(mux, r)
		ctx, err := runtime.AnnotateContext(r.Context(), mux, r, doMethod)
		reply, sent := new(annotations.HttpRule), runtime.ServerMetadata{}
		if err == nil {
			err = forward(ctx, in.NewDecoder(r.Body), conn, reply, &sent)
		}
		ctx = runtime.NewServerMetadataContext(ctx, sent)
		if err != nil {
			runtime.HTTPError(ctx, mux, out, w, r, err)
			return
		}
		runtime.ForwardResponseMessage(ctx, mux, out, w, r, reply)
	})
}

func forward(ctx context.Context, body runtime.Decoder, conn grpc.ClientConnInterface, reply *annotations.HttpRule, sent *runtime.ServerMetadata) error {
	rule := new(annotations.HttpRule)
	if err := body.Decode(rule); err != nil && !errors.Is(err, io.EOF) {
		return status.Errorf(codes.InvalidArgument, "%v", err)
	}
	return conn.Invoke(ctx, doMethod, rule, reply, grpc.Header(&sent.HeaderMD), grpc.Trailer(&sent.TrailerMD))
}

// RESTOptions implements server.Service.
func (s *testService) RESTOptions() []runtime.ServeMuxOption { return nil }

// ReadJSON implements server.Service.
func (s *testService) ReadJSON(text []byte, m proto.Message) error {
	return protojson.Unmarshal(text, m)
}

// JSON implements server.Service. It writes all fields.
func (s *testService) JSON(m proto.Message) ([]byte, error) {
	return protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(m)
}

// WriteError implements server.Service. It writes the JSON of the status.
func (s *testService) WriteError(w http.ResponseWriter, _ *http.Request, httpStatus int, err *statuspb.Status) {
	body, marshalErr := s.JSON(err)
	if marshalErr != nil {
		httpStatus = http.StatusTeapot // no test expects it
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(httpStatus)
	_, _ = w.Write(body)
}
