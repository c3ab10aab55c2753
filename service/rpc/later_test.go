package rpc_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc/codes"
)

// Raise and StreamTranslate are declared and not there yet; who calls them hears just that.
func TestRaiseIsNotThereYet(t *testing.T) {
	t.Parallel()
	over(t, clients(t), func(t *testing.T, c client) {
		_, err := c.Raise(t.Context(), &errorv1.RaiseRequest{Response: asked(400, plain).GetResponse()})
		wantError(t, err, codes.Unimplemented, own("METHOD_NOT_FOUND"))
	})
}

func TestStreamTranslateIsNotThereYet(t *testing.T) {
	t.Parallel()
	stream, err := clients(t)[0].StreamTranslate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	wantError(t, err, codes.Unimplemented, own("METHOD_NOT_FOUND"))
}
