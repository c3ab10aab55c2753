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

// asked is a question about CBC.0250 through REST, and what a good client makes of the answer.
func asked(t *testing.T) (row, *conformancev1.Reading) {
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
	q := &conformancev1.Question{
		WantTranslation: &errorv1.Translation{Status: s, Locale: "en", Items: []*errorv1.FailedItem{{Id: "i", Status: s}}},
		Want:            &conformancev1.CbcErrorView{Code: "CBC.0250", Number: 250, Reason: "REQUEST_THROTTLED", Retry: "BACKOFF", Outcome: "NOT_APPLIED", ShouldRetry: proto.Bool(true)},
		WantCode:        codeOf(8), WantDetail: proto.String(""),
	}
	reading := &conformancev1.Reading{Status: s, Details: unpack(s), Meaning: meaningOf(250), Error: proto.CloneOf(q.GetWant())}
	item := proto.CloneOf(reading)
	item.Id = "i"
	reading.Locale, reading.Items = "en", []*conformancev1.Reading{item}
	reading.Json = `{"status": ` + jsonOf(t, s) + `, "locale": "en", "items": [{"id": "i", "status": ` + jsonOf(t, s) + `}]}`
	r := row{name: "r", task: &conformancev1.Task{Name: "r", Door: conformancev1.Door_DOOR_REST}, questions: []*conformancev1.Question{q}}
	return r, reading
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

// lies are what a bad client could make of an answer.
var lies = map[string]func(*conformancev1.Reading){
	"no error":        func(r *conformancev1.Reading) { r.Error = nil },
	"another code":    func(r *conformancev1.Reading) { r.Error.Code = "CBC.250" },
	"another number":  func(r *conformancev1.Reading) { r.Error.Number = 0 },
	"another reason":  func(r *conformancev1.Reading) { r.Error.Reason = "" },
	"another retry":   func(r *conformancev1.Reading) { r.Error.Retry = "VERIFY_FIRST" },
	"another outcome": func(r *conformancev1.Reading) { r.Error.Outcome = "UNKNOWN" },
	"another message": func(r *conformancev1.Reading) { r.Error.Message = "m" },
	"another locale":  func(r *conformancev1.Reading) { r.Error.Locale = "en" },
	"a delay":         func(r *conformancev1.Reading) { r.Error.RetryDelay = durationpb.New(1) },
	"another advice":  func(r *conformancev1.Reading) { r.Error.ShouldRetry = proto.Bool(false) },
	"another status": func(r *conformancev1.Reading) {
		r.Status = &statuspb.Status{Code: 9, Details: r.GetStatus().GetDetails()}
	},
	"a detail less":         func(r *conformancev1.Reading) { r.Details.CbcError = nil },
	"a detail more":         func(r *conformancev1.Reading) { r.Details.Help = &errdetails.Help{} },
	"a number cut":          func(r *conformancev1.Reading) { r.Details.CbcError.Code = 0 },
	"no meaning":            func(r *conformancev1.Reading) { r.Meaning = nil },
	"another meaning":       func(r *conformancev1.Reading) { r.Meaning = meaningOf(151) },
	"another locale of all": func(r *conformancev1.Reading) { r.Locale = "zh-CN" },
	"no items":              func(r *conformancev1.Reading) { r.Items = nil },
	"another id":            func(r *conformancev1.Reading) { r.Items[0].Id = "" },
	"an item unread":        func(r *conformancev1.Reading) { r.Items[0].Error = nil },
	"no JSON":               func(r *conformancev1.Reading) { r.Json = "" },
	"other JSON":            func(r *conformancev1.Reading) { r.Json = "{}" },
	"a refusal":             func(r *conformancev1.Reading) { r.Refused = &statuspb.Status{Code: 3} },
}

// TestLiesAreFound: the table would be worth nothing if it passed what is wrong.
func TestLiesAreFound(t *testing.T) {
	r, good := asked(t)
	if faults := check(r, &conformancev1.Report{Readings: []*conformancev1.Reading{good}}); faults != nil {
		t.Fatalf("a good client has faults: %v", faults)
	}
	for name, lie := range lies {
		_, bad := asked(t)
		lie(bad)
		if check(r, &conformancev1.Report{Readings: []*conformancev1.Reading{bad}}) == nil {
			t.Errorf("%s was not found", name)
		}
	}
	for name, report := range map[string]*conformancev1.Report{
		"a failure": {Failure: "f", Readings: []*conformancev1.Reading{good}}, "no reading": {}, "two readings": {Readings: []*conformancev1.Reading{good, good}},
	} {
		if check(r, report) == nil {
			t.Errorf("%s was not found", name)
		}
	}
}

// TestRefusalsAreHeldToTheirReason: an answer where a refusal is wanted is wrong, and so is another refusal.
func TestRefusalsAreHeldToTheirReason(t *testing.T) {
	r, answered := asked(t)
	r.questions = []*conformancev1.Question{{WantRefused: "INVALID_REQUEST"}}
	if check(r, &conformancev1.Report{Readings: []*conformancev1.Reading{answered}}) == nil {
		t.Error("an answer passed for a refusal")
	}
	if check(r, &conformancev1.Report{Readings: []*conformancev1.Reading{{Refused: answered.GetStatus()}}}) == nil {
		t.Error("an error of the CBC passed for a refusal")
	}
}

// TestKnownFailures: they may fail, and may not pass.
func TestKnownFailures(t *testing.T) {
	table := newTable([]row{{name: "good"}, {name: "bad"}})
	table.languages = []string{"go"}
	table.faults = map[cell][]string{{"go", "good"}: nil, {"go", "bad"}: {"fault"}}
	for _, tc := range []struct {
		known knownFailures
		ok    bool
		says  string
	}{
		{knownFailures{}, false, "go bad, the first of 1 faults:\nfault"},
		{knownFailures{{"go", "bad"}: "why"}, true, "go bad fails as known: why"},
		{knownFailures{{"go", "bad"}: "why", {"go", "good"}: "so"}, false, "go good passes and is among the known failures: so"},
		{knownFailures{{"rust", "bad"}: "why"}, false, "FAIL"},
	} {
		var out strings.Builder
		if ok := table.print(&out, tc.known); ok != tc.ok || !strings.Contains(out.String(), tc.says) {
			t.Errorf("%v: %v, want %v and %q\n%s", tc.known, ok, tc.ok, tc.says, &out)
		}
	}
}

// TestNoticedIsForEveryLanguage: one that does not see a changed table spoils it for all.
func TestNoticedIsForEveryLanguage(t *testing.T) {
	table := newTable([]row{{name: "a"}, {name: "b"}})
	table.languages = []string{"go", "rust"}
	table.faults = map[cell][]string{{"go", "a"}: {"CBC.0250: message"}, {"rust", "a"}: {"CBC.0151: message"}}
	var out strings.Builder
	if table.printNoticed(&out, "CBC.0250") {
		t.Errorf("rust noticed nothing\n%s", &out)
	}
	table.faults[cell{"rust", "b"}] = []string{"other", "CBC.0250: retry"}
	if !table.printNoticed(&out, "CBC.0250") {
		t.Errorf("both noticed\n%s", &out)
	}
}

func TestKnownFailuresHaveReasons(t *testing.T) {
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
