package proxy

import (
	"encoding/json"
	"testing"

	"github.com/cbcerr/cbcerr/service/decode"
)

// FuzzRaisedBody tests that any body becomes an object with the fields, and with upstream's members if it is an object.
func FuzzRaisedBody(f *testing.F) {
	for _, body := range []string{``, `{}`, `{"a":1}`, `{"a":1}{}`, `[1]`, `"x"`, `{"error_code":null,"A":{"b":[]},"a":"\ud800"}`, `{"a":`, ` {"a":1e400,"a":2} `, "{\"\xff\":1}"} {
		f.Add([]byte(body))
	}
	fields := []field{{"error_code", "CBC.0250"}, {"error_msg", "\"\\\n你"}}
	f.Fuzz(func(t *testing.T, body []byte) {
		body = decode.Text(body, "application/json")
		got := map[string]json.RawMessage{}
		if err := json.Unmarshal(raisedBody(body, fields), &got); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if string(got["error_code"]) != `"CBC.0250"` || string(got["error_msg"]) != `"\"\\\n你"` {
			t.Errorf("%q: %s", body, got)
		}
		upstream := map[string]json.RawMessage{}
		if json.Unmarshal(body, &upstream) != nil {
			return
		}
		for name := range upstream {
			if got[name] == nil {
				t.Errorf("%q: %q is lost", body, name)
			}
		}
	})
}
