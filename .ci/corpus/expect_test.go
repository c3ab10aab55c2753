package main

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

func statusOf(t *testing.T, code int32, details ...proto.Message) *statuspb.Status {
	t.Helper()
	s := &statuspb.Status{Code: code}
	for _, d := range details {
		packed, err := anypb.New(d)
		if err != nil {
			t.Fatal(err)
		}
		s.Details = append(s.Details, packed)
	}
	return s
}

// failure returns a translation with every fact that a key can name.
func failure(t *testing.T) *errorv1.Translation {
	t.Helper()
	item := statusOf(t, 9, &errdetails.ErrorInfo{Reason: "BALANCE_INSUFFICIENT", Metadata: map[string]string{"code": "CBC.5003"}})
	return &errorv1.Translation{Items: []*errorv1.FailedItem{{Id: "r1", Status: item}}, Status: statusOf(t, 8,
		&errdetails.ErrorInfo{Reason: "REQUEST_THROTTLED", Metadata: map[string]string{
			"code": "CBC.0250", "retry": "BACKOFF", "outcome": "NOT_APPLIED", "match": "EXACT", "httpStatus": "429", "domainId": "d1",
			"upstreamMessage": "policy ip over ratelimit,limit:5", "missingPermission": "billing:order:view", "encodedAuthorizationMessage": "Egpj",
		}},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Minute)},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "name"}, {Field: "region"}}},
		&errdetails.RequestInfo{RequestId: "q1"})}
}

const (
	balance = `{"id": "r1", "code": "CBC.5003"}`
	other   = `{"id": "r2", "code": "CBC.5003"}`
)

// samples are, for each key, a value that the failure has and one that it has not.
var samples = []struct{ key, fits, differs string }{
	{"status", `"RESOURCE_EXHAUSTED"`, `"OK"`},
	{"status", `8`, `9`},
	{"status", `"not 0"`, `0`},
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
	{"items", "[]", `[{"id": "r1", "code": "CBC.5002"}]`},
	{"only items", "[" + balance + "]", "[]"},
	{"only items", "[" + balance + "]", "[" + other + "]"},
	{"id", `""`, `"r1"`},
	{"field", `"name region"`, `"name"`},
	{"fields", `"name region"`, `"region name"`},
	{"httpStatus", `"429"`, `"200"`},
	{"requestId", `"q1"`, `"q2"`},
	{"request_id", `"q1"`, `"q2"`},
	{"domain_id", `"d1"`, `"d2"`},
	{"iam_action", `"billing:order:view"`, `"billing:order:pay"`},
	{"encoded_authorization_message", `"Egpj"`, `"x"`},
}

func TestExpectation_Faults(t *testing.T) {
	seen, items := factsOf(failure(t))
	missing := keys()
	for _, tc := range samples {
		delete(missing, tc.key)
		for text, want := range map[string]bool{tc.fits: true, tc.differs: false} {
			var x expectation
			if err := json.Unmarshal([]byte(`{"`+tc.key+`": `+text+`}`), &x); err != nil {
				t.Fatal(err)
			}
			if faults := x.faults(seen, items); (len(faults) == 0) != want {
				t.Errorf("%v: fits %t, want %t: %q", x, len(faults) == 0, want, faults)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("no sample for %q", slices.Sorted(maps.Keys(missing)))
	}
}

func TestExpectation_Success(t *testing.T) {
	seen, items := factsOf(&errorv1.Translation{Status: &statuspb.Status{}})
	if faults := (expectation{"status": "OK", "code": "", "retry_info": nil}).faults(seen, items); len(faults) > 0 {
		t.Errorf("success: %q", faults)
	}
	for key, want := range map[string]any{"status": "not 0", "status_not": "OK", "reason": "X", "message": "x", "code": "CBC.0000", "unknown": ""} {
		if faults := (expectation{key: want}).faults(seen, items); len(faults) != 1 {
			t.Errorf("%s %v: want one fault, got %q", key, want, faults)
		}
	}
}
