package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

// example returns a row with a step about CBC.0250 over REST, and the observation of a correct client.
func example(t *testing.T) (row, *conformancev1.Observation) {
	t.Helper()
	info, err := anypb.New(&errdetails.ErrorInfo{Reason: "REQUEST_THROTTLED", Domain: "cbc.huaweicloud.com", Metadata: map[string]string{
		"code": "CBC.0250", "retry": "BACKOFF", "outcome": "NOT_APPLIED"}})
	if err != nil {
		t.Fatal(err)
	}
	detail, err := anypb.New(&errorv1.CbcError{Code: 250})
	if err != nil {
		t.Fatal(err)
	}
	s := &statuspb.Status{Code: 8, Details: []*anypb.Any{info, detail}}
	step := &conformancev1.Step{
		WantTranslation: &errorv1.Translation{Status: s, Locale: "en", Items: []*errorv1.FailedItem{{Id: "i", Status: s}}},
		Want:            &conformancev1.CbcErrorView{Code: "CBC.0250", Number: 250, Reason: "REQUEST_THROTTLED", Retry: "BACKOFF", Outcome: "NOT_APPLIED", ShouldRetry: proto.Bool(true)},
		WantCode:        codeOf(8), WantDetail: proto.String(""),
	}
	observation := &conformancev1.Observation{Status: s, Details: detailsOf(s), Meaning: meaningOf(250), Error: proto.CloneOf(step.GetWant())}
	item := proto.CloneOf(observation)
	item.Id = "i"
	observation.Locale, observation.Items = "en", []*conformancev1.Observation{item}
	observation.Json = `{"status": ` + jsonOf(t, s) + `, "locale": "en", "items": [{"id": "i", "status": ` + jsonOf(t, s) + `}]}`
	r := row{name: "r", request: &conformancev1.Request{Name: "r", EntryPoint: conformancev1.EntryPoint_ENTRY_POINT_REST}, steps: []*conformancev1.Step{step}}
	return r, observation
}

func codeOf(number int32) *code.Code { return code.Code(number).Enum() }

