package rpc_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

const rawPath = "/v1/responses:translateRaw?httpStatus=400"

// postBody sends a body unchanged, like `curl --data-binary`, and returns the body of the response.
func postBody(t *testing.T, address, contentType, body string) []byte {
	t.Helper()
	response, err := http.Post("http://"+address, contentType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, response)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", response.Status, text)
	}
	return text
}

func read(t *testing.T, response *http.Response) []byte {
	t.Helper()
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parseTranslation(t *testing.T, text []byte) *errorv1.Translation {
	t.Helper()
	got := new(errorv1.Translation)
	if err := protojson.Unmarshal(text, got); err != nil {
		t.Fatal(err)
	}
	return got
}

// The body is upstream's, whatever content type the request declares. The default of curl is a form.
func TestTranslateRaw_ContentType(t *testing.T) {
	t.Parallel()
	address := testserver.StartSmall(t).HTTPAddr()
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", "application/json", "text/html; charset=gbk", "text/;=broken"} {
		t.Run(kind, func(t *testing.T) {
			response := postBody(t, address+rawPath+"&locales=zh-CN", kind, documentedBody)
			wantDocumentedTranslation(t, parseTranslation(t, response), nil)
		})
	}
}

func TestTranslateRaw_GRPC(t *testing.T) {
	t.Parallel()
	response, err := newClients(t)[0].TranslateRaw(t.Context(), &errorv1.TranslateRawRequest{
		HttpStatus: 400, Locales: []string{"zh-CN"},
		Body: &httpbody.HttpBody{ContentType: "text/html", Data: []byte(documentedBody)},
	})
	wantDocumentedTranslation(t, response.GetTranslation(), err)
}

// The body is never parsed as fields of the request.
func TestTranslateRaw_OpaqueBody(t *testing.T) {
	t.Parallel()
	address := testserver.StartSmall(t).HTTPAddr()
	for _, c := range []struct{ name, body, reason string }{
		{"a form", "httpStatus=500&origin.site=cn", "UNRECOGNIZED_RESPONSE"},
		{"a request", `{"http_status":500,"error_code":"CBC.0250"}`, "REQUEST_THROTTLED"},
		{"no UTF-8", "{\"error_code\":\"CBC.0250\",\"error_msg\":\"\xff\"}", "REQUEST_THROTTLED"},
		{"nothing", "", "UNRECOGNIZED_RESPONSE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parseTranslation(t, postBody(t, address+rawPath, "application/x-www-form-urlencoded", c.body))
			info := infoOf(t, got)
			if info.GetReason() != c.reason || info.GetMetadata()["httpStatus"] != "400" {
				t.Errorf("%v, want %s with HTTP status 400", info, c.reason)
			}
		})
	}
}

// The query has all fields but the body.
func TestTranslateRaw_Query(t *testing.T) {
	t.Parallel()
	address := testserver.StartSmall(t).HTTPAddr() + rawPath +
		"&headers[X-Request-Id]=q1&headers[retry-after]=7&origin.site=cn&origin.service=bss&locales=fr&locales=zh-TW"
	got := parseTranslation(t, postBody(t, address, "application/json", `{"error_code":"CBC.0156"}`))
	metadata := map[string]string{
		"code": "CBC.0156", "httpStatus": "400", "locale": "zh-CN", "match": "EXACT", "message": "访问拒绝,不是本站点客户。",
		"advice":  "请改为调用账号所属站点（中国站或国际站）的终端节点。",
		"outcome": "NOT_APPLIED", "retry": "CHANGE_REQUEST", "retryAfter": "7", "service": "bss", "suggestedSite": "intl",
	}
	if diff := cmp.Diff(metadata, infoOf(t, got).GetMetadata()); diff != "" {
		t.Errorf("metadata (-want +got)\n%s", diff)
	}
	if id := requestID(got); id != "q1" {
		t.Errorf("request id %q, want q1", id)
	}
}

// requestID returns the ID in the RequestInfo of a translation.
func requestID(from *errorv1.Translation) string {
	info := new(errdetails.RequestInfo)
	for _, detail := range from.GetStatus().GetDetails() {
		if detail.MessageIs(info) && detail.UnmarshalTo(info) == nil {
			return info.GetRequestId()
		}
	}
	return ""
}

