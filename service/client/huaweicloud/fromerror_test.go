package huaweicloud_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/client/huaweicloud"
	"github.com/cbcerr/cbcerr/service/test/fakecbc"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
)

func newTranslator(t *testing.T) *client.Translator {
	t.Helper()
	translator, err := client.New()
	if err != nil {
		t.Fatal(err)
	}
	return translator
}

// The error of the SDK alone has the meaning of its response in every scenario that raises one.
func TestFromError_Scenarios(t *testing.T) {
	cbc, all := start(t)
	caller, translator := newClient(t, cbc.URL, nil), newTranslator(t)
	raised := 0
	for _, s := range all {
		plain := run(caller, s)
		sdk, ok := errors.AsType[*sdkerr.ServiceResponseError](plain)
		if !ok || sdk.StatusCode == 0 { // the SDK takes it for a success, or cannot read the body
			continue
		}
		raised++
		err := huaweicloud.FromError(translator, fmt.Errorf("wrapped: %w", plain))
		failure, failed := errors.AsType[*client.Failure](err)
		if again, found := errors.AsType[*sdkerr.ServiceResponseError](err); !failed || !found || again != sdk {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		e := failure.Err
		got := fakecbc.Meaning{Code: e.Code, Reason: string(e.Reason), Retry: string(e.Retry), Outcome: string(e.Outcome)}
		want := fakecbc.Meaning{Code: s.Want.Code, Reason: s.Want.Reason, Retry: s.Want.Retry, Outcome: s.Want.Outcome}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %+v, want %+v", s.Name, got, want)
		}
	}
	if raised < 10 {
		t.Errorf("%d scenarios raise an error", raised)
	}
}

// Several codes in an error are no reason to retry.
func TestFromError_Details(t *testing.T) {
	throttled := sdkerr.ServiceResponseError{StatusCode: 429, ErrorCode: "CBC.0250", ErrorMessage: "m"}
	both := throttled
	both.Details = []sdkerr.ServiceResponseError{{ErrorCode: "CBC.5020", ErrorMessage: "m"}}
	for want, sdk := range map[bool]*sdkerr.ServiceResponseError{true: &throttled, false: &both} {
		err := huaweicloud.FromError(newTranslator(t), sdk)
		if _, retry := cbcerr.ShouldRetry(err, false); retry != want {
			t.Errorf("%v: retry %t, want %t", err, retry, want)
		}
	}
}

func TestFromError_OtherErrors(t *testing.T) {
	translator := newTranslator(t)
	own := huaweicloud.FromError(translator, &sdkerr.ServiceResponseError{StatusCode: 400, ErrorCode: "CBC.5003", ErrorMessage: "m"})
	for _, err := range []error{nil, io.EOF, sdkerr.NewConnectionError("refused"), own} {
		if got := huaweicloud.FromError(translator, err); got != err { //nolint:errorlint // the same error
			t.Errorf("%v becomes %v", err, got)
		}
	}
	plain := &sdkerr.ServiceResponseError{StatusCode: 400}
	if got := huaweicloud.FromError(nil, plain); got != error(plain) { //nolint:errorlint // the same error
		t.Errorf("without a Translator: %v", got)
	}
}
