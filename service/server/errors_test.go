package server_test

import (
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/codes"
)

// Every error has exactly one reason: the service's own if it gave one, else one by its code.
func TestEveryErrorHasOneReason(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, c := range []struct {
		action string
		code   codes.Code
		reason string
	}{
		{"missing", codes.NotFound, "NO_SUCH_THING"},
		{"no such action", codes.InvalidArgument, "INVALID_REQUEST"},
		{"plain", codes.Unknown, "UNKNOWN"},
	} {
		for _, way := range r.ways() {
			t.Run(c.action+" over "+way.name, func(t *testing.T) {
				_, err := way.do(&annotations.HttpRule{Selector: c.action})
				if s := wantInfo(t, err, c.reason); s.Code() != c.code {
					t.Errorf("%v, want %v", s, c.code)
				}
			})
		}
	}
}
