package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

func TestMetadata_ArrivesOverGRPC(t *testing.T) {
	t.Parallel()
	var header, trailer metadata.MD
	rule := &annotations.HttpRule{Selector: "metadata"}
	err := start(t).conn.Invoke(t.Context(), doMethod, rule, new(annotations.HttpRule), grpc.Header(&header), grpc.Trailer(&trailer))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from      metadata.MD
		key, want string
	}{{header, "first", "1"}, {header, "second", "2"}, {trailer, "last", "3"}} {
		if got := strings.Join(c.from.Get(c.key), ","); got != c.want {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
}

func TestMetadata_ArrivesOverREST(t *testing.T) {
	t.Parallel()
	header, trailer := sendForTrailers(t, start(t).HTTPAddr())
	for _, c := range []struct {
		from      http.Header
		key, want string
	}{
		{header, "Grpc-Metadata-First", "1"},
		{header, "Grpc-Metadata-Second", "2"},
		{trailer, "Grpc-Trailer-Last", "3"},
	} {
		if got := strings.Join(c.from.Values(c.key), ","); got != c.want {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
}

// sendForTrailers returns the headers and trailers of a reply.
func sendForTrailers(t *testing.T, address string) (header, trailer http.Header) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, "http://"+address+doPath, strings.NewReader(`{"selector":"metadata"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("TE", "trailers")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.Header, response.Trailer
}
