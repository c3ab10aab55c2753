package rpc_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// postJSON sends a request body and returns the error of the reply.
func postJSON(t *testing.T, address, path, body string) (text []byte, err error) {
	t.Helper()
	response, err := http.Post("http://"+address+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text = read(t, response)
	if response.StatusCode == http.StatusOK {
		return text, nil
	}
	return nil, errorFromResponse(response.StatusCode, text)
}

// An invalid request fails with an error that names the place, as the client wrote it, and the reason.
func TestREST_InvalidJSON(t *testing.T) {
	t.Parallel()
	address := testserver.StartSmall(t).HTTPAddr()
	for _, c := range []struct{ name, method, body, field, description string }{
		{"half a surrogate pair", "translate", `{"response":{"httpStatus":400,"text":"\ud83d"}}`, "response.text", `\ud83d is half of a surrogate pair`},
		{"second half of a pair", "translate", `{"response":{"httpStatus":400,"text":"x\ude00y"}}`, "response.text", `\ude00 is half of a surrogate pair`},
		{"half a pair in JSON", "translate", `{"response":{"json":{"list":[{},{"a":"\ud83dx"}]},"httpStatus":400}}`, "response.json.list[1].a", `\ud83d is half`},
		{"half a pair in a header", "raise", `{"response":{"headers":{"Retry-After":"\ud83d"}}}`, "response.headers[Retry-After]", "half"},
		{"invalid UTF-8", "translate", "{\"response\":{\"text\":\"\xff\"}}", "response.text", "invalid UTF-8"},
		{"key twice", "translate", `{"response":{"httpStatus":400,"httpStatus":500}}`, "response.httpStatus", "occurs twice"},
		{"key twice in JSON", "translate", `{"response":{"json":{"a":1,"a":2}}}`, "response.json.a", "occurs twice"},
		{"header twice", "translate", `{"response":{"headers":{"X-Request-Id":"1","X-Request-Id":"2"}}}`, "response.headers[X-Request-Id]", "occurs twice"},
		{"field under both names", "translate", `{"response":{"httpStatus":400,"http_status":500}}`, "response.http_status", "duplicate field"},
		{"two bodies", "translate", `{"response":{"httpStatus":400,"text":"","raw":""}}`, "response.raw", "already set"},
		{"wrong type", "translate", `{"response":{"httpStatus":"many"}}`, "response.httpStatus", "int32"},
		{"wrong type by the other name", "translate", `{"response":{"http_status":"many"}}`, "response.http_status", "int32"},
		{"no list", "translate", `{"locales":"de"}`, "locales", "unexpected token"},
		{"element of a list", "translate", `{"locales":["de",1]}`, "locales[1]", "string"},
		{"unknown field", "translate", "{\n\"response\":{\n  \"headers\":{\"余\":\"额\"}, \"nope\":1}}", "response.nope", "unknown field"},
		{"upstream's body", "translate", `{"error_code":"CBC.5003","error_msg":"no"}`, "error_code", "translateRaw"},
		{"upstream's body, to raise", "raise", `{"error_code":"CBC.5003"}`, "error_code", "translateRaw"},
		{"field of the response", "translate", `{"httpStatus":400,"text":"{}"}`, "httpStatus", "belongs into"},
		{"truncated", "translate", `{"response":{"text":"a}`, "response.text", "unexpected EOF"},
		{"two documents", "translate", `{} {}`, "request", "unexpected token {"},
		{"no object", "translate", `[]`, "request", "unexpected token ["},
		{"truncated batch", "batchTranslate", `{"requests":[{"response":{"httpStatus":400}}`, "requests", "no request of it is translated"},
		{"batch with its key twice", "batchTranslate", `{"requests":[],"requests":[]}`, "requests", "occurs twice"},
		{"batch of upstream's body", "batchTranslate", `{"error_code":"CBC.5003"}`, "error_code", "unknown field"},
		{"batch with too many requests", "batchTranslate", `{"requests":[` + strings.Repeat("1,", 1000) + `1]}`, "requests[0]", "no request of it is translated"},
		{"batch with something behind it", "batchTranslate", `{"requests":[{"nope":1}]} {}`, "requests[0].nope", "unknown field"},
		{"invalid status", "translate", `{"response":{"httpStatus":99}}`, "response.httpStatus", "100 to 599"},
		{"invalid status by its name in the contract", "translate", `{"response":{"http_status":99}}`, "response.http_status", "100 to 599"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := postJSON(t, address, "/v1/responses:"+c.method, c.body)
			wantInvalid(t, err, c.field, c.description)
		})
	}
}

