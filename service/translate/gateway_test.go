package translate_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// TestTranslate_GatewayRow: a code of another system has the meaning of its row, which the HTTP status may choose.
func TestTranslate_GatewayRow(t *testing.T) {
	for _, c := range []struct {
		name                   string
		status                 int
		code, origin           string // origin is the service that the caller names
		reason, match, service string
	}{
		{"API gateway", 404, "APIGW.0101", "", "API_NOT_FOUND", "EXACT", "apigateway"},
		{"any HTTP status", 500, "APIGW.0101", "", "API_NOT_FOUND", "EXACT", "apigateway"},
		{"row of the HTTP status", 413, "APIGW.0201", "", "REQUEST_TOO_LARGE", "EXACT", "apigateway"},
		{"other name of the gateway", 504, "APIG.0201", "", "GATEWAY_TIMEOUT", "EXACT", "apigateway"},
		{"no row of the HTTP status", 403, "APIG.0201", "", "FOREIGN_CODE", "UNRECOGNIZED", ""},
		{"service of the caller", 401, "IAM.0066", "bss", "TOKEN_INVALID_OR_EXPIRED", "EXACT", "bss"},
		{"KooGallery", 400, "MKT.9001", "", "RESOURCE_ID_NOT_FOUND", "EXACT", "koogallery"},
		{"overlay, as no text is published", 429, "MKT.0250", "", "REQUEST_THROTTLED", "OVERLAY", ""},
		{"unknown code", 400, "IAM.9999", "", "FOREIGN_CODE", "UNRECOGNIZED", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := envelope.Response{HTTPStatus: c.status, Body: []byte(`{"error_code":"` + c.code + `","error_msg":"m"}`)}
			info := infoOf(t, newTranslator(t).Translate(translate.Response{Response: raw, Origin: translate.Origin{Service: c.origin}}, "en").GetStatus())
			got := [4]string{info.GetReason(), info.GetMetadata()["match"], info.GetMetadata()["service"], info.GetMetadata()["code"]}
			if want := [4]string{c.reason, c.match, c.service, c.code}; got != want {
				t.Errorf("%d %s: %q, want %q", c.status, c.code, got, want)
			}
		})
	}
}

// TestTranslate_KooGallerySuccess: MKT.0000 is success under any key.
func TestTranslate_KooGallerySuccess(t *testing.T) {
	for _, body := range []string{`{"resultCode":"MKT.0000"}`, `{"error_code":"MKT.0000","error_msg":"Success."}`, `{"code":"MKT.0000","message":"ok"}`} {
		raw := envelope.Response{HTTPStatus: 200, Body: []byte(body)}
		if s := newTranslator(t).Translate(translate.Response{Response: raw}, "en").GetStatus(); s.GetCode() != 0 {
			t.Errorf("%s: %v", body, s)
		}
	}
}
