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

// Requests over REST that never become a call still get an error that programs can read.
func TestRESTRequestsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, verb, path, body string
		http                   int
		code                   codes.Code
		reason, field          string // a BadRequest about the field, if there is one
	}{
		{"broken JSON", "POST", tinyPath, `{"selector":`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"no JSON", "POST", tinyPath, `selector=echo`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"no text", "POST", tinyPath, "{\xff", 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"JSON but no object", "POST", tinyPath, `["echo"]`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"two documents", "POST", tinyPath, `{} {}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "request"},
		{"value of another type", "POST", tinyPath, `{"selector":1}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "selector"},
		{"both of a oneof", "POST", tinyPath, `{"selector":"echo","get":"/a","put":"/b"}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "put"},
		{"unknown field", "POST", tinyPath, `{"selector":"echo","nope":1}`, 400, codes.InvalidArgument, "INVALID_REQUEST", "nope"},
		{"unknown route", "GET", "/v1/nothing", ``, 404, codes.NotFound, "METHOD_NOT_FOUND", ""},
		{"no route", "GET", "/", ``, 404, codes.NotFound, "METHOD_NOT_FOUND", ""},
		{"wrong verb", "GET", tinyPath, ``, 405, codes.Unimplemented, "METHOD_NOT_FOUND", ""},
		{"form for what can be read only", "POST", tinyList, `a=b`, 405, codes.Unimplemented, "METHOD_NOT_FOUND", ""},
		{"other wrong verb", "DELETE", tinyPath, ``, 405, codes.Unimplemented, "METHOD_NOT_FOUND", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := start(t).send(c.verb, c.path, c.body)
			if err != nil || a.http != c.http || a.header.Get("Content-Type") != "application/json" {
				t.Errorf("%d %q, %v, want %d in JSON", a.http, a.header.Get("Content-Type"), err, c.http)
			}
			s := wantInfo(t, a.err(), c.reason)
			if s.Code() != c.code {
				t.Errorf("%v, want %v", s, c.code)
			}
			if field := badField(s); field != c.field {
				t.Errorf("BadRequest about %q, want %q", field, c.field)
			}
		})
	}
}

// Whoever asks with the wrong verb hears the right ones, and nothing is done to find out.
func TestWrongVerbNamesTheRightOnes(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, c := range []struct{ verb, path, allow string }{
		{"DELETE", tinyPath, "POST"}, {"GET", tinyPath, "POST"}, {"POST", tinyList, "GET, HEAD"}, {"POST", tinyPath, ""}, {"GET", "/v1/nothing", ""},
	} {
		a, err := r.send(c.verb, c.path, `{"selector":"echo"}`)
		if err != nil || a.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow: %q, %v, want %q", c.verb, c.path, a.http, a.header.Get("Allow"), err, c.allow)
		}
	}
}

// badField is the field that a BadRequest is about.
func badField(s *status.Status) string {
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok && len(bad.GetFieldViolations()) == 1 {
			return bad.GetFieldViolations()[0].GetField()
		}
	}
	return ""
}

// What is sent is JSON, whatever a tool says that it is.
func TestContentTypeOfARequestDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "text/plain", "text/;=broken"} {
		request, err := http.NewRequest(http.MethodPost, "http://"+r.HTTPAddr()+tinyPath, strings.NewReader(`{"selector":"echo"}`))
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

// gRPC by itself would call these internal errors, which clients take for a fault of the server.
func TestBytesThatAreNoMessageOverGRPC(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, c := range []struct {
		name    string
		request proto.Message // encoded like a message of the method's type that is broken
	}{
		{"text that is no UTF-8", wrapperspb.Bytes([]byte{0xff})},
		{"broken off", brokenOff()},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := r.conn.Invoke(t.Context(), tinyMethod, c.request, new(emptypb.Empty))
			s := wantInfo(t, err, "INVALID_REQUEST")
			if s.Code() != codes.InvalidArgument || badField(s) == "" {
				t.Errorf("%v, want INVALID_ARGUMENT with a BadRequest", s)
			}
		})
	}
}

// brokenOff ends within its first field.
func brokenOff() proto.Message {
	m := new(emptypb.Empty)
	m.ProtoReflect().SetUnknown([]byte{0x0a, 0x05, 'x'})
	return m
}

func TestUnknownMethodsOverGRPC(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, method := range []string{"/tiny.Tiny/Nothing", "/no.Service/Do"} {
		err := r.conn.Invoke(t.Context(), method, new(emptypb.Empty), new(emptypb.Empty))
		s := wantInfo(t, err, "METHOD_NOT_FOUND")
		if s.Code() != codes.Unimplemented {
			t.Errorf("%s: %v, want UNIMPLEMENTED", method, s)
		}
	}
}

// A name that is no text is answered and logged like any other that there is not.
func TestMethodThatIsNoText(t *testing.T) {
	t.Parallel()
	r := start(t)
	s := wantInfo(t, r.conn.Invoke(t.Context(), "/x\xff/y", new(emptypb.Empty), new(emptypb.Empty)), "METHOD_NOT_FOUND")
	if s.Code() != codes.Unimplemented || !strings.Contains(s.Message(), "/x?/y") {
		t.Errorf("%v, want UNIMPLEMENTED and the name", s)
	}
}
