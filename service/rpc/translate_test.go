package rpc_test

import (
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"
)

// documentedBody is a documented error as upstream sends it. documentedTranslation is its translation to zh-CN.
const (
	documentedBody        = `{"error_code":"CBC.99003651","error_msg":"Unsubscription not supported."}`
	documentedTranslation = `{"locale": "zh-CN", "status": {"code": 10,
"message": "Unsubscription not supported. An operation associated with this instance is in progress.",
"details": [
{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "INSTANCE_OPERATION_IN_PROGRESS",
 "domain": "cbc.huaweicloud.com", "metadata": {"code": "CBC.99003651", "httpStatus": "400", "locale": "zh-CN",
  "advice": "请等待该实例的交易结束后重试。",
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

func wantDocumentedTranslation(t *testing.T, got *errorv1.Translation, err error) {
	t.Helper()
	want := new(errorv1.Translation)
	if err := protojson.Unmarshal([]byte(documentedTranslation), want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// newRequest returns a request about a response with a text body.
func newRequest(httpStatus int32, body string) *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{Response: &errorv1.RawResponse{
		HttpStatus: httpStatus, Body: &errorv1.RawResponse_Text{Text: body},
	}}
}

// wantMeaning checks the code and the reason of a translation.
func wantMeaning(t *testing.T, got *errorv1.Translation, code codes.Code, reason string) {
	t.Helper()
	if s := got.GetStatus(); s == nil || codes.Code(s.GetCode()) != code || infoOf(t, got).GetReason() != reason {
		t.Errorf("%v, want %v and %q", got, code, reason)
	}
}

// infoOf returns the ErrorInfo of a translation, which is the first detail; empty if there is none.
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
