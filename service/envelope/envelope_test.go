package envelope_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/google/go-cmp/cmp"
)

// found holds the fields of an envelope that a test compares.
type found struct {
	Form                             envelope.Form
	Shape, Service, Code, Message    string
	RequestID, Authorization, Domain string
}

func open(status int, body string) found {
	e := envelope.Parse(envelope.Response{HTTPStatus: status, Body: []byte(body)})
	return found{e.Form, e.Shape, e.Service, e.Code, e.Message, e.RequestID, e.Authorization, e.DomainID}
}

// An opening is a body and what is found in it.
type opening struct {
	name, body string
	status     int
	want       found
}

// openAll opens bodies that are JSON.
func openAll(t *testing.T, all []opening) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			c.want.Form = envelope.JSON
			if diff := cmp.Diff(c.want, open(c.status, c.body)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestParse_Keys tests that code and message are found independently, in any spelling of their keys.
func TestParse_Keys(t *testing.T) {
	openAll(t, []opening{
		{"plain, code last", `{"data":{"a":[1,{"error_code":"no"}]},"error_msg":"m","error_code":"CBC.0151"}`, 200, found{Shape: "plain", Code: "CBC.0151", Message: "m"}},
		{"keys in another case", `{"Error_Code":"CBC.0151","ERROR_MSG":"m"}`, 403, found{Shape: "plain", Code: "CBC.0151", Message: "m"}},
		{"keys with letters that only fold to ASCII", `{"error_code":"CBC.0151","error_mſg":"m"}`, 403, found{Shape: "plain", Code: "CBC.0151", Message: "m"}},
		{"keys with escapes", `{"error_\u0063ode":"CBC.0151"}`, 403, found{Shape: "plain", Code: "CBC.0151"}},
		{"number", `{"error_code":99003651}`, 400, found{Shape: "plain", Code: "99003651"}},
		{"number with a fraction", `{"error_code":1e2}`, 400, found{Shape: "plain", Code: "100"}},
		{"number beyond a double", `{"error_code":123456789012345678901}`, 400, found{Shape: "plain", Code: "123456789012345678901"}},
		{"code without message", `{"error_code":"CBC.0151","data":1}`, 403, found{Shape: "plain", Code: "CBC.0151"}},
		{"message without code", `{"error_msg":"m"}`, 403, found{Shape: "plain", Message: "m"}},
		{"null code", `{"error_code":null,"error_msg":"m"}`, 500, found{Shape: "plain", Message: "m"}},
		{"blank code", `{"error_code":" ","error_msg":"m"}`, 500, found{Shape: "plain", Message: "m"}},
		{"code that is an object", `{"error_code":{"x":1},"error_msg":"m"}`, 500, found{Shape: "plain", Message: "m"}},
		{"null behind a code leaves it", `{"error_code":"A.1","error_code":null}`, 500, found{Shape: "plain", Code: "A.1"}},
		{"blank behind a code takes it back", `{"error_code":"A.1","error_code":"","message":"m"}`, 500, found{Shape: "common", Message: "m"}},
		{"error object that comes again", `{"error":{"code":"A.0001","message":"m"},"error":null}`, 500, found{Shape: "common", Code: "A.0001", Message: "m"}},
		{"object under a key that differs in its case", `{"x":{"code":"A.0001","message":"m"},"X":{}}`, 500, found{Shape: "common", Code: "A.0001", Message: "m"}},
		{"two spellings of a key for codes", `{"errorCode":"A.0002","error_code":"A.0001","Error_Code":""}`, 500, found{Shape: "plain", Code: "A.0002"}},
		{"form outdoes no form", `{"error_code":"SYS_ERROR","x":{"y":{"error_code":"A.0001","error_msg":"m"}}}`, 500, found{Shape: "plain", Code: "A.0001", Message: "m"}},
		{"list of codes, one with the form", `{"errorcode":[null,"1101",["A.0001"]],"message":["m"]}`, 400, found{Shape: "plain", Code: "A.0001", Message: "m"}},
		{"keys with hyphens", `{"error-code":"A.0001","Error-Msg":"m"}`, 400, found{Shape: "plain", Code: "A.0001", Message: "m"}},
		{"text under error that is a code", `{"error":"A.0001","error_description":"m"}`, 400, found{Shape: "bare", Code: "A.0001", Message: "m"}},
		{"code behind many blanks", `{"error_code":"` + strings.Repeat(" ", 2000) + `CBC.0151"}`, 500, found{Shape: "plain", Code: "CBC.0151"}},
		{"request id of the outer object", `{"error":{"request_id":"in"},"error_code":"A.1","request_id":"out"}`, 500, found{Shape: "plain", Code: "A.1", RequestID: "out"}},
		{"request id that is empty outside", `{"error":{"request_id":"in"},"error_code":"A.1","request_id":""}`, 500, found{Shape: "plain", Code: "A.1", RequestID: "in"}},
		{"what is around JSON in a message", `{"resultMsg":"{\"errorCode\":\"A.0001\"}","encoded_authorization_message":"a","domain_id":"d"}`, 500,
			found{Shape: "plain", Code: "A.0001", Message: `{"errorCode":"A.0001"}`, Authorization: "a", Domain: "d"}},
		{"message of another line", `{"error_code":"A.1","message":"m"}`, 500, found{Shape: "plain", Code: "A.1", Message: "m"}},
		{"message beside the error object", `{"message":"m","error":{"code":"A.1"}}`, 400, found{Shape: "common", Code: "A.1", Message: "m"}},
		{"code within an object, vague code outside", `{"code":"FAILED","message":"m","x":{"code":"A.0001","message":"n"}}`, 400, found{Shape: "common", Code: "A.0001", Message: "n"}},
		{"data within an object, vague code outside", `{"code":"FAILED","message":"m","x":{"code":"A.0001"}}`, 400, found{Shape: "common", Code: "FAILED", Message: "m"}},
		{"message of another object", `{"error_code":"A.1","order":{"message":"m"}}`, 400, found{Shape: "plain", Code: "A.1"}},
	})
}

// TestParse_Objects tests that the error is found in the objects of a body, and data is not taken for it.
func TestParse_Objects(t *testing.T) {
	openAll(t, []opening{
		{"koogallery", `{"resultCode":"CBC.0250","resultMsg":"m"}`, 406, found{Shape: "koogallery", Service: "koogallery", Code: "CBC.0250", Message: "m"}},
		{"first of a list of texts", `{"exceptionId":"CBC.0101","descArgs":["m","n",{"error_code":"A.1"}]}`, 400, found{Shape: "console", Code: "CBC.0101", Message: "m"}},
		{"success by code among data", `{"retCode":"CBC.0000","retDesc":null,"results":[{"code":"SUCCESS"}]}`, 200, found{Shape: "data service", Code: "CBC.0000"}},
		{"error object with the documented keys", `{"error":{"error_code":"CDN.0","error_msg":"m"}}`, 400, found{Shape: "plain", Code: "CDN.0", Message: "m"}},
		{"number that repeats the status", `{"error":{"code":401,"message":"m"}}`, 401, found{Shape: "common", Message: "m"}},
		{"text that repeats the status", `{"error_code":"401","error_msg":"m"}`, 401, found{Shape: "plain", Message: "m"}},
		{"common keys on 200 with a service's code", `{"code":"CBC.3144","message":"m"}`, 200, found{Shape: "common", Code: "CBC.3144", Message: "m"}},
		{"common keys on 200 with what looks like a code", `{"code":"cn.7","message":"m"}`, 200, found{Shape: "common", Message: "m"}},
		{"common keys in an object on 200, with a message", `{"data":{"code":"CBC.3144","message":"m"}}`, 200, found{Shape: "common", Code: "CBC.3144", Message: "m"}},
		{"common keys in an object on 200, without one", `{"customer":{"code":"CN.1234"}}`, 200, found{}},
		{"common keys in an object on 200 with what looks like a code", `{"version":{"code":"v1.2"}}`, 200, found{}},
		{"errors of a success in a list", `{"x":{"code":"B.0002","message":"n"},"error":[{"error_code":"CBC.3144"}]}`, 200, found{Shape: "plain", Code: "CBC.3144"}},
		{"error object on 200", `{"error":{"code":"E1","message":"m"}}`, 200, found{Shape: "common", Code: "E1", Message: "m"}},
		{"error object on 200 that is none", `{"error":{"code":0,"message":"ok"}}`, 200, found{Shape: "common", Message: "ok"}},
		{"message of a success that begins with a code", `{"message":"CBC.0100 is gone"}`, 200, found{Shape: "text", Code: "CBC.0100", Message: "CBC.0100 is gone"}},
		{"common keys on 200 with anything else", `{"code":"0","message":"ok"}`, 200, found{Shape: "common", Message: "ok"}},
		{"documented key on 200 with any code", `{"error_code":"7"}`, 200, found{Shape: "plain", Code: "7"}},
		{"wrapped on 200 with a service's code", `{"data":{"error_code":"CBC.3144"}}`, 200, found{Shape: "plain", Code: "CBC.3144"}},
		{"wrapped on 200 with anything else", `{"data":{"error_code":"7"}}`, 200, found{}},
		{"list of data on 200", `{"data":[{"error_code":"CBC.3144"}]}`, 200, found{}},
		{"list under the key of a code on 200", `{"message":[{"error_code":"CBC.3144"}]}`, 200, found{}},
		{"list of errors", `{"errors":[{"detail":1},{"code":"A.1","message":"m"}]}`, 400, found{Shape: "common", Code: "A.1", Message: "m"}},
		{"object with a code of its own, without message", `{"region":{"code":"cn-north-4"},"error_msg":"m"}`, 400, found{Shape: "plain", Message: "m"}},
		{"service code without message in any object", `{"x":{"code":"ERR.0007"}}`, 400, found{Shape: "common", Code: "ERR.0007"}},
		{"object under the key of a code", `{"retCode":{"code":"ERR.X","message":"m"}}`, 400, found{Shape: "common", Code: "ERR.X", Message: "m"}},
		{"code and message of one object", `{"a":{"message":"other"},"b":{"message":"m","code":"A.1"}}`, 400, found{Shape: "common", Code: "A.1", Message: "m"}},
		{"eight objects deep", wrap(8, `{"code":"A.0001"}`), 400, found{Shape: "common", Code: "A.0001"}},
		{"nine objects deep", wrap(9, `{"code":"A.1"}`), 400, found{Message: wrap(9, `{"code":"A.1"}`)}},
		{"a status of the business", `{"status":"4290"}`, 200, found{}},
		{"overload beside something else", `{"status":429,"x":1}`, 200, found{}},
		{"JSON in a message", `{"error_msg":"{\"code\":\"A.1\",\"message\":\"m\"}","request_id":"r"}`, 400, found{Shape: "common", Code: "A.1", Message: "m", RequestID: "r"}},
		{"JSON in the message of a code", `{"error_code":"A.1","error_msg":"{\"error_code\":\"A.2\"}"}`, 400, found{Shape: "plain", Code: "A.1", Message: `{"error_code":"A.2"}`}},
		{"code in front of a message", `{"message":"CBC.0151: denied"}`, 403, found{Shape: "text", Code: "CBC.0151", Message: "CBC.0151: denied"}},
	})
}

// wrap puts a value into a number of objects.
func wrap(objects int, value string) string {
	return strings.Repeat(`{"x":`, objects) + value + strings.Repeat("}", objects)
}

// TestParse_PrecedenceOfShapes tests that the key of the earlier shape counts if an object has two.
func TestParse_PrecedenceOfShapes(t *testing.T) {
	codes := []string{"error_code", "err_code", "error_id", "resultCode", "exceptionId", "retCode", "code"}
	messages := []string{"error_msg", "error_message", "err_msg", "error_description", "resultMsg", "descArgs", "retDesc", "message", "msg", "error"}
	for kind, keys := range map[string][]string{"code": codes, "message": messages} {
		for i, first := range keys {
			for _, second := range keys[i+1:] {
				for _, body := range []string{fmt.Sprintf(`{%q:"A.1",%q:"B.2"}`, first, second), fmt.Sprintf(`{%q:"B.2",%q:"A.1"}`, second, first)} {
					got := open(400, body)
					if text := map[string]string{"code": got.Code, "message": got.Message}[kind]; text != "A.1" {
						t.Errorf("%s: %s %q, want A.1", body, kind, text)
					}
				}
			}
		}
	}
}

// TestParse_PrecedenceOfObjects tests that the code of the outer object counts, then that of the error object, then that
// of the first key.
func TestParse_PrecedenceOfObjects(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"body before error object", `{"error":{"error_code":"B.0002"},"code":"A.0001"}`, "A.0001"},
		{"error object before another", `{"x":{"error_code":"B.0002"},"error":{"code":"A.0001"}}`, "A.0001"},
		{"error object before another, first", `{"error":{"code":"A.0001"},"x":{"error_code":"B.0002"}}`, "A.0001"},
		{"outer object before inner", `{"x":{"y":{"error_code":"B.0002"},"code":"A.0001","message":"m"}}`, "A.0001"},
		{"first key", `{"x":{"error_code":"A.0001"},"y":{"error_code":"B.0002"}}`, "A.0001"},
		{"first element", `[{"error_code":"A.0001"},{"code":"B.0002","message":"m"}]`, "A.0001"},
		{"outer object of another key", `{"x":{"y":{"error_code":"B.0002"}},"z":{"code":"A.0001","message":"m"}}`, "A.0001"},
		{"inner object before a generic key without message", `{"x":{"code":"B.0002"},"y":{"z":{"error_code":"A.0001"}}}`, "A.0001"},
		{"form before none", `{"code":"FAILED","message":"m","x":{"code":"A.0001","message":"n"}}`, "A.0001"},
		{"no form before a generic key without message", `{"error_code":"A","x":{"code":"B.0002"}}`, "A"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := open(400, c.body); got.Code != c.want {
				t.Errorf("code %q, want %q", got.Code, c.want)
			}
		})
	}
}

