package interceptor_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/client/interceptor"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// A handler returns an error from a unary call and from a stream.
type handler struct {
	errorv1.UnimplementedTranslationServiceServer
	err error
}

func (h handler) Translate(context.Context, *errorv1.TranslateRequest) (*errorv1.TranslateResponse, error) {
	return &errorv1.TranslateResponse{}, h.err
}

func (h handler) StreamTranslate(grpc.BidiStreamingServer[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]) error {
	return h.err
}

// call returns the errors of a unary call and of a stream as they arrive at the client, and the log of the server.
func call(t *testing.T, err error, language ...string) (arrived []error, logged string) {
	t.Helper()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	server := grpc.NewServer(grpc.ChainUnaryInterceptor(interceptor.Unary(logger)), grpc.ChainStreamInterceptor(interceptor.Stream(logger)))
	errorv1.RegisterTranslationServiceServer(server, handler{err: err})
	caller := connect(t, server)

	ctx := t.Context()
	for _, l := range language {
		ctx = metadata.AppendToOutgoingContext(ctx, "accept-language", l)
	}
	_, unary := caller.Translate(ctx, &errorv1.TranslateRequest{})
	stream, streamed := caller.StreamTranslate(ctx)
	if streamed == nil {
		_, streamed = stream.Recv()
	}
	server.GracefulStop()
	return []error{unary, streamed}, log.String()
}

func connect(t *testing.T, server *grpc.Server) errorv1.TranslationServiceClient {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return errorv1.NewTranslationServiceClient(conn)
}

// failure returns the error of a response.
func failure(t *testing.T, status int, body string) error {
	t.Helper()
	translator, err := client.New()
	if err != nil {
		t.Fatal(err)
	}
	if err = translator.CheckBody(status, nil, []byte(body)); err == nil {
		t.Fatal("no failure")
	}
	return err
}

const noBalance = `{"error_code":"CBC.5003","error_msg":"Insufficient balance."}`

func TestInterceptor_Language(t *testing.T) {
	err := fmt.Errorf("paying: %w", failure(t, 400, noBalance))
	tests := []struct {
		languages []string
		locale    string
	}{
		{nil, "en"}, {[]string{"zh-CN"}, "zh-CN"}, {[]string{"fr, zh;q=0.5"}, "zh-CN"}, {[]string{"fr"}, "en"},
	}
	for _, tc := range tests {
		arrived, logged := call(t, err, tc.languages...)
		for _, got := range arrived {
			e, ok := cbcerr.FromError(got)
			if !ok || e.Locale != tc.locale || e.Reason != cbcerr.ReasonBalanceInsufficient || status.Convert(got).Message() != err.Error() {
				t.Errorf("%q: %v, %+v", tc.languages, got, e)
			}
			if chinese := strings.Contains(e.Message, "余额不足"); chinese != (tc.locale == "zh-CN") {
				t.Errorf("%q: message %q", tc.languages, e.Message)
			}
		}
		if logged != "" {
			t.Errorf("%q: logged %s", tc.languages, logged)
		}
	}
}

// An error that embeds a failure, such as that of package huaweicloud, is translated too.
type sdkError struct {
	*client.Failure
	sdk error
}

func (e sdkError) Unwrap() []error { return []error{e.Failure, e.sdk} }

func TestInterceptor_EmbeddedFailure(t *testing.T) {
	f, _ := errors.AsType[*client.Failure](failure(t, 400, noBalance))
	arrived, _ := call(t, fmt.Errorf("paying: %w", sdkError{f, errors.New("status 400")}), "zh-CN")
	for _, got := range arrived {
		if e, ok := cbcerr.FromError(got); !ok || e.Locale != "zh-CN" || e.Code != "CBC.5003" {
			t.Errorf("%v, %+v", got, e)
		}
	}
}

