package translate_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/genproto/googleapis/rpc/code"
)

// TestTranslate_Precedence: of two ways to find a meaning that both fit, the earlier one counts.
func TestTranslate_Precedence(t *testing.T) {
	for _, c := range []struct{ name, body, reason, match string }{
		{"overlay before table row", `{"error_code":"CBC.0150","error_msg":"customer does not belong to the website"}`, "WRONG_SITE", "OVERLAY"},
		{"overlay before nested code", `{"error_code":"CBC.0150","error_msg":"CBC.6006: does not belong to the website"}`, "WRONG_SITE", "OVERLAY"},
		{"nested code before table row", `{"error_code":"CBC.99006006","error_msg":"CBC.6055"}`, "QUOTE_AMOUNT_EXCEEDS_MAX", "NESTED"},
		{"a code that wraps nothing is not searched", `{"error_code":"CBC.0151","error_msg":"CBC.6006"}`, "ACCESS_DENIED", "EXACT"},
		{"table row before known text", `{"error_code":"CBC.0151","error_msg":"domain_id has no access to this api."}`, "ACCESS_DENIED", "EXACT"},
		{"unknown code before known text", `{"error_code":"CBC.1","error_msg":"domain_id has no access to this api."}`, "UNRECOGNIZED_CODE", "UNRECOGNIZED"},
		{"known text before the HTTP status", `{"error_msg":"DOMAIN_ID has no access to this api."}`, "NOT_A_PARTNER", "TEXT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := envelope.Response{HTTPStatus: 404, Body: []byte(c.body)}
			info := infoOf(t, newTranslator(t).Translate(translate.Response{Response: raw}, "en").GetStatus())
			if info.GetReason() != c.reason || info.GetMetadata()["match"] != c.match {
				t.Errorf("%s %s, want %s %s", info.GetReason(), info.GetMetadata()["match"], c.reason, c.match)
			}
		})
	}
}

// TestTranslate_KnownTextOnSuccess: 200 without a code is success unless the text is known to be an error.
func TestTranslate_KnownTextOnSuccess(t *testing.T) {
	raw := envelope.Response{HTTPStatus: 200, Body: []byte(`{"error_msg":"domain_id has no access to this api."}`)}
	if got := newTranslator(t).Translate(translate.Response{Response: raw}, "en").GetStatus().GetCode(); got != int32(code.Code_PERMISSION_DENIED) {
		t.Errorf("code %d, want PERMISSION_DENIED", got)
	}
}

// TestTranslate_HTTPStatusFallback tests every status from 100 to 599, without a code, with an unknown one and with another
// system's, to the table of the rules.
func TestTranslate_HTTPStatusFallback(t *testing.T) {
	for status := 100; status <= 599; status++ {
		for reason, body := range map[string]string{
			"UNRECOGNIZED_RESPONSE": "<html>", "UNRECOGNIZED_CODE": `{"error_code":"CBC.88888888"}`, "FOREIGN_CODE": `{"error_code":"XYZ.0101"}`,
		} {
			want := fallbackOf(status, reason == "UNRECOGNIZED_RESPONSE")
			raw := envelope.Response{HTTPStatus: status, Body: []byte(body)}
			s := newTranslator(t).Translate(translate.Response{Response: raw}, "en").GetStatus()
			info := infoOf(t, s)
			got := [4]string{code.Code(s.GetCode()).String(), info.GetMetadata()["retry"], info.GetMetadata()["outcome"], info.GetReason()}
			if got != [4]string{want[0], want[1], want[2], reason} {
				t.Errorf("%d %s: %v, want %v %s", status, body, got, want, reason)
			}
			if len(s.GetDetails()) != 3 || info.GetMetadata()["httpStatus"] != strconv.Itoa(status) {
				t.Errorf("%d %s: %d details, metadata %v", status, body, len(s.GetDetails()), info.GetMetadata())
			}
		}
	}
}

