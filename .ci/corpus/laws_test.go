package main

import (
	"strings"
	"testing"
)

// answerOf returns an answer with one status and, if not empty, one item.
func answerOf(t *testing.T, status, item string) answer {
	t.Helper()
	items := "[]"
	if item != "" {
		items = `[{"id": "r1", "status": ` + item + `}]`
	}
	return mustRead(t, `{"status": `+status+`, "items": `+items+`}`)
}

// statusOf returns a complete status.
func statusOf(code, metadata, more string) string {
	return `{"code": ` + code + `, "details": [
		{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "BALANCE_INSUFFICIENT", "domain": "cbc.huaweicloud.com", "metadata": {` + metadata + `}},
		{"@type": "type.googleapis.com/cbc.error.v1.CbcError"},
		{"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en", "message": "x"}` + more + `]}`
}

const (
	retryInfoDetail = `, {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"}`
	fixState        = `"retry": "FIX_STATE", "outcome": "NOT_APPLIED"`
	verifyFirst     = `"retry": "VERIFY_FIRST", "outcome": "UNKNOWN"`
	backoff         = `"retry": "BACKOFF", "outcome": "UNKNOWN"`
	rowOf5003       = `"code": "CBC.5003", "match": "EXACT", `
	withData        = `{"error_code": "CBC.5003", "order_ids": ["CS1"]}`
)

var (
	careful = statusOf("9", verifyFirst, "")
	refused = statusOf("9", fixState, "")
)

// lawSamples are answers and the law that each breaks.
var lawSamples = []struct {
	name       string
	httpStatus int
	body       string
	status     string
	item       string
	breach     string // "" for none
}{
	{"success", 200, "{}", `{}`, "", ""},
	{"success with details", 200, "{}", `{"details": [{"@type": "x"}]}`, "", "OK must not have details"},
	{"success with items", 200, "{}", `{}`, refused, "status must not be OK"},
	{"failure", 400, "{}", careful, "", ""},
	{"no ErrorInfo", 400, "{}", `{"code": 9, "details": []}`, "", "ErrorInfo"},
	{"other domain", 400, "{}", strings.Replace(careful, "cbc.huawei", "cbcerr.huawei", 1), "", "domain"},
	{"no CbcError", 400, "{}", strings.Replace(careful, "CbcError", "Other", 1), "", "CbcError"},
	{"no LocalizedMessage", 400, "{}", strings.Replace(careful, `"en"`, `""`, 1), "", "LocalizedMessage"},
	{"wait beside BACKOFF", 400, "{}", statusOf("9", backoff, retryInfoDetail), "", ""},
	{"wait beside other advice", 400, "{}", statusOf("9", verifyFirst, retryInfoDetail), "", "beside VERIFY_FIRST"},
	{"item", 400, "{}", careful, refused, ""},
	{"item is OK", 400, "{}", careful, `{}`, `item "r1": the status must not be OK`},
	{"item without ErrorInfo", 400, "{}", careful, `{"code": 9}`, `item "r1": a failure must have`},
	{"item with wait", 400, "{}", careful, statusOf("9", verifyFirst, retryInfoDetail), `item "r1": RetryInfo`},
	{"item against its row", 400, "{}", careful, statusOf("3", rowOf5003+fixState, ""), `item "r1": the row of CBC.5003`},
	{"items and BACKOFF", 400, "{}", statusOf("9", backoff, ""), refused, "with failed items"},
	{"items and NOT_APPLIED", 400, "{}", refused, refused, "with failed items"},
	{"items and RetryInfo", 400, "{}", statusOf("9", verifyFirst, retryInfoDetail), refused, "with failed items"},
	{"data", 200, withData, careful, "", ""},
	{"data and BACKOFF", 200, withData, statusOf("9", backoff, ""), "", "with data"},
	{"data and NOT_APPLIED", 200, withData, refused, "", "with data"},
	{"data and RetryInfo", 200, withData, statusOf("9", verifyFirst, retryInfoDetail), "", "with data"},
	{"data and ABORTED", 200, withData, statusOf("10", verifyFirst, ""), "", "must not be ABORTED"},
	{"data and HTTP 400", 400, withData, refused, "", ""},
	{"own members", 200, `{"error_code": "CBC.5003", "error_msg": "x"}`, refused, "", ""},
	{"row", 400, "{}", statusOf("9", rowOf5003+fixState, ""), "", ""},
	{"careful form of the row", 400, "{}", statusOf("9", rowOf5003+verifyFirst, ""), "", ""},
	{"other status than the row", 400, "{}", statusOf("5", rowOf5003+fixState, ""), "", "the row of CBC.5003"},
	{"other advice than the row", 400, "{}", statusOf("9", rowOf5003+backoff, ""), "", "the row of CBC.5003"},
	{"wait the row does not have", 400, "{}", statusOf("9", rowOf5003+fixState, retryInfoDetail), "", "the row of CBC.5003"},
	{"overlay", 400, "{}", statusOf("5", strings.Replace(rowOf5003, "EXACT", "OVERLAY", 1)+fixState, ""), "", ""},
	{"no row", 400, "{}", statusOf("5", `"code": "CBC.1", `+fixState, ""), "", ""},
	{"success code with HTTP 500", 500, "{}", statusOf("2", `"code": "CBC.0000", `+verifyFirst, ""), "", ""},
}

