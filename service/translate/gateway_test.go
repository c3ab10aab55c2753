package translate_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// TestGatewayRows: a code of another system has the meaning of its row, which the HTTP status may choose.
func TestGatewayRows(t *testing.T) {
	for _, c := range []struct {
		status              int
		code, told          string // told is the service that the caller tells
		reason, match, from string
	}{
		{404, "APIGW.0101", "", "API_NOT_FOUND", "EXACT", "apigateway"},
		{500, "APIGW.0101", "", "API_NOT_FOUND", "EXACT", "apigateway"},
		{413, "APIGW.0201", "", "REQUEST_TOO_LARGE", "EXACT", "apigateway"},
		{504, "APIG.0201", "", "GATEWAY_TIMEOUT", "EXACT", "apigateway"},
		{403, "APIG.0201", "", "FOREIGN_CODE", "UNRECOGNIZED", ""},
		{401, "IAM.0066", "bss", "TOKEN_INVALID_OR_EXPIRED", "EXACT", "bss"},
		{400, "MKT.9001", "", "RESOURCE_ID_NOT_FOUND", "EXACT", "koogallery"},
		{429, "MKT.0250", "", "REQUEST_THROTTLED", "OVERLAY", ""}, // of which no text is published
		{400, "IAM.9999", "", "FOREIGN_CODE", "UNRECOGNIZED", ""},
	} {
		raw := envelope.Response{HTTPStatus: c.status, Body: []byte(`{"error_code":"` + c.code + `","error_msg":"m"}`)}
		info := infoOf(t, newTranslator(t).Translate(translate.Response{Response: raw, Origin: translate.Origin{Service: c.told}}, "en").GetStatus())
		got := [4]string{info.GetReason(), info.GetMetadata()["match"], info.GetMetadata()["service"], info.GetMetadata()["code"]}
		if want := [4]string{c.reason, c.match, c.from, c.code}; got != want {
			t.Errorf("%d %s: %q, want %q", c.status, c.code, got, want)
		}
	}
}

// TestSuccessOfKooGallery: MKT.0000 is success under any key.
func TestSuccessOfKooGallery(t *testing.T) {
	for _, body := range []string{`{"resultCode":"MKT.0000"}`, `{"error_code":"MKT.0000","error_msg":"Success."}`, `{"code":"MKT.0000","message":"ok"}`} {
		raw := envelope.Response{HTTPStatus: 200, Body: []byte(body)}
		if s := newTranslator(t).Translate(translate.Response{Response: raw}, "en").GetStatus(); s.GetCode() != 0 {
			t.Errorf("%s: %v", body, s)
		}
	}
}
