package main

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// failure is an answer that has every fact a key can ask for.
const failure = `{
  "status": {"code": 8, "details": [
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "REQUEST_THROTTLED", "domain": "cbc.huaweicloud.com",
     "metadata": {"code": "CBC.0250", "retry": "BACKOFF", "outcome": "NOT_APPLIED", "match": "EXACT", "httpStatus": "429",
      "upstreamMessage": "policy ip over ratelimit,limit:5", "domainId": "d1", "missingPermission": "billing:order:view",
      "encodedAuthorizationMessage": "Egpj"}},
    {"@type": "type.googleapis.com/cbc.error.v1.CbcError"},
    {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en", "message": "x"},
    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "60s"},
    {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "name"}, {"field": "region"}]},
    {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "q1"}]},
  "items": [{"id": "r1", "status": {"code": 9, "details": [
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "BALANCE_INSUFFICIENT", "metadata": {"code": "CBC.5003"}}]}}]}`

func mustRead(t *testing.T, text string) answer {
	t.Helper()
	a, err := readAnswer(json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const (
	balance = `{"id": "r1", "code": "CBC.5003"}`
	other   = `{"id": "r2", "code": "CBC.5003"}`
)

// samples are, for each key, a value that the failure meets and one that it does not.
var samples = []struct{ key, met, unmet string }{
	{"status", `"RESOURCE_EXHAUSTED"`, `"OK"`},
	{"status", `8`, `9`},
	{"status", `["OK", "RESOURCE_EXHAUSTED"]`, `["OK", "ABORTED"]`},
	{"status_not", `"OK"`, `"RESOURCE_EXHAUSTED"`},
	{"reason", `["X", "REQUEST_THROTTLED"]`, `["X"]`},
	{"retry", `"BACKOFF"`, `"VERIFY_FIRST"`},
	{"retry_not", `["VERIFY_FIRST"]`, `["VERIFY_FIRST", "BACKOFF"]`},
	{"outcome", `"NOT_APPLIED"`, `"UNKNOWN"`},
	{"outcome_not", `["UNKNOWN"]`, `["NOT_APPLIED"]`},
	{"retry_info", `"60s"`, `null`},
	{"retry_info", `"60s"`, `"61s"`},
	{"retry_after_s", `60`, `6`},
	{"wait", `"1m0s"`, `"0s"`},
	{"match", `"EXACT"`, `"INFERRED"`},
	{"code", `"CBC.0250"`, `""`},
	{"not_code", `"CBC.0251"`, `"CBC.0250"`},
	{"code_not_prefix", `"APIGW."`, `"CBC."`},
	{"message", `"over ratelimit"`, `"balance"`},
	{"upstreamMessage", `"policy ip over ratelimit,limit:5"`, `"policy ip"`},
	{"upstreamMessage contains", `"policy ip"`, `"policy app"`},
	{"limit", `5`, `6`},
	{"policy", `"ip"`, `"app"`},
	{"items", "[" + balance + "]", "[" + balance + "," + other + "]"},
	{"items", "[" + balance + "]", `[{"id": "r1", "code": "CBC.5002"}]`},
	{"only_items", "[" + balance + "]", "[]"},
	{"only_items", "[" + balance + "]", "[" + other + "]"},
	{"id", `""`, `"r1"`},
	{"field", `"name region"`, `"name"`},
	{"fields", `["name", "region"]`, `["region", "name"]`},
	{"httpStatus", `"429"`, `"200"`},
	{"requestId", `"q1"`, `"q2"`},
	{"request_id", `"q1"`, `"q2"`},
	{"domain_id", `"d1"`, `"d2"`},
	{"iam_action", `"billing:order:view"`, `"billing:order:pay"`},
	{"encoded_authorization_message", `"Egpj"`, `"x"`},
}

func TestChecks(t *testing.T) {
	seen := mustRead(t, failure)
	missing := maps.Clone(checks())
	for _, test := range samples {
		delete(missing, test.key)
		for text, want := range map[string]bool{test.met: true, test.unmet: false} {
			var x expectation
			if err := json.Unmarshal([]byte(`{"`+test.key+`": `+text+`}`), &x); err != nil {
				t.Fatal(err)
			}
			if f := check(x, seen); (len(f) == 0) != want {
				t.Errorf("%v: met %v, want %v: %s", x, len(f) == 0, want, f)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("no sample for %q", slices.Sorted(maps.Keys(missing)))
	}
}

func TestChecks_Success(t *testing.T) {
	ok := mustRead(t, `{"status": {}, "items": []}`)
	if f := check(expectation{"status": "OK", "code": "", "retry_info": nil, "wait": "0s"}, ok); len(f) > 0 {
		t.Errorf("success: %s", f)
	}
	for key, want := range map[string]any{"status": "not 0", "status_not": "OK", "reason": "X", "message": "x", "code": "CBC.0000"} {
		if f := check(expectation{key: want}, ok); len(f) != 1 {
			t.Errorf("%s %v: want one fault, got %q", key, want, f)
		}
	}
}

func TestChecks_RetryAfterInMetadata(t *testing.T) {
	seen := mustRead(t, `{"status": {"code": 9, "details": [
		{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "metadata": {"retryAfter": "7"}}]}}`)
	if f := check(expectation{"retry_after_s": 7}, seen); len(f) > 0 {
		t.Error(f)
	}
	if f := check(expectation{"retry_after_s": 8}, seen); len(f) == 0 {
		t.Error("want a fault")
	}
}

func TestCheck_UnknownKey(t *testing.T) {
	if f := check(expectation{"statsu": "OK"}, mustRead(t, failure)); len(f) != 1 {
		t.Errorf("want one fault, got %q", f)
	}
}