// The JSON of a response has fields with default values too: the code 0 and empty lists.
func TestREST_DefaultValues(t *testing.T) {
	t.Parallel()
	var got map[string]any
	response := postBody(t, testserver.StartSmall(t).HTTPAddr()+"/v1/responses:translate", "application/json", `{"response":{"httpStatus":200}}`)
	if err := json.Unmarshal(response, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"status": map[string]any{"code": 0., "message": "", "details": []any{}}, "locale": "en", "items": []any{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An invalid query fails with an error that names the parameter.
func TestREST_InvalidQuery(t *testing.T) {
	t.Parallel()
	address := "http://" + testserver.StartSmall(t).HTTPAddr()
	for name, c := range map[string]struct{ verb, path, field, description string }{
		"no number":        {http.MethodPost, "/v1/responses:translateRaw?httpStatus=many", "httpStatus", "many"},
		"too large":        {http.MethodPost, "/v1/responses:translateRaw?httpStatus=99999999999", "httpStatus", "a whole number of 32 bits"},
		"broken escapes":   {http.MethodPost, "/v1/responses:translateRaw?httpStatus=400&locales=%zz", "request", "%zz"},
		"unknown name":     {http.MethodPost, "/v1/responses:translateRaw?httpStatus=400&locale=zh", "locale", "unknown"},
		"key of two lines": {http.MethodPost, "/v1/responses:translateRaw?httpStatus=400&headers[X%0A]=q1", "request", "unknown"},
		"half a key":       {http.MethodPost, "/v1/responses:translateRaw?httpStatus=400&headers[X=q1", "headers[X", "unknown"},
		"no map":           {http.MethodPost, "/v1/responses:translateRaw?httpStatus=400&locales[0]=zh", "locales[0]", "unknown"},
		"unknown member":   {http.MethodPost, "/v1/responses:translateRaw?httpStatus=400&origin.place=cn", "origin.place", "unknown"},
		"no page size":     {http.MethodGet, "/v1/codes?page_size=some", "page_size", "some"},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequest(c.verb, address+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			wantInvalid(t, errorFromResponse(response.StatusCode, read(t, response)), c.field, c.description)
		})
	}
}

// The charset comes from upstream's Content-Type, else from that of the request. The bytes are 模 in GBK and ģ in UTF-8.
func TestTranslateRaw_Charset(t *testing.T) {
	t.Parallel()
	const body, gbk = "{\"error_code\":\"CBC.0250\",\"error_msg\":\"\xc4\xa3\"}", "application/json; charset=GBK"
	address := testserver.StartSmall(t).HTTPAddr() + rawPath
	for _, c := range []struct{ name, query, kind, message string }{
		{"nowhere", "", "application/json", "ģ"},
		{"by the request", "", gbk, "模"},
		{"by upstream's header", "&headers[content-type]=application/json%3Bcharset%3Dgb2312", "text/plain", "模"},
		{"by both", "&headers[Content-Type]=text/plain", gbk, "ģ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := infoOf(t, parseTranslation(t, postBody(t, address+c.query, c.kind, body))).GetMetadata()["upstreamMessage"]
			if got != c.message {
				t.Errorf("%q, want %q", got, c.message)
			}
		})
	}
}

// A declared charset applies to raw bodies, not to text and JSON.
func TestTranslate_TextIgnoresCharset(t *testing.T) {
	t.Parallel()
	const body = "{\"error_code\":\"CBC.0250\",\"error_msg\":\"\xc4\xa3\"}"
	value, err := structpb.NewValue(map[string]any{"error_code": "CBC.0250", "error_msg": "ģ"})
	if err != nil {
		t.Fatal(err)
	}
	headers := map[string]string{"Content-Type": "application/json; charset=GBK"}
	for want, responses := range map[string][]*errorv1.RawResponse{
		"ģ": {{Body: &errorv1.RawResponse_Text{Text: body}}, {Body: &errorv1.RawResponse_Json{Json: value}}},
		"模": {{Body: &errorv1.RawResponse_Raw{Raw: []byte(body)}}},
	} {
		for _, r := range responses {
			r.HttpStatus, r.Headers = 429, headers
			translated, err := newClients(t)[0].Translate(t.Context(), &errorv1.TranslateRequest{Response: r})
			if err != nil {
				t.Fatal(err)
			}
			if got := infoOf(t, translated.GetTranslation()).GetMetadata()["upstreamMessage"]; got != want {
				t.Errorf("%T: %q, want %q", r.GetBody(), got, want)
			}
		}
	}
}
