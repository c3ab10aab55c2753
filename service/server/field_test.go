package server_test

import (
	"testing"

	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

func TestBytesThatAreNoTextAreNoFieldsFault(t *testing.T) {
	t.Parallel()
	err := start(t).conn.Invoke(t.Context(), tinyMethod, wrapperspb.Bytes([]byte{0xff}), new(emptypb.Empty))
	if field := badField(wantInfo(t, err, "INVALID_REQUEST")); field != "request" && field != "selector" {
		t.Errorf("BadRequest about %q", field)
	}
}