func fallbackOf(status int, withoutCode bool) [3]string {
	refused := map[int][3]string{ // only where no code was received
		405: {"UNIMPLEMENTED", "CHANGE_REQUEST", "NOT_APPLIED"},
		406: {"INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
		411: {"INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
		413: {"INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
		414: {"INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
		415: {"INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
		429: {"RESOURCE_EXHAUSTED", "BACKOFF", "NOT_APPLIED"},
		431: {"INVALID_ARGUMENT", "CHANGE_REQUEST", "NOT_APPLIED"},
	}
	special := map[int][3]string{
		401: {"UNAUTHENTICATED", "FIX_STATE", "NOT_APPLIED"},
		403: {"PERMISSION_DENIED", "FIX_STATE", "NOT_APPLIED"},
		404: {"NOT_FOUND", "FIX_STATE", "NOT_APPLIED"},
		408: {"DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
		409: {"ABORTED", "VERIFY_FIRST", "UNKNOWN"},
		429: {"RESOURCE_EXHAUSTED", "BACKOFF_IF_IDEMPOTENT", "UNKNOWN"},
		444: {"DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
		460: {"DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
		499: {"DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
		502: {"UNAVAILABLE", "VERIFY_FIRST", "UNKNOWN"},
		503: {"UNAVAILABLE", "VERIFY_FIRST", "UNKNOWN"},
		504: {"DEADLINE_EXCEEDED", "VERIFY_FIRST", "UNKNOWN"},
	}
	if line, ok := refused[status]; ok && withoutCode {
		return line
	}
	if line, ok := special[status]; ok {
		return line
	}
	if status/100 == 4 {
		return [3]string{"FAILED_PRECONDITION", "VERIFY_FIRST", "UNKNOWN"}
	}
	return [3]string{"UNKNOWN", "VERIFY_FIRST", "UNKNOWN"}
}

// TestTranslate_SuccessCodeByHTTPStatus: no other status makes a success of a body that reports one.
func TestTranslate_SuccessCodeByHTTPStatus(t *testing.T) {
	for status := 100; status <= 599; status++ {
		s := newTranslator(t).Translate(plain(fmt.Sprint(status), "CBC.0000", "Success"), "en").GetStatus()
		if status/100 == 2 {
			if s.GetCode() != 0 || len(s.GetDetails()) != 0 {
				t.Errorf("%d: %v, want OK without details", status, s)
			}
		} else if info := infoOf(t, s); info.GetReason() != "CONTRADICTORY_RESPONSE" || s.GetCode() != int32(code.Code_UNKNOWN) {
			t.Errorf("%d: code %d, reason %s", status, s.GetCode(), info.GetReason())
		}
	}
}

// An overlay with an unknown shape would never apply.
func TestCheckOverlays_Shape(t *testing.T) {
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	if err := translate.CheckOverlays(c); err != nil {
		t.Error(err)
	}
	for shape, want := range map[string]string{"console": "", "consol": `"consol" is no shape of a response; there are login, text, status, plain`} {
		more := fstest.MapFS{"overlays.tsv": {Data: []byte("code\tshape\tmessage\tas\nCBC.3002\t" + shape + "\t\tCBC.0250\n")}}
		c, err := catalog.Embedded(more)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := translate.CheckOverlays(c); err != nil {
			got = err.Error()
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", shape, got, want)
		}
	}
}

// TestTranslate_LostPrefix: a code that is completed is one in every respect.
func TestTranslate_LostPrefix(t *testing.T) {
	for _, c := range []struct{ name, body, reason, match string }{
		{"overlay", `{"error_code":"0150","error_msg":"customer does not belong to the website"}`, "WRONG_SITE", "OVERLAY"},
		{"nested code", `{"error_code":"99006006","error_msg":"CBC.6055"}`, "QUOTE_AMOUNT_EXCEEDS_MAX", "NESTED"},
		{"known code", `{"error_code":"0150"}`, "OPERATION_ILLEGAL", "INFERRED"},
		{"unknown code", `{"error_code":"88888888"}`, "FOREIGN_CODE", "UNRECOGNIZED"},
		{"nothing lost", `{"code":"CBC. 0250","x":"y"}`, "REQUEST_THROTTLED", "EXACT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := envelope.Response{HTTPStatus: 200, Body: []byte(c.body)}
			info := infoOf(t, newTranslator(t).Translate(translate.Response{Response: raw}, "en").GetStatus())
			if got, want := [2]string{info.GetReason(), info.GetMetadata()["match"]}, [2]string{c.reason, c.match}; got != want {
				t.Errorf("%s: %v, want %v", c.body, got, want)
			}
		})
	}
}

// TestTranslate_SuccessLookalike: zeros are a success code without its prefix if the HTTP status is a success. A value that
// only looks like another system's code is data unless a message is beside it.
func TestTranslate_SuccessLookalike(t *testing.T) {
	for _, c := range []struct {
		name         string
		status       int
		body, reason string // no reason is a success
	}{
		{"zero", 200, `{"error_code":0,"error_msg":"success"}`, ""},
		{"zeros", 200, `{"retCode":"0000"}`, ""},
		{"zero against HTTP", 500, `{"error_code":0,"error_msg":"m"}`, "FOREIGN_CODE"},
		{"number of an invoice", 200, `{"code":"INV.20240101","status":"paid"}`, ""},
		{"number of a product", 200, `{"product":{"code":"OFFI.1234"}}`, ""},
		{"text alone", 200, `"ORDER.20240101"`, ""},
		{"unknown code with a message", 200, `{"code":"APIGW.0999","message":"m"}`, "FOREIGN_CODE"},
		{"code of the CBC without a message", 200, `{"code":"CBC.3144"}`, "RESOURCE_ORDER_IN_PROGRESS"},
		{"zeros of items", 200, `{"error_details":[{"id":"a","error_code":"0"},{"id":"b","error_code":"0000"}]}`, ""},
		{"failure in a second document", 200, `{"error_code":"CBC.0000"} {"success":false}`, "UNRECOGNIZED_RESPONSE"},
		{"code in a second document", 200, `{"error_code":"CBC.0000"} {"error_code":"CBC.5003","error_msg":"m"}`, "BALANCE_INSUFFICIENT"},
		{"text that begins with success", 200, `CBC.0000: payment failed CBC.5003`, "UNRECOGNIZED_RESPONSE"},
		{"success in a text", 200, `x {"error_code":"CBC.0000"} payment failed: CBC.5003`, "UNRECOGNIZED_RESPONSE"},
		{"success in a text that breaks off", 200, `x {"error_code":"CBC.0000","error_msg":"ok"`, "UNRECOGNIZED_RESPONSE"},
		{"success in a member that breaks off", 200, `{"body":"{\"error_code\":\"CBC.0000\"","statusCode":200}`, "UNRECOGNIZED_RESPONSE"},
		{"error too deep in texts", 200, `{"a":"{\"b\":\"{\\\"c\\\":\\\"{\\\\\\\"error_code\\\\\\\":1}\\\"}\"}"}`, "UNRECOGNIZED_RESPONSE"},
		{"error status in the second spelling", 200, `{"code":"250","Code":"429","message":"m"}`, "UNRECOGNIZED_RESPONSE"},
		{"error status in the first spelling", 200, `{"code":"429","Code":"250","message":"m"}`, "UNRECOGNIZED_RESPONSE"},
		{"code in a list of errors", 200, `{"code":"CBC.0000","errors":[{"code":"CBC.5003","message":"m"}]}`, "BALANCE_INSUFFICIENT"},
		{"two codes under one key", 200, `{"error_code":"CBC.5003","error_code":"CBC.0000"}`, "BALANCE_INSUFFICIENT"},
		{"two codes under one key, success first", 200, `{"error_code":"CBC.0000","error_code":"CBC.5003"}`, "BALANCE_INSUFFICIENT"},
		{"zero of an item against HTTP", 400, `{"error_details":[{"id":"a","error_code":"0"}]}`, "UNRECOGNIZED_RESPONSE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := envelope.Response{HTTPStatus: c.status, Body: []byte(c.body)}
			s := newTranslator(t).Translate(translate.Response{Response: raw}, "en").GetStatus()
			if c.reason == "" {
				if s.GetCode() != 0 {
					t.Errorf("%d %s: %v", c.status, c.body, s)
				}
			} else if got := infoOf(t, s).GetReason(); got != c.reason {
				t.Errorf("%d %s: %s, want %s", c.status, c.body, got, c.reason)
			}
		})
	}
}