// Each request of a batch has its own spelling, also after a byte order mark.
func TestBatchTranslate_SpellingOfEachRequest(t *testing.T) {
	t.Parallel()
	text, err := postJSON(t, testserver.StartSmall(t).HTTPAddr(), "/v1/responses:batchTranslate",
		"\ufeff"+`{"requests":[{"response":{"http_status":1}},{"response":{"httpStatus":1}},{"response":{"text":"http_status","httpStatus":3}},{"response":{"http_status":2}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	response := new(errorv1.BatchTranslateResponse)
	if err := protojson.Unmarshal(text, response); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"http_status", "httpStatus", "httpStatus", "http_status"} {
		wantInvalid(t, status.FromProto(response.GetResults()[i].GetError()).Err(), fmt.Sprintf("requests[%d].response.%s", i, name), "100 to 599")
	}
}

// A request may begin with a byte order mark.
func TestREST_ByteOrderMark(t *testing.T) {
	t.Parallel()
	address := testserver.StartSmall(t).HTTPAddr()
	text := postBody(t, address+"/v1/responses:translate", "application/json", "\ufeff"+`{"response":{"httpStatus":429,"text":"{\"error_code\":\"CBC.0250\"}"}}`)
	if reason := infoOf(t, parseTranslation(t, text)).GetReason(); reason != "REQUEST_THROTTLED" {
		t.Errorf("reason %q", reason)
	}
	text = postBody(t, address+rawPath, "application/json", "\ufeff"+`{"error_code":"CBC.0250"}`)
	if reason := infoOf(t, parseTranslation(t, text)).GetReason(); reason != "REQUEST_THROTTLED" {
		t.Errorf("reason of a raw body %q", reason)
	}
}

// A request of a batch that cannot be read fails alone.
func TestBatchTranslate_UnreadableRequests(t *testing.T) {
	t.Parallel()
	const readable = `{"response":{"httpStatus":429,"json":{"error_code":"CBC.0250"}}}`
	unreadable := []struct{ request, field, description string }{
		{`{"response":{"httpStatus":400,"text":"\ud83d"}}`, "requests[1].response.text", "half of a surrogate pair"},
		{`{"response":{"httpStatus":400,"json":{"a":1,"a":2}}}`, "requests[3].response.json.a", "occurs twice"},
		{"{\"response\":{\"text\":\"\xff\"}}", "requests[5].response.text", "invalid UTF-8"},
		{`{"response":{"http_status":"x"}}`, "requests[7].response.http_status", "int32"},
		{`{"error_code":"CBC.5003"}`, "requests[9].error_code", "translateRaw"},
		{`null`, "requests[11]", "unexpected token"},
	}
	var requests []string
	for _, u := range unreadable {
		requests = append(requests, readable, u.request)
	}
	text, err := postJSON(t, testserver.StartSmall(t).HTTPAddr(), "/v1/responses:batchTranslate", `{"requests":[`+strings.Join(requests, ",\n")+"]}")
	if err != nil {
		t.Fatal(err)
	}
	response := new(errorv1.BatchTranslateResponse)
	if err := protojson.Unmarshal(text, response); err != nil || len(response.GetResults()) != len(requests) {
		t.Fatalf("%v, %d results", err, len(response.GetResults()))
	}
	for i, u := range unreadable {
		if reason := infoOf(t, response.GetResults()[2*i].GetTranslation()).GetReason(); reason != "REQUEST_THROTTLED" {
			t.Errorf("request %d: reason %q", 2*i, reason)
		}
		wantInvalid(t, status.FromProto(response.GetResults()[2*i+1].GetError()).Err(), u.field, u.description)
	}
}

// Over gRPC, an unknown field of a request has no effect, whatever it holds.
func TestBatchTranslate_UnknownFieldOverGRPC(t *testing.T) {
	t.Parallel()
	request := newRequest(429, `{"error_code":"CBC.0250"}`)
	request.ProtoReflect().SetUnknown([]byte{0xfa, 0xff, 0xff, 0xff, 0x0f, 2, 'a', 0}) // field 536870911, as REST uses it
	response, err := newClients(t)[0].BatchTranslate(t.Context(), &errorv1.BatchTranslateRequest{Requests: []*errorv1.TranslateRequest{request}})
	if err != nil || response.GetResults()[0].GetTranslation() == nil {
		t.Errorf("%v, %v", response, err)
	}
}

// Over gRPC, a text that is no UTF-8 fails with an error that says so.
func TestTranslate_InvalidUTF8(t *testing.T) {
	t.Parallel()
	via := newClients(t)[0]
	request := newRequest(400, "{}")
	request.Response.Body = nil
	request.Response.ProtoReflect().SetUnknown([]byte{5<<3 | 2, 1, 0xff}) // the field text
	_, err := via.Translate(t.Context(), request)
	s := status.Convert(err)
	if s.Code() != codes.InvalidArgument || !strings.Contains(s.Message(), "UTF-8") {
		t.Errorf("%v, want INVALID_ARGUMENT about UTF-8", s)
	}
}
