package translate_test

import (
	"slices"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestExplain_Reading holds that an explanation says where the HTTP status, the headers and the codes come from.
func TestExplain_Reading(t *testing.T) {
	t.Parallel()
	inText := translate.Place{InText: true}
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   translate.Explanation
	}{
		{"told by the caller", 400, "HTTP/2 500\nRetry-After: 5\nSet-Cookie: s\n\n" + `{"error":{"code":"CBC.5003","message":"no"}}`, translate.Explanation{
			HTTPStatus: 400, StatusFrom: "caller", Headers: map[string]string{"Retry-After": "5"}, Body: "JSON", Shape: "common", RawCode: "CBC.5003", Code: "CBC.5003",
			Place: translate.Place{Path: "error.code"},
		}},
		{"status line", 0, "< HTTP/2 429\n< retry-after: 5\n<\n" + `{"error_code":"0250"}`, translate.Explanation{
			HTTPStatus: 429, StatusFrom: "copy", Headers: map[string]string{"Retry-After": "5"}, Body: "JSON", Shape: "plain", RawCode: "0250", Code: "CBC.0250", Inferred: true,
			Place: translate.Place{Path: "error_code"},
		}},
		{"named by the body", 0, "ClientRequestException {status_code: 403, error_code: CBC.0151 , error_msg: no}", translate.Explanation{
			HTTPStatus: 403, StatusFrom: "body", Body: "text", Shape: "text", RawCode: "CBC.0151", Code: "CBC.0151", Place: inText,
		}},
		{"lone code", 0, "paying failed with CBC.5003 yesterday", translate.Explanation{
			StatusFrom: "unknown", Body: "text", RawCode: "CBC.5003", Code: "CBC.5003", Place: inText,
		}},
		{"two codes in a text", 0, "failed with CBC.5003 or CBC.0100 yesterday", translate.Explanation{
			StatusFrom: "unknown", Body: "text", Others: []translate.Sighting{{Code: "CBC.5003", Place: inText}},
		}},
		{"code in a list beside", 400, `{"error_code":"CBC.5003","causes":[{"error_code":"CBC.0100"}],"error_msg":"see CBC.0250"}`, translate.Explanation{
			HTTPStatus: 400, StatusFrom: "caller", Body: "JSON", Shape: "plain", RawCode: "CBC.5003", Code: "CBC.5003", Place: translate.Place{Path: "error_code"},
			Others: []translate.Sighting{{Code: "CBC.0100", Place: translate.Place{Path: "causes[0].error_code"}}},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newTranslator(t).Explain(translate.Response{Response: envelope.Response{HTTPStatus: c.status, Body: []byte(c.body)}})
			ignored := cmpopts.IgnoreFields(translate.Explanation{}, "Message", "Rules", "Conditions")
			if diff := cmp.Diff(c.want, got, ignored, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A condition is listed only if it can withdraw the advice: not for a success, and not for advice to check the state.
func TestExplain_Conditions(t *testing.T) {
	all := []string{"code-place", "sole-failure", "no-data", "whole-body", "http-agrees", "advice-agrees"}
	tests := []struct {
		name   string
		status int
		body   string
		want   []string
	}{
		{"success", 200, "{}", nil},
		{"code", 400, `{"error_code":"CBC.3144"}`, all},
		{"unknown code", 400, `{"error_code":"CBC.77777777"}`, all},
		{"words", 0, "余额不足", nil},
		{"page", 502, "<html></html>", nil},
		{"status with advice", 429, "", all[1:]},
	}
	for _, tc := range tests {
		var got []string
		for _, c := range newTranslator(t).Explain(withBody(tc.status, tc.body)).Conditions {
			got = append(got, c.Name)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}
