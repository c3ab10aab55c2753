package rpc_test

import (
	"encoding/json"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"
)

// plain is a documented error as upstream sends it, and plainAnswer all that it means to a Chinese reader.
const (
	plain       = `{"error_code":"CBC.99003651","error_msg":"Unsubscription not supported."}`
	plainAnswer = `{"locale": "zh-CN", "status": {"code": 10,
"message": "Unsubscription not supported. An operation associated with this instance is in progress.",
"details": [
{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "INSTANCE_OPERATION_IN_PROGRESS",
 "domain": "cbc.huaweicloud.com", "metadata": {"code": "CBC.99003651", "httpStatus": "400", "locale": "zh-CN",
  "match": "EXACT", "message": "交易正在进行中,不可以退订。", "outcome": "NOT_APPLIED", "retry": "BACKOFF",
  "upstreamMessage": "Unsubscription not supported."}},
{"@type": "type.googleapis.com/cbc.error.v1.CbcError", "code": "ERROR_CODE_CBC_99003651", "rawCode": "CBC.99003651",
 "reason": "ERROR_REASON_INSTANCE_OPERATION_IN_PROGRESS", "httpStatus": 400, "retry": "RETRY_ADVICE_BACKOFF",
 "outcome": "OUTCOME_NOT_APPLIED", "match": "MATCH_EXACT", "upstreamMessage": "Unsubscription not supported."},
{"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "zh-CN", "message": "交易正在进行中,不可以退订。"},
{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"},
{"@type": "type.googleapis.com/google.rpc.PreconditionFailure", "violations": [{"type": "RESOURCE_STATE",
 "description": "Unsubscription not supported. An operation associated with this instance is in progress."}]},
{"@type": "type.googleapis.com/google.rpc.Help", "links": [
 {"description": "Huawei Cloud's page of error codes (in Chinese)",
  "url": "https://support.huaweicloud.com/api-bpconsole/zh-cn_topic_0081766005.html"}]}]}}`
)

func wantPlainAnswer(t *testing.T, got *errorv1.Translation, err error) {
	t.Helper()
	want := new(errorv1.Translation)
	if err := protojson.Unmarshal([]byte(plainAnswer), want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// The three forms of a body are one document, so they have one answer, over both transports.
func TestBodyFormsGiveTheSameAnswer(t *testing.T) {
	t.Parallel()
	var value any
	if err := json.Unmarshal([]byte(plain), &value); err != nil {
		t.Fatal(err)
	}
	document, err := structpb.NewValue(value)
	if err != nil {
		t.Fatal(err)
	}
	over(t, clients(t), func(t *testing.T, c client) {
		for form, response := range map[string]*errorv1.RawResponse{
			"raw":  {HttpStatus: 400, Body: &errorv1.RawResponse_Raw{Raw: []byte(plain)}},
			"text": {HttpStatus: 400, Body: &errorv1.RawResponse_Text{Text: plain}},
			"json": {HttpStatus: 400, Body: &errorv1.RawResponse_Json{Json: document}},
		} {
			t.Run(form, func(t *testing.T) {
				answer, err := c.Translate(t.Context(), &errorv1.TranslateRequest{Response: response, Locales: []string{"zh-CN"}})
				wantPlainAnswer(t, answer.GetTranslation(), err)
			})
		}
	})
}

// asked is a request about a body as text.
func asked(httpStatus int32, body string) *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{Response: &errorv1.RawResponse{
		HttpStatus: httpStatus, Body: &errorv1.RawResponse_Text{Text: body},
	}}
}

// The status is the answer, so all of these calls succeed; gRPC and REST give the same message for each.
func TestGRPCAndRESTGiveTheSameMessage(t *testing.T) {
	t.Parallel()
	both := clients(t)
	for _, c := range []struct {
		name    string
		request *errorv1.TranslateRequest
		code    codes.Code
		reason  string
	}{
		{"success", asked(200, `{"error_code":"CBC.0000"}`), codes.OK, ""},
		{"success without body", asked(204, ""), codes.OK, ""},
		{"error in 200", asked(200, `{"error_code":"CBC.0250"}`), codes.ResourceExhausted, "REQUEST_THROTTLED"},
		{"unknown code", asked(404, `{"error_code":"CBC.99999999"}`), codes.NotFound, "UNRECOGNIZED_CODE"},
		{"other system's code", asked(401, `{"error_code":"IAM.0101"}`), codes.Unauthenticated, "FOREIGN_CODE"},
		{"page of a gateway", asked(502, "<html>Bad Gateway</html>"), codes.Unavailable, "UNRECOGNIZED_RESPONSE"},
		{"no body", asked(500, ""), codes.Unknown, "UNRECOGNIZED_RESPONSE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var answers []*errorv1.Translation
			over(t, both, func(t *testing.T, via client) {
				answer, err := via.Translate(t.Context(), c.request)
				wantMeaning(t, answer.GetTranslation(), err, c.code, c.reason)
				answers = append(answers, answer.GetTranslation())
			})
			if diff := cmp.Diff(answers[0], answers[1], protocmp.Transform()); diff != "" {
				t.Errorf("(-gRPC +REST)\n%s", diff)
			}
		})
	}
}

// wantMeaning holds a translation to its code and reason; success has no details.
func wantMeaning(t *testing.T, got *errorv1.Translation, err error, code codes.Code, reason string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if s := got.GetStatus(); s == nil || codes.Code(s.GetCode()) != code || infoOf(t, got).GetReason() != reason {
		t.Errorf("%v, want %v and %q", got, code, reason)
	}
	if n := len(got.GetStatus().GetDetails()); code == codes.OK && n != 0 {
		t.Errorf("success with %d details", n)
	}
}

// infoOf is the ErrorInfo of a translation: its first detail, if it has any.
func infoOf(t *testing.T, got *errorv1.Translation) *errdetails.ErrorInfo {
	t.Helper()
	info := new(errdetails.ErrorInfo)
	if details := got.GetStatus().GetDetails(); len(details) > 0 {
		if err := details[0].UnmarshalTo(info); err != nil {
			t.Fatal(err)
		}
	}
	return info
}
