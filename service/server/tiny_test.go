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

// The names of the tiny service: what it is called over gRPC and over REST, and whose its errors are.
const (
	tinyName   = "tiny.Tiny"
	tinyMethod = "/tiny.Tiny/Do"
	tinyStream = "/tiny.Tiny/Flow"
	tinyTalk   = "/tiny.Tiny/Talk"
	tinyPath   = "/v1/things:do"
	tinyList   = "/v1/things" // can be read and nothing else
	tinyTwice  = "/v1/twice"  // answers twice, which net/http has something to say of
	tinyDomain = "tiny.test"
)

// tiny is a service of the tests' own, so that they need no word of the CBC. Its one method does what the selector of
// its request says. The request is a google.api.HttpRule because that is a known message with a oneof.
type tiny struct {
	entered chan struct{} // has a value for each call that has begun to wait
	release chan struct{} // closed to let the waiting calls finish
}

func newTiny() *tiny { return &tiny{make(chan struct{}, 16), make(chan struct{})} }

// actions are what the method can be asked to do.
func (s *tiny) actions() map[string]func(context.Context, *annotations.HttpRule) error {
	return map[string]func(context.Context, *annotations.HttpRule) error{
		"echo":     func(context.Context, *annotations.HttpRule) error { return nil },
		"panic":    func(context.Context, *annotations.HttpRule) error { panic("kaput") },
		"plain":    func(context.Context, *annotations.HttpRule) error { return errors.New("a plain error") },
		"found":    func(context.Context, *annotations.HttpRule) error { return foreignError() },
		"missing":  func(context.Context, *annotations.HttpRule) error { return ownError() },
		"metadata": func(ctx context.Context, _ *annotations.HttpRule) error { return sendMetadata(ctx) },
		"wait":     func(ctx context.Context, _ *annotations.HttpRule) error { return s.wait(ctx) },
	}
}

func (s *tiny) do(ctx context.Context, rule *annotations.HttpRule) (*annotations.HttpRule, error) {
	act, ok := s.actions()[rule.GetSelector()]
	if !ok {
		return nil, status.Error(codes.InvalidArgument, "no such action")
	}
	return rule, act(ctx, rule)
}

func (s *tiny) wait(ctx context.Context) error {
	s.entered <- struct{}{}
	select {
	case <-s.release:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ownError is an error with a reason that only the service can know.
func ownError() error {
	s, err := status.New(codes.NotFound, "no such thing").WithDetails(info("NO_SUCH_THING"))
	if err != nil {
		return err
	}
	return s.Err()
}

// foreignError is what a method was asked to find out, and no failure of its own.
func foreignError() error {
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

// Register implements server.Service, as the following do.
func (s *tiny) Register(r grpc.ServiceRegistrar) {
	r.RegisterService(&grpc.ServiceDesc{
		ServiceName: tinyName, HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Do", Handler: s.handle}},
		Streams: []grpc.StreamDesc{
			{StreamName: "Flow", ServerStreams: true, Handler: flow},
			{StreamName: "Talk", ServerStreams: true, ClientStreams: true, Handler: s.talk},
		},
	}, s)
}

// handle is what protoc-gen-go-grpc would write.
func (s *tiny) handle(_ any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
	rule := new(annotations.HttpRule)
	if err := decode(rule); err != nil {
		return nil, err
	}
	info := &grpc.UnaryServerInfo{Server: s, FullMethod: tinyMethod}
	return intercept(ctx, rule, info, func(ctx context.Context, request any) (any, error) {
		return s.do(ctx, request.(*annotations.HttpRule))
	})
}

func flow(any, grpc.ServerStream) error { panic("kaput") }

// talk does what each message says and sends it back; to one that it does not get, it answers why.
func (s *tiny) talk(_ any, stream grpc.ServerStream) error {
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

// RegisterREST does what protoc-gen-grpc-gateway would write.
func (s *tiny) RegisterREST(_ context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	list := func(w http.ResponseWriter, _ *http.Request, _ map[string]string) { fmt.Fprint(w, "[]") }
	twice := func(w http.ResponseWriter, _ *http.Request, _ map[string]string) {
		w.WriteHeader(http.StatusOK)
		w.WriteHeader(http.StatusOK)
	}
	if err := errors.Join(mux.HandlePath(http.MethodGet, tinyList, list), mux.HandlePath(http.MethodGet, tinyTwice, twice)); err != nil {
		return err
	}
	return mux.HandlePath(http.MethodPost, tinyPath, func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
		in, out := runtime.MarshalerForRequest(mux, r)
		ctx, err := runtime.AnnotateContext(r.Context(), mux, r, tinyMethod)
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
	return conn.Invoke(ctx, tinyMethod, rule, reply, grpc.Header(&sent.HeaderMD), grpc.Trailer(&sent.TrailerMD))
}

func (s *tiny) RESTOptions() []runtime.ServeMuxOption { return nil }

// JSON writes all fields, which the contract does too.
func (s *tiny) JSON(m proto.Message) ([]byte, error) {
	return protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(m)
}

// WriteError writes the JSON of the status.
func (s *tiny) WriteError(w http.ResponseWriter, _ *http.Request, httpStatus int, err *statuspb.Status) {
	body, marshalErr := s.JSON(err)
	if marshalErr != nil {
		httpStatus = http.StatusTeapot // no test wants that
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(httpStatus)
	_, _ = w.Write(body)
}