func jsonOf(t *testing.T, m proto.Message) string {
	t.Helper()
	content, err := protojson.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// corruptions are the mistakes of an incorrect client.
var corruptions = map[string]func(*conformancev1.Observation){
	"no error":         func(r *conformancev1.Observation) { r.Error = nil },
	"another code":     func(r *conformancev1.Observation) { r.Error.Code = "CBC.250" },
	"another number":   func(r *conformancev1.Observation) { r.Error.Number = 0 },
	"another reason":   func(r *conformancev1.Observation) { r.Error.Reason = "" },
	"another retry":    func(r *conformancev1.Observation) { r.Error.Retry = "VERIFY_FIRST" },
	"another outcome":  func(r *conformancev1.Observation) { r.Error.Outcome = "UNKNOWN" },
	"another message":  func(r *conformancev1.Observation) { r.Error.Message = "m" },
	"another sentence": func(r *conformancev1.Observation) { r.Error.Advice = "a" },
	"another locale":   func(r *conformancev1.Observation) { r.Error.Locale = "en" },
	"a delay":          func(r *conformancev1.Observation) { r.Error.RetryDelay = durationpb.New(1) },
	"another advice":   func(r *conformancev1.Observation) { r.Error.ShouldRetry = proto.Bool(false) },
	"another status": func(r *conformancev1.Observation) {
		r.Status = &statuspb.Status{Code: 9, Details: r.GetStatus().GetDetails()}
	},
	"a detail less":                     func(r *conformancev1.Observation) { r.Details.CbcError = nil },
	"a detail more":                     func(r *conformancev1.Observation) { r.Details.Help = &errdetails.Help{} },
	"no number":                         func(r *conformancev1.Observation) { r.Details.CbcError.Code = 0 },
	"no meaning":                        func(r *conformancev1.Observation) { r.Meaning = nil },
	"another meaning":                   func(r *conformancev1.Observation) { r.Meaning = meaningOf(151) },
	"another locale of the translation": func(r *conformancev1.Observation) { r.Locale = "zh-CN" },
	"no items":                          func(r *conformancev1.Observation) { r.Items = nil },
	"another id":                        func(r *conformancev1.Observation) { r.Items[0].Id = "" },
	"an item without error":             func(r *conformancev1.Observation) { r.Items[0].Error = nil },
	"no JSON":                           func(r *conformancev1.Observation) { r.Json = "" },
	"other JSON":                        func(r *conformancev1.Observation) { r.Json = "{}" },
	"a rejection":                       func(r *conformancev1.Observation) { r.Rejected = &statuspb.Status{Code: 3} },
}

// TestCheck_Corruptions tests that each mistake of a client is a fault.
func TestCheck_Corruptions(t *testing.T) {
	r, good := example(t)
	if faults := check(r, &conformancev1.Response{Observations: []*conformancev1.Observation{good}}); faults != nil {
		t.Fatalf("a correct client has faults: %v", faults)
	}
	for name, corrupt := range corruptions {
		_, bad := example(t)
		corrupt(bad)
		if check(r, &conformancev1.Response{Observations: []*conformancev1.Observation{bad}}) == nil {
			t.Errorf("%s has no fault", name)
		}
	}
	for name, response := range map[string]*conformancev1.Response{
		"a failure": {Failure: "f", Observations: []*conformancev1.Observation{good}}, "no observation": {}, "two observations": {Observations: []*conformancev1.Observation{good, good}},
	} {
		if check(r, response) == nil {
			t.Errorf("%s has no fault", name)
		}
	}
}

// TestCheck_Rejections tests that a rejection must have the expected reason.
func TestCheck_Rejections(t *testing.T) {
	r, translated := example(t)
	r.steps = []*conformancev1.Step{{WantRejected: "INVALID_REQUEST"}}
	if check(r, &conformancev1.Response{Observations: []*conformancev1.Observation{translated}}) == nil {
		t.Error("a translation has no fault")
	}
	if check(r, &conformancev1.Response{Observations: []*conformancev1.Observation{{Rejected: translated.GetStatus()}}}) == nil {
		t.Error("an error of the CBC has no fault")
	}
}

// TestTable_KnownFailures tests that a known failure may fail and must not pass.
func TestTable_KnownFailures(t *testing.T) {
	table := newTable([]row{{name: "good"}, {name: "bad"}})
	table.languages = []string{"go"}
	table.faults = map[cell][]string{{"go", "good"}: nil, {"go", "bad"}: {"fault"}}
	for _, tc := range []struct {
		known knownFailures
		ok    bool
		says  string
	}{
		{knownFailures{}, false, "go bad, the first of 1 faults:\nfault"},
		{knownFailures{{"go", "bad"}: "why"}, true, "go bad fails as expected: why"},
		{knownFailures{{"go", "bad"}: "why", {"go", "good"}: "so"}, false, "go good passes, but is a known failure: so"},
		{knownFailures{{"rust", "bad"}: "why"}, false, "FAIL"},
	} {
		var out strings.Builder
		if ok := table.print(&out, tc.known); ok != tc.ok || !strings.Contains(out.String(), tc.says) {
			t.Errorf("%v: %v, want %v and %q\n%s", tc.known, ok, tc.ok, tc.says, &out)
		}
	}
}

// TestTable_DetectedByEveryLanguage tests that every language must detect a changed meaning.
func TestTable_DetectedByEveryLanguage(t *testing.T) {
	table := newTable([]row{{name: "a"}, {name: "b"}})
	table.languages = []string{"go", "rust"}
	table.faults = map[cell][]string{{"go", "a"}: {"CBC.0250: message"}, {"rust", "a"}: {"CBC.0151: message"}}
	var out strings.Builder
	if table.printDetected(&out, "CBC.0250") {
		t.Errorf("rust detects nothing\n%s", &out)
	}
	table.faults[cell{"rust", "b"}] = []string{"other", "CBC.0250: retry"}
	if !table.printDetected(&out, "CBC.0250") {
		t.Errorf("both detect it\n%s", &out)
	}
}

func TestReadKnownFailures(t *testing.T) {
	name := filepath.Join(t.TempDir(), "known.txt")
	write(t, name, "# comment\n\ngo row because of this\nrust row\n")
	if _, err := readKnownFailures(name); err == nil || !strings.Contains(err.Error(), "known.txt:4") {
		t.Errorf("%v, want an error at line 4", err)
	}
	write(t, name, "# comment\n\ngo row because of this\n")
	if known, err := readKnownFailures(name); err != nil || known[cell{"go", "row"}] != "because of this" {
		t.Errorf("%v, %v", known, err)
	}
}
