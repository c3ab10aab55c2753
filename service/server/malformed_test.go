package server_test

import (
	"net/http"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

func TestGateway_RejectsMalformedRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, verb, path, body string
		http                   int
		code                   codes.Code
		reason, field          string // field of the BadRequest; empty without one
	}{
		{"truncated JSON", "POST", doPath, `{"selector":`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"not JSON", "POST", doPath, `selector=echo`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"invalid UTF-8", "POST", doPath, "{\xff", 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"JSON array", "POST", doPath, `["echo"]`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"two documents", "POST", doPath, `{} {}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"wrong type", "POST", doPath, `{"selector":1}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "selector"},
		{"two fields of a oneof", "POST", doPath, `{"selector":"echo","get":"/a","put":"/b"}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "put"},
		{"unknown field", "POST", doPath, `{"selector":"echo","nope":1}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "nope"},
		{"unknown route", "GET", "/v1/nothing", ``, 404, codes.NotFound, "METHOD_NOT_FOUND", ""},
		{"root path", "GET", "/", ``, 404, codes.NotFound, "METHOD_NOT_FOUND", ""},
		{"wrong method", "GET", doPath, ``, 405, codes.Unimplemented, "METHOD_NOT_FOUND", ""},
		{"form on a GET-only route", "POST", listPath, `a=b`, 405, codes.Unimplemented, "METHOD_NOT_FOUND", ""},
		{"unused method", "DELETE", doPath, ``, 405, codes.Unimplemented, "METHOD_NOT_FOUND", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			reply, err := start(t).sendREST(c.verb, c.path, c.body)
			if err != nil || reply.status != c.http || reply.header.Get("Content-Type") != "application/json" {
				t.Errorf("%d %q, %v, want %d and JSON", reply.status, reply.header.Get("Content-Type"), err, c.http)
			}
			s := wantInfo(t, reply.err(), c.reason)
			if s.Code() != c.code {
				t.Errorf("%v, want %v", s, c.code)
			}
			if field := violatedField(s); field != c.field {
				t.Errorf("BadRequest names %q, want %q", field, c.field)
			}
		})
	}
}

// The lookup of the allowed methods must call none of them.
func TestGateway_AllowNamesTheMethods(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, c := range []struct{ verb, path, allow string }{
		{"DELETE", doPath, "POST"}, {"GET", doPath, "POST"}, {"POST", listPath, "GET, HEAD"}, {"POST", doPath, ""}, {"GET", "/v1/nothing", ""},
	} {
		reply, err := h.sendREST(c.verb, c.path, `{"selector":"echo"}`)
		if err != nil || reply.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow: %q, %v, want %q", c.verb, c.path, reply.status, reply.header.Get("Allow"), err, c.allow)
		}
	}
}

// violatedField returns the field of the only violation of a BadRequest.
func violatedField(s *status.Status) string {
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok && len(bad.GetFieldViolations()) == 1 {
			return bad.GetFieldViolations()[0].GetField()
		}
	}
	return ""
}

func TestGateway_IgnoresContentType(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "text/plain", "text/;=broken"} {
		request, err := http.NewRequest(http.MethodPost, "http://"+h.HTTPAddr()+doPath, strings.NewReader(`{"selector":"echo"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", kind)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%q: %s", kind, response.Status)
		}
	}
}

// gRPC itself would report INTERNAL, an error of the server.
func TestGRPC_RejectsMalformedMessages(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, c := range []struct {
		name    string
		request proto.Message // its encoding is a malformed message of the method's type
	}{
		{"invalid UTF-8", wrapperspb.Bytes([]byte{0xff})},
		{"truncated", truncatedMessage()},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := h.conn.Invoke(t.Context(), doMethod, c.request, new(emptypb.Empty))
			s := wantInfo(t, err, "INVALID_REQUEST")
			if s.Code() != codes.InvalidArgument || violatedField(s) == "" {
				t.Errorf("%v, want INVALID_ARGUMENT with a BadRequest", s)
			}
		})
	}
}

// truncatedMessage returns a message whose encoding ends within its first field.
func truncatedMessage() proto.Message {
	m := new(emptypb.Empty)
	m.ProtoReflect().SetUnknown([]byte{0x0a, 0x05, 'x'})
	return m
}

func TestGRPC_RejectsUnknownMethods(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, method := range []string{"/test.Service/Nothing", "/no.Service/Do"} {
		err := h.conn.Invoke(t.Context(), method, new(emptypb.Empty), new(emptypb.Empty))
		s := wantInfo(t, err, "METHOD_NOT_FOUND")
		if s.Code() != codes.Unimplemented {
			t.Errorf("%s: %v, want UNIMPLEMENTED", method, s)
		}
	}
}

func TestGRPC_RejectsMethodNameInInvalidUTF8(t *testing.T) {
	t.Parallel()
	h := start(t)
	s := wantInfo(t, h.conn.Invoke(t.Context(), "/x\xff/y", new(emptypb.Empty), new(emptypb.Empty)), "METHOD_NOT_FOUND")
	if s.Code() != codes.Unimplemented || !strings.Contains(s.Message(), "/x?/y") {
		t.Errorf("%v, want UNIMPLEMENTED and the name", s)
	}
}

// protobuf's message about invalid UTF-8 names a field or not, depending on its version.
func TestGRPC_InvalidUTF8NamesFieldOrRequest(t *testing.T) {
	t.Parallel()
	err := start(t).conn.Invoke(t.Context(), doMethod, wrapperspb.Bytes([]byte{0xff}), new(emptypb.Empty))
	if field := violatedField(wantInfo(t, err, "INVALID_REQUEST")); field != "request" && field != "selector" {
		t.Errorf("BadRequest names %q, want request or selector", field)
	}
}

func TestGateway_RejectsPathInInvalidUTF8(t *testing.T) {
	t.Parallel()
	reply, err := start(t).sendREST("GET", "/v1/%FF", "")
	if err != nil || reply.status != 404 {
		t.Errorf("%d, %v, want 404", reply.status, err)
	}
	wantInfo(t, reply.err(), "METHOD_NOT_FOUND")
}