func TestLaws(t *testing.T) {
	c := mustReadCatalog(t)
	for _, test := range lawSamples {
		f := breaches(entry{HTTPStatus: test.httpStatus, Body: test.body}, answerOf(t, test.status, test.item), c)
		if test.breach == "" && len(f) > 0 || !strings.Contains(f.String(), test.breach) {
			t.Errorf("%s: want %q, got %q", test.name, test.breach, f)
		}
	}
}

func TestFollowsRow_WaitOfTheResponse(t *testing.T) {
	status := strings.Replace(statusOf("8", `"code": "CBC.0250", "retry": "BACKOFF", "outcome": "NOT_APPLIED"`, retryInfoDetail),
		"BALANCE_INSUFFICIENT", "REQUEST_THROTTLED", 1)
	seen, c := answerOf(t, status, ""), mustReadCatalog(t)
	if f := breaches(entry{HTTPStatus: 429}, seen, c); len(f) != 1 {
		t.Errorf("30s of nobody: want one breach, got %q", f)
	}
	e := entry{HTTPStatus: 429, Headers: map[string]string{"retry-after": "30"}}
	if f := breaches(e, seen, c); len(f) > 0 {
		t.Errorf("30s of Retry-After: %q", f)
	}
}

func TestHoldsData(t *testing.T) {
	tests := map[string]bool{
		`{"error_code": "CBC.5003", "error_msg": "x", "request_id": "q", "traceId": "t", "details": [1], "domain_id": "d"}`:     false,
		`{"error": {"code": "CBC.5003"}, "encoded_authorization_message": "x", "errorItems": ["a"], "fail_check_items": ["b"]}`: false,
		`{"error_code": "CBC.5003", "order_ids": ["CS1"]}`:                                                                      true,
		`{"error_code": "CBC.5003", "order_ids": [], "x": "", "y": {}, "z": null}`:                                              false,
		`{"error_code": "CBC.5003", "failNum": 0, "isReview": false}`:                                                           false,
		`{"error_code": "CBC.5003", "failNum": 1}`:                                                                              true,
		`{"expiredResourceIds": ["r1"]}`:                                                                                        false,
		`{"expiredResourceIds": ["r1"], "orderIds": []}`:                                                                        true,
		`["r1"]`: false,
		`{"error_code": "CBC.5003", "order_ids": ["CS1"`: false,
	}
	for body, want := range tests {
		if got := holdsData([]byte(body)); got != want {
			t.Errorf("%s: want %v, got %v", body, want, got)
		}
	}
}
