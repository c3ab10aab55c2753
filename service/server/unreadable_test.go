package server_test

import (
	"net/http"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Requests over REST that never become a call still get an error that programs can read.
func TestRESTRequestsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, verb, path, body string
		http                   int
		code                   codes.Code
		reason                 string
	}{
		{"broken JSON", "POST", tinyPath, `{"selector":`, 400, codes.InvalidArgument, "INVALID_REQUEST"},
		{"no JSON", "POST", tinyPath, `selector=echo`, 400, codes.InvalidArgument, "INVALID_REQUEST"},
		{"JSON but no object", "POST", tinyPath, `["echo"]`, 400, codes.InvalidArgument, "INVALID_REQUEST"},
		{"two documents", "POST", tinyPath, `{} {}`, 400, codes.InvalidArgument, "INVALID_REQUEST"},
		{"value of another type", "POST", tinyPath, `{"selector":1}`, 400, codes.InvalidArgument, "INVALID_REQUEST"},
		{"both of a oneof", "POST", tinyPath, `{"selector":"echo","get":"/a","put":"/b"}`, 400, codes.InvalidArgument, "INVALID_REQUEST"},
		{"unknown field", "POST", tinyPath, `{"selector":"echo","nope":1}`, 400, codes.InvalidArgument, "INVALID_REQUEST"},
		{"unknown route", "GET", "/v1/nothing", ``, 404, codes.NotFound, "METHOD_NOT_FOUND"},
		{"no route", "GET", "/", ``, 404, codes.NotFound, "METHOD_NOT_FOUND"},
		{"wrong verb", "GET", tinyPath, ``, 405, codes.Unimplemented, "METHOD_NOT_FOUND"},
		{"other wrong verb", "DELETE", tinyPath, ``, 405, codes.Unimplemented, "METHOD_NOT_FOUND"},
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
			if hasBadRequest(s) != (c.reason == "INVALID_REQUEST") {
				t.Errorf("%v: a BadRequest belongs to INVALID_REQUEST and nothing else", s.Details())
			}
		})
	}
}

func hasBadRequest(s *status.Status) bool {
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			return len(bad.GetFieldViolations()) == 1 && bad.GetFieldViolations()[0].GetDescription() != ""
		}
	}
	return false
}

// A form is what curl says of a body unless it is told otherwise.
func TestContentTypeOfARequestDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "text/plain"} {
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
