package client_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A compressed body that cannot be read whole is no error below 400. One that can be read is judged.
func TestCheck_CompressedBodies(t *testing.T) {
	long := compress(t, `{"resources":["`+strings.Repeat("x", 5<<20)+`"]}`)
	tests := []struct {
		name, coding string
		body         []byte
		status       int
		failed       bool
	}{
		{"error", "gzip", compress(t, wrongSite), 200, true}, {"success", "gzip", compress(t, `{"order_id":"CS1"}`), 200, false},
		{"long", "gzip", long, 200, false}, {"long at 500", "gzip", long, 500, true},
		{"cut", "gzip", compress(t, wrongSite)[:60], 200, false}, {"cut at 403", "gzip", compress(t, wrongSite)[:60], 403, true},
		{"brotli", "br", []byte("\x0b\x02\x80\x00\xff\xfe{}\x03"), 200, false}, {"brotli at 500", "br", []byte("\x0b\x02\x80\x00\xff\xfe{}\x03"), 500, true},
	}
	for _, tc := range tests {
		response := newResponse(tc.status, http.Header{"Content-Encoding": {tc.coding}}, tc.body)
		if err := english(t).Check(response); (err != nil) != tc.failed {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got, err := io.ReadAll(response.Body); err != nil || !bytes.Equal(got, tc.body) {
			t.Errorf("%s: other %d bytes, %v", tc.name, len(got), err)
		}
		_ = response.Body.Close()
	}
}

func compress(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
