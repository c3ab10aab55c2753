package server_test

import (
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/codes"
)

// An error without the service's own reason gets one by its code.
func TestErrors_HaveOneReason(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, c := range []struct {
		action string
		code   codes.Code
		reason string
	}{
		{"missing", codes.NotFound, "NO_SUCH_THING"},
		{"no such action", codes.InvalidArgument, "INVALID_REQUEST"},
		{"no reason", codes.Unknown, "UNKNOWN"},
	} {
		for _, transport := range h.transports() {
			t.Run(c.action+" over "+transport.name, func(t *testing.T) {
				_, err := transport.call(&annotations.HttpRule{Selector: c.action})
				if s := wantInfo(t, err, c.reason); s.Code() != c.code {
					t.Errorf("%v, want %v", s, c.code)
				}
			})
		}
	}
}