// formAll opens bodies of any form that come with HTTP 400.
func formAll(t *testing.T, all []opening) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, open(400, c.body)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestParse_FreeText tests that a text that is not JSON is the message, and may hold a code.
func TestParse_FreeText(t *testing.T) {
	formAll(t, []opening{
		{"nothing", "", 400, found{Form: envelope.Empty}},
		{"blanks", " \r\n", 400, found{Form: envelope.Empty}},
		{"text", "Blocked by olc\n", 400, found{Form: envelope.Text, Message: "Blocked by olc"}},
		{"text that begins as a number", "404 page not found", 400, found{Form: envelope.Text, Message: "404 page not found"}},
		{"text that begins with a code", "APIGW.0301 no such key", 400, found{Form: envelope.Text, Shape: "text", Code: "APIGW.0301", Message: "APIGW.0301 no such key"}},
		{"text with a code in it", "sorry, CBC.0151", 400, found{Form: envelope.Text, Message: "sorry, CBC.0151"}},
		{"text that begins like a code", "v1.2 is gone", 400, found{Form: envelope.Text, Message: "v1.2 is gone"}},
		{"text with JSON in it", `Error: {"error_code":"A.1","error_msg":"m"} (1)`, 400, found{Form: envelope.Text, Shape: "plain", Code: "A.1", Message: "m"}},
		{"text with data in it", `Error: {"code":"x"}`, 400, found{Form: envelope.Text, Message: `Error: {"code":"x"}`}},
		{"HTML", "<html></html>", 400, found{Form: envelope.Text, Message: "<html></html>"}},
		{"HTML with JSON in it", `<b>{"error_code":"A.1"}`, 400, found{Form: envelope.Text, Shape: "plain", Code: "A.1"}},
		{"text with a code in brackets", "[CBC.0151]denied", 400, found{Form: envelope.Text, Shape: "text", Code: "CBC.0151", Message: "[CBC.0151]denied"}},
		{"text with a code that nothing parts from it", "CBC.0151余额", 400, found{Form: envelope.Text, Shape: "text", Code: "CBC.0151", Message: "CBC.0151余额"}},
		{"text that is a code, perhaps not all of it", "CBC.0151", 400, found{Form: envelope.Text, Message: "CBC.0151"}},
	})
}

