package main

import (
	"os"
	"path/filepath"
	"testing"
)

const header = "code\thttp\tstatus\treason\tretry\toutcome\twait\n"

// writeTables writes small tables into a folder.
func writeTables(t *testing.T, dir string) string {
	t.Helper()
	for name, text := range map[string]string{
		"codes.tsv": "CBC.0156\t403\tPERMISSION_DENIED\tWRONG_SITE\tCHANGE_REQUEST\tNOT_APPLIED\t\n" +
			"CBC.0250\t429\tRESOURCE_EXHAUSTED\tREQUEST_THROTTLED\tBACKOFF\tNOT_APPLIED\t1s\n" +
			"CBC.5003\t400\tFAILED_PRECONDITION\tBALANCE_INSUFFICIENT\tFIX_STATE\tNOT_APPLIED\t\n" +
			"CBC.5020\t200\tFAILED_PRECONDITION\tPARTIAL_FAILURE\tVERIFY_FIRST\tPARTIALLY_APPLIED\t\n",
		"more-codes.tsv": "CBC.99007009\t400\tALREADY_EXISTS\tTRANSACTION_ID_DUPLICATED (new)\tVERIFY_FIRST\tUNKNOWN\t\n" +
			"CBC.0100\t400\tINVALID_ARGUMENT\tPARAMETER_INVALID\tCHANGE_REQUEST\tNOT_APPLIED\t\n" +
			"CBC.0151\t403\tPERMISSION_DENIED\tACCESS_DENIED\tFIX_STATE\tNOT_APPLIED\t\n",
		"gateway-codes.tsv": "APIGW.0201\t400\tINVALID_ARGUMENT\tPARAMETER_INVALID\tCHANGE_REQUEST\tNOT_APPLIED\t\n" +
			"APIG.0201\t504\tDEADLINE_EXCEEDED\tGATEWAY_TIMEOUT (new)\tVERIFY_FIRST\tUNKNOWN\t\n" +
			"APIGW.0308\t429\tRESOURCE_EXHAUSTED\tREQUEST_THROTTLED\tBACKOFF\tNOT_APPLIED\t1s\n" +
			"92020001\t403\tUNAUTHENTICATED\tTOKEN_INVALID_OR_EXPIRED\tFIX_STATE\tNOT_APPLIED\t\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(header+text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func mustReadTables(t *testing.T) tables {
	t.Helper()
	all, err := readTables(writeTables(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTables_Lookup(t *testing.T) {
	tests := []struct {
		code       string
		httpStatus int
		reason     any
	}{
		{"CBC.0250", 200, "REQUEST_THROTTLED"},
		{"CBC.99007009", 400, "TRANSACTION_ID_DUPLICATED"},
		{"APIG.0308", 0, "REQUEST_THROTTLED"},
		{"APIGW.0201", 504, "GATEWAY_TIMEOUT"},
		{"APIG.0201", 400, "PARAMETER_INVALID"},
		{"APIGW.0201", 403, nil},
		{"92020001", 403, nil},
		{"CBC.9", 400, nil},
	}
	all := mustReadTables(t)
	for _, tc := range tests {
		if m, _ := all.lookup(tc.code, tc.httpStatus); m["reason"] != tc.reason {
			t.Errorf("%s with %d: %v, want %v", tc.code, tc.httpStatus, m["reason"], tc.reason)
		}
	}
}

func TestFallback(t *testing.T) {
	for httpStatus, want := range map[int]string{
		401: "UNAUTHENTICATED FIX_STATE", 403: "PERMISSION_DENIED FIX_STATE", 404: "NOT_FOUND FIX_STATE",
		400: "FAILED_PRECONDITION VERIFY_FIRST", 409: "ABORTED VERIFY_FIRST", 499: "DEADLINE_EXCEEDED VERIFY_FIRST",
		503: "UNAVAILABLE VERIFY_FIRST", 500: "UNKNOWN VERIFY_FIRST", 200: "UNKNOWN VERIFY_FIRST", 0: "UNKNOWN VERIFY_FIRST",
	} {
		if x := fallback(httpStatus, "X"); x["status"].(string)+" "+x["retry"].(string) != want {
			t.Errorf("%d: %v, want %s", httpStatus, x, want)
		}
	}
}

func TestTables_Expand(t *testing.T) {
	items := []any{map[string]any{"resource_id": "r1", "code": "CBC.5003"}}
	tests := []struct {
		name   string
		expect expectation
		key    string
		want   any
	}{
		{"row", expectation{"kind": "cbc", "code": "CBC.5003"}, "reason", "BALANCE_INSUFFICIENT"},
		{"row without items", expectation{"kind": "cbc", "code": "CBC.5003"}, "retry", "FIX_STATE"},
		{"row with resource IDs", expectation{"kind": "cbc", "code": "CBC.5003", "resource_ids": []any{"r1"}}, "retry", "VERIFY_FIRST"},
		{"partial failure", expectation{"kind": "partial", "items": items}, "reason", "PARTIAL_FAILURE"},
		{"no code", expectation{"kind": "empty"}, "reason", "UNRECOGNIZED_RESPONSE"},
		{"no code", expectation{"kind": "empty"}, "code", ""},
		{"unknown code", expectation{"kind": "cbc", "code": "CBC.1"}, "reason", "UNRECOGNIZED_CODE"},
		{"foreign code", expectation{"kind": "iam", "code": "IAM.1"}, "reason", "FOREIGN_CODE"},
		{"message", expectation{"kind": "iam", "message": "m"}, "upstreamMessage", "m"},
		{"fields", expectation{"kind": "cbc", "fields": []any{"a", "b"}}, "fields", "a b"},
		{"window", expectation{"kind": "gateway", "code": "APIGW.0308", "window_s": 60.0}, "retry_info", "60s"},
		{"inferred code", expectation{"kind": "cbc-inferred", "code": "CBC.5003"}, "match", "INFERRED"},
		{"success", expectation{"kind": "success", "code": "CBC.0000"}, "status", "OK"},
		{"success", expectation{"kind": "success", "code": "CBC.0000"}, "code", nil},
		{"no kind", expectation{"code": "CBC.5003"}, "retry", nil},
	}
	all := mustReadTables(t)
	for _, tc := range tests {
		if got := all.expand(entry{HTTPStatus: 400, Expect: tc.expect})[tc.key]; got != tc.want {
			t.Errorf("%s: %s: %v, want %v", tc.name, tc.key, got, tc.want)
		}
	}
	item := ofItem(list(all.expand(entry{Expect: expectation{"kind": "partial", "items": items}})["only items"])[0])
	if item["id"] != "r1" || item["retry"] != "FIX_STATE" {
		t.Errorf("item %v, want the meaning of its row", item)
	}
}

func TestTables_Contradictions(t *testing.T) {
	row := facts{"code": "CBC.0250", "status": "RESOURCE_EXHAUSTED", "reason": "REQUEST_THROTTLED", "retry": "BACKOFF", "outcome": "NOT_APPLIED", "wait": "1s"}
	careful := facts{"status": "FAILED_PRECONDITION", "retry": "VERIFY_FIRST", "outcome": "UNKNOWN", "wait": ""}
	tests := []struct {
		name    string
		changes facts
		headers map[string]string
		want    int
	}{
		{"row", nil, nil, 0},
		{"careful form", careful, nil, 0},
		{"other status", facts{"status": "ABORTED"}, nil, 1},
		{"other advice", facts{"retry": "FIX_STATE"}, nil, 1},
		{"other delay", facts{"wait": "5s"}, nil, 1},
		{"delay of the response", facts{"wait": "5s"}, map[string]string{"retry-after": "5"}, 0},
		{"overlay", facts{"status": "ABORTED", "match": "OVERLAY"}, nil, 0},
		{"unknown code", facts{"code": "CBC.1"}, nil, 0},
	}
	all := mustReadTables(t)
	for _, tc := range tests {
		seen := facts{}
		for _, f := range []facts{row, tc.changes} {
			for key, value := range f {
				seen[key] = value
			}
		}
		if got := all.contradictions(entry{HTTPStatus: 429, Headers: tc.headers}, []facts{seen}); len(got) != tc.want {
			t.Errorf("%s: %q, want %d", tc.name, got, tc.want)
		}
	}
}
