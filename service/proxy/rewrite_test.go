package proxy

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/decode"
)

// FuzzRaisedBody tests that any body becomes an object with the fields, in which nothing of the body is lost.
func FuzzRaisedBody(f *testing.F) {
	for _, body := range []string{``, `{}`, `{"a":1}`, `{"a":1}{}`, `[1]`, `"x"`, `{"error_code":null,"A":{"b":[]},"a":"\ud800"}`, `{"a":`, ` {"a":1e400,"a":2} `,
		"{\"\xff\":1}", "\xff\x00", `{"error_code":7,"upstream_error_code":8}`, `{"upstream_error_code":0}`, `{"error_msg":"\u0022\\\n你"}`} {
		f.Add([]byte(body))
	}
	fields := []field{{"error_code", "CBC.0250"}, {"error_msg", "\"\\\n你"}}
	f.Fuzz(func(t *testing.T, body []byte) {
		text := strings.TrimPrefix(string(decode.Text(body, "application/json")), "\ufeff")
		got := map[string]json.RawMessage{}
		if err := json.Unmarshal(raisedBody(body, "application/json", fields), &got); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if string(got["error_code"]) != `"CBC.0250"` || string(got["error_msg"]) != `"\"\\\n你"` {
			t.Errorf("%q: %s", body, got)
		}
		if name, kept := keptBody(t, got); name != "" {
			if want := map[string]string{"upstream_body_base64": string(body), "upstream_body": text}[name]; kept != want {
				t.Errorf("%q: %s is %q", body, name, kept)
			}
			return
		}
		upstream := map[string]json.RawMessage{}
		if err := json.Unmarshal([]byte(text), &upstream); err != nil && strings.TrimSpace(text) != "" {
			t.Errorf("%q is lost: %s", body, got)
		}
		for name, value := range upstream {
			reserved := slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
			redundant := slices.Contains([]string{"null", `""`}, string(value)) || value[0] == '"' && unquotedText(value) == unquotedText(got[name])
			if got["upstream_"+name] == nil && (reserved && !redundant || got[name] == nil) {
				t.Errorf("%q: %q is lost in %s", body, name, got)
			}
		}
	})
}

// unquotedText returns the text of a JSON string, empty for other values.
func unquotedText(value json.RawMessage) (text string) {
	_ = json.Unmarshal(value, &text)
	return text
}

// keptBody returns the body of upstream that is kept as a whole, and the name of its field; empty if it is kept in parts.
func keptBody(t *testing.T, got map[string]json.RawMessage) (name, body string) {
	t.Helper()
	for _, name := range []string{"upstream_body_base64", "upstream_body"} {
		if json.Unmarshal(got[name], &body) != nil {
			continue
		}
		if name == "upstream_body" {
			return name, body
		}
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			t.Error(err)
		}
		return name, string(raw)
	}
	return "", ""
}
