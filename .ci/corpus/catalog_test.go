package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// tables are a catalogue of a few rows.
var tables = map[string]string{
	"codes.tsv": "code\thttp\tstatus\treason\tretry\toutcome\twait\n" +
		"CBC.0000\t200\tOK\tSUCCESS\t\tAPPLIED\t\n" +
		"CBC.0156\t403\tPERMISSION_DENIED\tWRONG_SITE\tCHANGE_REQUEST\tNOT_APPLIED\t\n" +
		"CBC.0250\t429\tRESOURCE_EXHAUSTED\tREQUEST_THROTTLED\tBACKOFF\tNOT_APPLIED\t1s\n" +
		"CBC.5003\t400\tFAILED_PRECONDITION\tBALANCE_INSUFFICIENT\tFIX_STATE\tNOT_APPLIED\t\n" +
		"CBC.5020\t200\tFAILED_PRECONDITION\tPARTIAL_FAILURE\tVERIFY_FIRST\tPARTIALLY_APPLIED\t\n",
	"more-codes.tsv": "code\thttp\tstatus\treason\tretry\toutcome\twait\n" +
		"CBC.99007009\t400\tALREADY_EXISTS\tTRANSACTION_ID_DUPLICATED (new)\tVERIFY_FIRST\tUNKNOWN\t\n",
	"gateway-codes.tsv": "code\thttp\tstatus\treason\tretry\toutcome\twait\n" +
		"APIGW.0201\t400\tINVALID_ARGUMENT\tPARAMETER_INVALID\tCHANGE_REQUEST\tNOT_APPLIED\t\n" +
		"APIG.0201\t504\tDEADLINE_EXCEEDED\tGATEWAY_TIMEOUT (new)\tVERIFY_FIRST\tUNKNOWN\t\n" +
		"APIGW.0308\t429\tRESOURCE_EXHAUSTED\tREQUEST_THROTTLED\tBACKOFF\tNOT_APPLIED\t1s\n" +
		"92020001\t403\tUNAUTHENTICATED\tTOKEN_INVALID_OR_EXPIRED\tFIX_STATE\tNOT_APPLIED\t\n",
}

// writeTables returns a folder with the tables.
func writeTables(t *testing.T, dir string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range tables {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func mustReadCatalog(t *testing.T) catalog {
	t.Helper()
	c, err := readCatalog(writeTables(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCatalog_Lookup(t *testing.T) {
	c := mustReadCatalog(t)
	tests := []struct {
		code       string
		httpStatus int
		reason     string
	}{
		{"CBC.0250", 200, "REQUEST_THROTTLED"},
		{"CBC.99007009", 400, "TRANSACTION_ID_DUPLICATED"},
		{"APIG.0308", 0, "REQUEST_THROTTLED"},
		{"APIGW.0201", 504, "GATEWAY_TIMEOUT"},
		{"APIG.0201", 400, "PARAMETER_INVALID"},
		{"APIGW.0201", 403, ""},
		{"92020001", 403, ""},
		{"CBC.9", 400, ""},
	}
	for _, test := range tests {
		if m, _ := c.lookup(test.code, test.httpStatus); m.reason != test.reason {
			t.Errorf("%s with %d: want %q, got %q", test.code, test.httpStatus, test.reason, m.reason)
		}
	}
}

func TestMeaning_Careful(t *testing.T) {
	m := mustReadCatalog(t).row("CBC.0250")
	if m.wait != time.Second {
		t.Errorf("want 1s, got %s", m.wait)
	}
	want := meaning{"FAILED_PRECONDITION", "REQUEST_THROTTLED", "VERIFY_FIRST", "UNKNOWN", 0}
	if got := m.careful("UNKNOWN"); got != want {
		t.Errorf("want %v, got %v", want, got)
	}
}

func TestFallback(t *testing.T) {
	tests := map[int]string{
		401: "UNAUTHENTICATED FIX_STATE", 403: "PERMISSION_DENIED FIX_STATE", 404: "NOT_FOUND FIX_STATE",
		400: "FAILED_PRECONDITION VERIFY_FIRST", 409: "ABORTED VERIFY_FIRST", 499: "DEADLINE_EXCEEDED VERIFY_FIRST",
		503: "UNAVAILABLE VERIFY_FIRST", 500: "UNKNOWN VERIFY_FIRST", 200: "UNKNOWN VERIFY_FIRST", 0: "UNKNOWN VERIFY_FIRST",
	}
	for httpStatus, want := range tests {
		if m := fallback(httpStatus, "X"); m.status+" "+m.retry != want {
			t.Errorf("%d: want %s, got %s %s", httpStatus, want, m.status, m.retry)
		}
	}
}

func TestExpand(t *testing.T) {
	c := mustReadCatalog(t)
	tests := []struct {
		name   string
		expect expectation
		key    string
		want   any
	}{
		{"row", expectation{"kind": "cbc", "code": "CBC.5003"}, "reason", "BALANCE_INSUFFICIENT"},
		{"row without items", expectation{"kind": "cbc", "code": "CBC.5003"}, "retry", "FIX_STATE"},
		{"items", expectation{"kind": "cbc", "code": "CBC.5003", "resource_ids": []any{"r1"}}, "retry", "VERIFY_FIRST"},
		{"partial", expectation{"kind": "partial"}, "reason", "PARTIAL_FAILURE"},
		{"no code", expectation{"kind": "empty"}, "reason", "UNRECOGNIZED_RESPONSE"},
		{"no code", expectation{"kind": "empty"}, "code", ""},
		{"unknown code", expectation{"kind": "cbc", "code": "CBC.1"}, "reason", "UNRECOGNIZED_CODE"},
		{"foreign code", expectation{"kind": "iam", "code": "IAM.1"}, "reason", "FOREIGN_CODE"},
		{"message", expectation{"kind": "iam", "message": "m"}, "upstreamMessage", "m"},
		{"window", expectation{"kind": "gateway", "code": "APIGW.0308", "window_s": 60.0}, "wait", "1m0s"},
		{"inferred", expectation{"kind": "cbc-inferred", "code": "CBC.5003"}, "match", "INFERRED"},
		{"success", expectation{"kind": "success", "code": "CBC.0000"}, "status", "OK"},
		{"success", expectation{"kind": "success", "code": "CBC.0000"}, "code", nil},
		{"no kind", expectation{"code": "CBC.5003"}, "retry", nil},
	}
	for _, test := range tests {
		if got := c.expand(entry{HTTPStatus: 400, Expect: test.expect})[test.key]; got != test.want {
			t.Errorf("%s: %s: want %v, got %v", test.name, test.key, test.want, got)
		}
	}
}

func TestExpand_ItemsAreJudgedByTheirRows(t *testing.T) {
	items := []any{map[string]any{"resource_id": "r1", "code": "CBC.5003"}}
	e := entry{HTTPStatus: 200, Expect: expectation{"kind": "partial", "items": items}}
	want := mustReadCatalog(t).expand(e)["only_items"].([]any)[0].(map[string]any)
	for key, value := range map[string]string{"id": "r1", "code": "CBC.5003", "reason": "BALANCE_INSUFFICIENT", "retry": "FIX_STATE"} {
		if want[key] != value {
			t.Errorf("%s: want %q, got %v", key, value, want[key])
		}
	}
}
