package golden_test

import (
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// The value reports whether a google.protobuf.Value can hold the body unchanged.
func TestDocument(t *testing.T) {
	for body, want := range map[string]bool{
		`{"a": [1, -2.5, {"b": null}], "c": "\u00e9"}`: true,
		`"x"`:                       true,
		`{"a": 1, "a": 2}`:          false,
		`[{"a": {"b": 1, "b": 1}}]`: false,
		`{"a": 5.003e3}`:            false,
		`{"a": 1.0}`:                false,
		`{"a": 9007199254740993}`:   false,
		`{"a": 0250}`:               false,
		`{"a": "\uD83D"}`:           false,
		`{"a": 1} {"b": 2}`:         false,
		"{\"a\": \"\xff\"}":         false,
		"\ufeff{}":                  false,
		``:                          false,
	} {
		if _, got := golden.Document([]byte(body)); got != want {
			t.Errorf("%q: %t, want %t", body, got, want)
		}
	}
}

func TestMarshal_Order(t *testing.T) {
	document, _ := golden.Document([]byte(`{"b": [{"d": 1, "c": "<"}], "a": null, "e": {}}`))
	if got, want := string(golden.Marshal(document, golden.Ascending)), `{"a":null,"b":[{"c":"\u003c","d":1}],"e":{}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := string(golden.Marshal(document, golden.Descending)), `{"e":{},"b":[{"d":1,"c":"\u003c"}],"a":null}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestEquateDocuments(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"same text", "a", "a", true},
		{"other text", "a", "b", false},
		{"same document", `{"a":1,"b":2}`, `{"b": 2, "a": 1}`, true},
		{"other document", `{"a":1}`, `{"a":2}`, false},
		{"text beside document", `{"a":1}`, `{"a":1`, false},
		{"text beside null", "null", "a", false},
	}
	for _, tc := range tests {
		if got := cmp.Equal(tc.a, tc.b, golden.EquateDocuments()); got != tc.want {
			t.Errorf("%s: %t, want %t", tc.name, got, tc.want)
		}
	}
}

// failure returns a status with all details, the metadata retry and outcome, and further details.
func failure(t *testing.T, retry, outcome string, further ...proto.Message) *statuspb.Status {
	t.Helper()
	s := &statuspb.Status{Code: 9, Message: "m"}
	for _, m := range append([]proto.Message{
		&errdetails.ErrorInfo{Reason: "R", Domain: "cbc.huaweicloud.com", Metadata: map[string]string{"retry": retry, "outcome": outcome}},
		&errorv1.CbcError{}, &errdetails.LocalizedMessage{Locale: "en", Message: "m"},
	}, further...) {
		packed, err := anypb.New(m)
		if err != nil {
			t.Fatal(err)
		}
		s.Details = append(s.Details, packed)
	}
	return s
}

func TestCheckInvariants(t *testing.T) {
	unsure := failure(t, "VERIFY_FIRST", "UNKNOWN")
	rejected := failure(t, "FIX_STATE", "NOT_APPLIED")
	success, wait := &statuspb.Status{}, &errdetails.RetryInfo{}
	withoutDetail := func(i int) *statuspb.Status {
		s := proto.CloneOf(unsure)
		s.Details = append(s.Details[:i:i], s.Details[i+1:]...)
		return s
	}
	tests := []struct {
		name   string
		status *statuspb.Status
		item   *statuspb.Status
		broken bool
	}{
		{"success", success, nil, false},
		{"success with message", &statuspb.Status{Message: "m"}, nil, true},
		{"success with details", &statuspb.Status{Details: unsure.GetDetails()}, nil, true},
		{"success with failed item", success, rejected, true},
		{"failure", rejected, nil, false},
		{"no message", &statuspb.Status{Code: 9, Details: unsure.GetDetails()}, nil, true},
		{"no ErrorInfo", withoutDetail(0), nil, true},
		{"no CbcError", withoutDetail(1), nil, true},
		{"no LocalizedMessage", withoutDetail(2), nil, true},
		{"RetryInfo beside BACKOFF", failure(t, "BACKOFF", "UNKNOWN", wait), nil, false},
		{"RetryInfo beside BACKOFF_IF_IDEMPOTENT", failure(t, "BACKOFF_IF_IDEMPOTENT", "UNKNOWN", wait), nil, false},
		{"RetryInfo beside VERIFY_FIRST", failure(t, "VERIFY_FIRST", "UNKNOWN", wait), nil, true},
		{"failed item", unsure, rejected, false},
		{"successful item", unsure, success, true},
		{"item without ErrorInfo", unsure, withoutDetail(0), true},
		{"BACKOFF beside failed item", failure(t, "BACKOFF", "UNKNOWN"), rejected, true},
		{"NOT_APPLIED beside failed item", rejected, rejected, true},
		{"RetryInfo beside failed item", failure(t, "BACKOFF_IF_IDEMPOTENT", "UNKNOWN", wait), rejected, true},
	}
	for _, tc := range tests {
		translation := &errorv1.Translation{Status: tc.status}
		if tc.item != nil {
			translation.Items = []*errorv1.FailedItem{{Id: "i", Status: tc.item}}
		}
		if err := golden.CheckInvariants(translation); (err != nil) != tc.broken {
			t.Errorf("%s: %v, want an error: %t", tc.name, err, tc.broken)
		}
	}
}
