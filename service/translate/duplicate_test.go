package translate_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/genproto/googleapis/rpc/code"
)

// Two codes under one key are two failures: the advice is not certain, whatever their order is.
func TestTranslate_TwoCodesUnderOneKey(t *testing.T) {
	t.Parallel()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	translator := translate.New(c, translate.DefaultItems)
	for _, body := range []string{
		`{"error_code":"CBC.99003162","error_msg":"paying","error_code":"CBC.99003651"}`,
		`{"error_code":"CBC.99003651","error_msg":"paying","error_code":"CBC.99003162"}`,
	} {
		for _, httpStatus := range []int{200, 400, 500} {
			r := translator.Translate(translate.Response{Response: envelope.Response{HTTPStatus: httpStatus, Body: []byte(body)}}, "en")
			got := code.Code(r.GetStatus().GetCode())
			for _, detail := range r.GetStatus().GetDetails() {
				if detail.GetTypeUrl() == "type.googleapis.com/google.rpc.RetryInfo" {
					t.Errorf("%d %s: RetryInfo", httpStatus, body)
				}
			}
			if got != code.Code_FAILED_PRECONDITION {
				t.Errorf("%d %s: %v, want FAILED_PRECONDITION", httpStatus, body, got)
			}
		}
	}
}
