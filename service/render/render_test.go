package render_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/render"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

// failed is an error with details.
func failed(t *testing.T, code int32, details ...proto.Message) *statuspb.Status {
	t.Helper()
	s := &statuspb.Status{Code: code, Message: "no"}
	for _, d := range details {
		packed, err := anypb.New(d)
		if err != nil {
			t.Fatal(err)
		}
		s.Details = append(s.Details, packed)
	}
	return s
}

var throttled = &errdetails.ErrorInfo{Reason: "REQUEST_THROTTLED", Domain: "cbc.huaweicloud.com", Metadata: map[string]string{"code": "CBC.0250"}}

// TestJSON_UnwritableDetail: a detail of an unknown type, or that is broken, becomes a Struct and changes no other detail.
func TestJSON_UnwritableDetail(t *testing.T) {
	t.Parallel()
	bad := []*anypb.Any{
		{TypeUrl: "type.googleapis.com/unknown.Type", Value: []byte{1, 2, 3}},
		{TypeUrl: "type.googleapis.com/google.rpc.ErrorInfo", Value: []byte{0xff}},
		{TypeUrl: "", Value: []byte("x")},
	}
	for _, b := range bad {
		s := failed(t, 8, throttled, &durationpb.Duration{Seconds: 1})
		s.Details = append(s.Details[:1], b, s.Details[1])
		before := proto.Clone(b)
		for _, m := range []proto.Message{s, &errorv1.Translation{Status: s}, &errorv1.Translation{Items: []*errorv1.FailedItem{{Status: s}}}} {
			text, err := render.JSON(m)
			if err != nil {
				t.Fatal(err)
			}
			again := m.ProtoReflect().New().Interface()
			if err := protojson.Unmarshal(text, again); err != nil {
				t.Errorf("%v: %s", err, text)
			}
			for _, kept := range []string{`"REQUEST_THROTTLED"`, `"1s"`, `google.protobuf.Struct`, `"value"`} {
				if !strings.Contains(string(text), kept) {
					t.Errorf("%s is not in %s", kept, text)
				}
			}
		}
		if !proto.Equal(before, b) {
			t.Error("what was written was changed")
		}
	}
}

// TestJSON_UnwritableInnerDetail: so does a detail within a detail.
func TestJSON_UnwritableInnerDetail(t *testing.T) {
	t.Parallel()
	inner := &statuspb.Status{Message: "inner", Details: []*anypb.Any{{TypeUrl: "type.googleapis.com/unknown.Type", Value: []byte("abc")}}}
	text, err := render.JSON(failed(t, 2, inner))
	if err != nil || !strings.Contains(string(text), `"inner"`) || !strings.Contains(string(text), `"YWJj"`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	info := &errdetails.ErrorInfo{Reason: "X", Domain: "d"}
	after := func(d time.Duration) *errdetails.RetryInfo {
		return &errdetails.RetryInfo{RetryDelay: durationpb.New(d)}
	}
	for _, k := range []struct {
		name, header, want string
		status             *statuspb.Status
	}{
		{"whole seconds", "Retry-After", "30", failed(t, 8, info, after(30*time.Second))},
		{"rounded up", "Retry-After", "2", failed(t, 8, info, after(1001*time.Millisecond))},
		{"at once", "Retry-After", "0", failed(t, 8, info, after(0))},
		{"before now", "Retry-After", "0", failed(t, 8, info, after(-time.Hour))},
		{"no delay", "Retry-After", "", failed(t, 8, info)},
		{"unauthenticated", "WWW-Authenticate", `Bearer realm="d"`, failed(t, 16, info)},
		{"not unauthenticated", "WWW-Authenticate", "", failed(t, 7, info)},
		{"language of the text", "Content-Language", "zh-CN", failed(t, 8, info, &errdetails.LocalizedMessage{Locale: "zh-CN"})},
		{"language of the service", "Content-Language", "en", failed(t, 8, info)},
	} {
		if got := render.Header(k.status, render.HTTPStatus(k.status)).Get(k.header); got != k.want {
			t.Errorf("%s: %s %q, want %q", k.name, k.header, got, k.want)
		}
	}
}

// TestHTTPStatus compares the mapping with that of google/rpc/code.proto.
func TestHTTPStatus(t *testing.T) {
	t.Parallel()
	want := []int{200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401}
	for code, http := range want {
		if got := render.HTTPStatus(&statuspb.Status{Code: int32(code)}); got != http {
			t.Errorf("%d: %d, want %d", code, got, http)
		}
	}
}

// TestNewProblem_Type: with a public URL, the type of a translated error is the page of its reason. The service's own
// errors have no page.
func TestNewProblem_Type(t *testing.T) {
	t.Parallel()
	own := &errdetails.ErrorInfo{Reason: "INVALID_REQUEST", Domain: "cbcerr"}
	for _, k := range []struct {
		name         string
		info         *errdetails.ErrorInfo
		public, want string
	}{
		{"no public URL", throttled, "", "urn:cbcerr:reason:REQUEST_THROTTLED"},
		{"public URL with a path", throttled, "https://x.example/errors", "https://x.example/errors/reasons/REQUEST_THROTTLED"},
		{"public URL with a slash", throttled, "https://x.example/", "https://x.example/reasons/REQUEST_THROTTLED"},
		{"error of the service", own, "https://x.example", "urn:cbcerr:reason:INVALID_REQUEST"},
	} {
		if got := render.NewProblem(failed(t, 8, k.info), http.StatusTooManyRequests, k.public).Type; got != k.want {
			t.Errorf("%s: %q, want %q", k.name, got, k.want)
		}
	}
}

// TestNewProblem_Violations: a problem has the violations of the status, and no members that do not apply.
func TestNewProblem_Violations(t *testing.T) {
	t.Parallel()
	p := render.NewProblem(failed(t, 9, throttled,
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "id", Description: "a"}}},
		&errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{Type: "FUNDS", Subject: "s", Description: "b"}}},
		&errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{QuotaMetric: "requests", Description: "c"}}},
	), 400, "")
	text, err := p.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	const want = `[{"type":"field","name":"id","description":"a"},{"type":"precondition","name":"FUNDS","subject":"s","description":"b"},` +
		`{"type":"quota","name":"requests","description":"c"}]`
	if string(got["violations"]) != want {
		t.Errorf("%s, want %s", got["violations"], want)
	}
	for _, absent := range []string{"instance", "retry", "advice", "outcome"} {
		if got[absent] != nil {
			t.Errorf("%s: %s", absent, got[absent])
		}
	}
}