func TestInterceptor_OwnKeys(t *testing.T) {
	for name, err := range map[string]error{
		"unauthenticated":    failure(t, 401, `{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: AK secret-key"}`),
		"without a code":     failure(t, 401, `secret-key`),
		"joined, first":      errors.Join(failure(t, 401, `secret-key`), failure(t, 400, noBalance)),
		"joined, second":     errors.Join(failure(t, 400, noBalance), fmt.Errorf("paying: %w", failure(t, 401, `{"error_code":"APIGW.0301","error_msg":"secret-key"}`))),
		"behind a status":    errors.Join(status.Error(codes.NotFound, "no order"), failure(t, 401, `secret-key`)),
		"denied, an address": failure(t, 403, `{"error_code":"APIGW.0402","error_msg":"secret-key"}`),
		"denied, a policy":   failure(t, 403, `{"error_msg":"Policy doesn't allow bss:order:view to be performed by secret-key"}`),
		"denied, foreign":    failure(t, 403, `{"error":{"code":"PAP5.0011","message":"secret-key may not"}}`),
		"denied, unknown":    failure(t, 403, `{"error_code":"CBC.9876","error_msg":"secret-key may not"}`),
		"access denied":      fmt.Errorf("paying: %w", failure(t, 403, `{"error_code":"CBC.0151","error_msg":"secret-key may not"}`)),
	} {
		arrived, logged := call(t, err, "zh-CN")
		for _, got := range arrived {
			s := status.Convert(got)
			if s.Code() != codes.Internal || s.Message() != "internal error" || len(s.Details()) > 0 {
				t.Errorf("%s: %v", name, s)
			}
		}
		if n := strings.Count(logged, "level=ERROR"); n != 2 || !strings.Contains(logged, "method=/cbc.error.v1.TranslationService/StreamTranslate") {
			t.Errorf("%s: %d errors in the log: %s", name, n, logged)
		}
	}
}

// A Failure without an error has no text in any language.
func TestInterceptor_ZeroFailure(t *testing.T) {
	arrived, _ := call(t, new(client.Failure), "zh-CN")
	for _, got := range arrived {
		if status.Code(got) != codes.Unknown {
			t.Errorf("%v", got)
		}
	}
}

// Without a logger the error is hidden all the same.
func TestInterceptor_NoLogger(t *testing.T) {
	hidden := failure(t, 401, "secret-key")
	handler := func(context.Context, any) (any, error) { return nil, hidden }
	_, err := interceptor.Unary(nil)(t.Context(), nil, &grpc.UnaryServerInfo{}, handler)
	if status.Code(err) != codes.Internal {
		t.Errorf("%v", err)
	}
}

// Of two errors that are joined the first counts, as for gRPC. Only a failure of this program can be translated again.
func TestInterceptor_JoinedErrors(t *testing.T) {
	received := status.Convert(failure(t, 429, `{"error_code":"CBC.0250"}`)).Err()
	arrived, _ := call(t, errors.Join(received, failure(t, 400, noBalance)), "zh-CN")
	if e, ok := cbcerr.FromError(arrived[0]); !ok || e.Code != "CBC.0250" || e.Locale != "en" {
		t.Errorf("%v", arrived[0])
	}
}

// An error with a status of its own hides what it wraps.
type ownStatus struct{ error }

func (ownStatus) GRPCStatus() *status.Status { return status.New(codes.NotFound, "no such order") }
func (e ownStatus) Unwrap() error            { return e.error }

func TestInterceptor_OtherErrors(t *testing.T) {
	tests := []struct {
		name    string
		err     error
		code    codes.Code
		message string
	}{
		{"none", nil, codes.OK, ""},
		{"without a status", errors.New("disk"), codes.Unknown, "disk"},
		{"with a status", status.Error(codes.Unauthenticated, "who are you?"), codes.Unauthenticated, "who are you?"},
		{"chosen by the server", ownStatus{failure(t, 400, noBalance)}, codes.NotFound, "no such order"},
		{"chosen for its keys", ownStatus{failure(t, 401, "secret-key")}, codes.NotFound, "no such order"},
	}
	for _, tc := range tests {
		arrived, logged := call(t, tc.err, "zh-CN")
		if s := status.Convert(arrived[0]); s.Code() != tc.code || s.Message() != tc.message || len(s.Details()) > 0 || logged != "" {
			t.Errorf("%s: %v, logged %q", tc.name, s, logged)
		}
	}
}
