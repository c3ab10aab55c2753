package main

import (
	"net/http"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc/codes"
)

// A question is a response of upstream's, and what must be said of it.
type question struct {
	status int32
	body   string
	locale string
	want   []answer // any one of these, whole
}

// An answer is what clients make use of.
type answer struct {
	code   codes.Code
	reason string
	status int32 // upstream's, of HTTP
	locale string
	text   string
}

// A meaning is a row of the table below.
type meaning struct {
	status  int32
	body    string
	code    codes.Code
	reason  string
	english string
	chinese string
}

// meanings are written down here, and not taken from the catalogue: who answers must not say what is right.
var meanings = []meaning{
	{403, `{"error_code":"CBC.0150","error_msg":"Access denied. The customer does not belong to the website you are now at."}`, codes.PermissionDenied,
		"WRONG_SITE", "Access denied. The customer does not belong to the website you are now at.", "访问拒绝,不是本站点客户。"},
	{429, `{"error_code":"CBC.0250","error_msg":"too fast"}`, codes.ResourceExhausted,
		"REQUEST_THROTTLED", "Connection request control triggered.", "消息流量控制。"},
	{400, `{"error_code":"CBC.99003651","error_msg":"busy"}`, codes.Aborted,
		"INSTANCE_OPERATION_IN_PROGRESS", "Unsubscription not supported. An operation associated with this instance is in progress.", "交易正在进行中,不可以退订。"},
	{200, `{"error_code":"CBC.5003","error_msg":"no money"}`, codes.FailedPrecondition,
		"BALANCE_INSUFFICIENT", "Insufficient balance.", "余额不足。"},
	{500, `{"error_code":"CBC.0999","error_msg":"it broke"}`, codes.Unknown,
		"OTHER_ERROR", "Other errors.", "其他错误。"},
	{403, `{"error_code":"CBC.0151","error_msg":"denied"}`, codes.PermissionDenied,
		"ACCESS_DENIED", "Access denied.", "访问拒绝。"},
	{401, `{"error_code":"APIGW.0999","error_msg":"Incorrect IAM authentication information"}`, codes.Unauthenticated,
		"FOREIGN_CODE", "The error comes from another Huawei Cloud system, such as the API gateway or IAM, and its code is not in the catalogue.", "该错误码来自华为云的其他系统（如 API 网关、IAM），目录中未收录。"},
	{400, `{"error_code":"CBC.30000010","error_msg":"no such order"}`, codes.NotFound,
		"ORDER_INVALID_OR_NOT_FOUND", "Invalid order (maybe the order does not exist), unable to operate.", "无效订单(可能是订单不存在),不能进行操作。"},
	{502, `<html>bad gateway</html>`, codes.Unavailable,
		"UNRECOGNIZED_RESPONSE", "No error code could be read from the response.", "无法从响应中识别出错误码。"},
	{400, `{"error_code":"CBC.99006006","error_msg":"CBC.0150:denied"}`, codes.PermissionDenied,
		"OPERATION_ILLEGAL", "Invalid operation.", "非法操作。"},
	{500, `{"errorCode":"CBC.0100","errorMsg":"a parameter"}`, codes.InvalidArgument,
		"PARAMETER_INVALID", "Parameter error.", "输入参数校验失败。"},
}

// questions asks for every meaning in both languages.
func questions() (all []*question) {
	for _, m := range meanings {
		for locale, text := range map[string]string{"en": m.english, "zh-CN": m.chinese} {
			all = append(all, &question{m.status, m.body, locale, []answer{{m.code, m.reason, m.status, locale, text}}})
		}
	}
	return all
}

// request is the question over gRPC.
func (q *question) request() *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{
		Response: &errorv1.RawResponse{HttpStatus: q.status, Body: &errorv1.RawResponse_Text{Text: q.body}}, Locales: []string{q.locale},
	}
}

// statusOf is the status that HTTP has for a code, by google/rpc/code.proto. Only those of the table are needed.
var statusOf = map[codes.Code]int{
	codes.InvalidArgument: http.StatusBadRequest, codes.FailedPrecondition: http.StatusBadRequest, codes.NotFound: http.StatusNotFound,
	codes.Unauthenticated: http.StatusUnauthorized, codes.PermissionDenied: http.StatusForbidden, codes.Aborted: http.StatusConflict,
	codes.ResourceExhausted: http.StatusTooManyRequests, codes.Unknown: http.StatusInternalServerError, codes.Unavailable: http.StatusServiceUnavailable,
}
