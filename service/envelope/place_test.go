package envelope_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// TestFinding_Place holds that each code has the path of its key.
func TestFinding_Place(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		`{"error_code":"CBC.5003"}`:                                                {"error_code"},
		`{"error":{"code":"CBC.5003","message":"no"}}`:                             {"error.code"},
		`{"causes":[{"a":1},{"error_code":"CBC.5003"}]}`:                           {"causes[1].error_code"},
		`{"error_code":"CBC.5003","cause":{"errorCode":"CBC.0100"}}`:               {"error_code", "cause.errorCode"},
		`{"":{"abc":{"error_code":"CBC.5003"}}}`:                                   {".abc.error_code"},
		`{"a\u0000b":{"error_code":"CBC.5003"}}`:                                   {"ab.error_code"},
		`{"detail":"{\"error_code\":\"CBC.5003\"}"}`:                               {"detail.error_code"},
		`failed: {"error_code":"CBC.5003","error_msg":"no"}`:                       {"error_code"},
		`CBC.5003: no money`:                                                       {""},
		"ClientRequestException{status_code:400,error_code:CBC.5003,error_msg:no}": {""},
	} {
		e := envelope.Parse(envelope.Response{HTTPStatus: 400, Body: []byte(body)})
		var got []string
		for _, f := range e.Findings {
			got = append(got, f.Place())
		}
		if len(got) != len(want) {
			t.Errorf("%s: %q, want %q", body, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", body, got, want)
			}
		}
	}
}

// TestFinding_Same holds that two codes at two places are two, and that a finding with another message is the same.
func TestFinding_Same(t *testing.T) {
	t.Parallel()
	e := envelope.Parse(envelope.Response{HTTPStatus: 400, Body: []byte(`{"error_code":"CBC.5003","cause":{"error_code":"CBC.5003"}}`)})
	if len(e.Findings) != 2 || e.Findings[0].Same(e.Findings[1]) || !e.Same(e.Findings[0]) {
		t.Errorf("%+v", e.Findings)
	}
}