// TestParse_Forms tests that only what is certain is read from malformed JSON.
func TestParse_Forms(t *testing.T) {
	formAll(t, []opening{
		{"object without anything known", `{"a":1}`, 400, found{Form: envelope.JSON, Message: `{"a":1}`}},
		{"null", "null", 400, found{Form: envelope.JSON, Message: "null"}},
		{"breaks off behind the code", `{"error_code":"A.1","error_msg":"x`, 400, found{Form: envelope.Malformed, Shape: "plain", Code: "A.1"}},
		{"breaks off within a number", `{"error_code":100`, 400, found{Form: envelope.Malformed, Message: `{"error_code":100`}},
		{"breaks off behind a number", `{"error_code":100,`, 400, found{Form: envelope.Malformed, Shape: "plain", Code: "100"}},
		{"breaks off within the code", `{"error_code":"A.1`, 400, found{Form: envelope.Malformed, Message: `{"error_code":"A.1`}},
		{"breaks off where a better code may follow", `{"error":{"code":"A.0001","message":"m"},"x`, 400, found{Form: envelope.Malformed, Shape: "common", Message: "m"}},
		{"breaks off behind a vague code", `{"code":"A.0001","message":"m`, 400, found{Form: envelope.Malformed, Message: `{"code":"A.0001","message":"m`}},
		{"breaks off behind a message with a code", `{"error_msg":"CBC.0151: m","x`, 400, found{Form: envelope.Malformed, Shape: "plain", Message: "CBC.0151: m"}},
		{"something within a number", `{"error_code":5003-1}`, 400, found{Form: envelope.Malformed, Message: `{"error_code":5003-1}`}},
		{"zeros in front of a number", `{"error_code":0151,"x":1}`, 400, found{Form: envelope.Malformed, Shape: "plain", Code: "151"}},
		{"zeros in front of no number", `{"error_code":0x151}`, 400, found{Form: envelope.Malformed, Message: `{"error_code":0x151}`}},
		{"another value behind it", `{"error_code":"A.1"} {"error_code":"A.2"}`, 400, found{Form: envelope.TrailingData, Shape: "plain", Code: "A.1"}},
		{"JSON string that is a code", `"CBC.0151"`, 400, found{Form: envelope.JSON, Shape: "text", Code: "CBC.0151", Message: "CBC.0151"}},
		{"code in the second value", `{"request_id":"q"}` + "\n" + `{"error_code":"A.0001"}`, 400, found{Form: envelope.TrailingData, Shape: "plain", Code: "A.0001", RequestID: "q"}},
		{"keys without quotes", `{error_code:"A.0001",error_msg:"m"}`, 400, found{Form: envelope.Malformed, Shape: "text", Code: "A.0001", Message: "m"}},
		{"comment within", `{/*c*/"error_code":"A.0001"}`, 400, found{Form: envelope.Malformed, Shape: "text", Code: "A.0001", Message: `{/*c*/"error_code":"A.0001"}`}},
		{"no number behind the code", `{"error_code":"A.0001","balance":NaN}`, 400, found{Form: envelope.Malformed, Shape: "plain", Code: "A.0001"}},
		{"something behind it", `{"error_code":"A.1"} trailing`, 400, found{Form: envelope.TrailingData, Shape: "plain", Code: "A.1"}},
		{"zeros behind it", "{\"error_code\":\"A.1\"}\x00\x00", 400, found{Form: envelope.TrailingData, Shape: "plain", Code: "A.1"}},
		{"lone surrogate", `{"error_code":"A.1","error_msg":"\ud800"}`, 400, found{Form: envelope.JSON, Shape: "plain", Code: "A.1", Message: "\ufffd"}},
		{"control characters", "{\"error_msg\":\"a\\\"\r\n\tb\x00\",\"error_code\":\"A.1\"}", 400, found{Form: envelope.JSON, Shape: "plain", Code: "A.1", Message: "a\"   b "}},
		{"1,000 deep", `{"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `,"error_code":"A.1"}`, 400, found{Form: envelope.JSON, Shape: "plain", Code: "A.1"}},
		{"100,000 deep", strings.Repeat("[", 100_000), 400, found{Form: envelope.Malformed, Message: strings.Repeat("[", 64<<10)}},
		{"JSON string", `"no"`, 400, found{Form: envelope.JSON, Shape: "text", Message: "no"}},
		{"JSON string with blanks", `"  "`, 400, found{Form: envelope.JSON, Message: `"  "`}},
		{"encoded twice", `"{\"error_code\":\"A.1\"}"`, 400, found{Form: envelope.JSON, Shape: "plain", Code: "A.1"}},
		{"encoded three times", `"\"{\\\"error_code\\\":\\\"A.1\\\"}\""`, 400, found{Form: envelope.JSON, Shape: "plain", Code: "A.1"}},
		{"encoded twice and cut", `"{\"error_code\":\"A.1\",\"error_m`, 400, found{Form: envelope.Malformed, Shape: "plain", Code: "A.1"}},
		{"no JSON string", `"no" way`, 400, found{Form: envelope.Malformed, Message: `"no" way`}},
	})
}
