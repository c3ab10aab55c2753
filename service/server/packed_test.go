package server_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// What came packed is read as what it is, and what only says so is refused for what it is.
func TestPackedMessages(t *testing.T) {
	t.Parallel()
	message, err := proto.Marshal(&annotations.HttpRule{Selector: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, func(c *server.Config) { c.MaxMessage = 1 << 10 })
	for _, k := range []struct {
		name   string
		body   []byte
		reason string
	}{
		{"packed", frame(1, pack(t, message)), ""},
		{"in two parts", frame(1, append(pack(t, message[:2]), pack(t, message[2:])...)), ""},
		{"nothing, packed", frame(1, nil), "INVALID_REQUEST"},
		{"not packed", frame(1, message), "INVALID_REQUEST"},
		{"packed and cut off", frame(1, pack(t, message)[:20]), "INVALID_REQUEST"},
		{"mark of what is packed", frame(0, []byte("\x00gzip")), "INVALID_REQUEST"},
		{"more than the limit", packedZeros(t, 1<<10+1), "REQUEST_TOO_LARGE"},
		{"a thousand times more", packedZeros(t, 1<<19), "REQUEST_TOO_LARGE"},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			details, err := r.sender(t).send(bytes.NewReader(k.body))
			switch {
			case err != nil:
				t.Error(err)
			case k.reason == "" && details != "":
				t.Error(readDetails(t, details))
			case k.reason != "":
				wantInfo(t, readDetails(t, details), k.reason)
			}
		})
	}
}

// readDetails reads the status from its header.
func readDetails(t *testing.T, header string) error {
	t.Helper()
	text, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(header, "="))
	if err != nil {
		t.Fatal(err)
	}
	s := new(statuspb.Status)
	if err := proto.Unmarshal(text, s); err != nil {
		t.Fatal(err)
	}
	return status.ErrorProto(s)
}
