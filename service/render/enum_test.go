package render_test

import (
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/render"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func TestEnumName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		value protoreflect.Enum
		want  string
	}{
		{"reason", errorv1.ErrorReason_ERROR_REASON_REQUEST_THROTTLED, "REQUEST_THROTTLED"},
		{"retry advice", errorv1.RetryAdvice_RETRY_ADVICE_BACKOFF, "BACKOFF"},
		{"unspecified", errorv1.Outcome_OUTCOME_UNSPECIFIED, ""},
		{"no prefix", code.Code_NOT_FOUND, "NOT_FOUND"},
		{"zero value that says something", code.Code_OK, "OK"},
		{"newer value", errorv1.Outcome(99), "99"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := render.EnumName(c.value); got != c.want {
				t.Errorf("EnumName(%v) = %q, want %q", c.value, got, c.want)
			}
		})
	}
}
