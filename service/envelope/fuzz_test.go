package envelope_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzOpen: whatever the bytes are, there is one description, all of it valid UTF-8; and what encoding/json reads from
// a plain pair is read the same.
func FuzzOpen(f *testing.F) {
	for _, body := range []string{
		`{"error_code":"CBC.0151","error_msg":"m"}`, `{"error":{"code":"A.1","message":"m"}}`, `[{"error_code":"CBC.0100"}]`,
		`{"error_details":[{"id":"1","error_code":"CBC.1"}],"expiredResourceIds":["x"]}`, `{"status":429}`, `404 not found`, `"text"`,
		`{"quota_infos":[{"resource_type":"t"}],"errorItems":["a"]}`, "\ufeff{}", "{\"error_code\":\"\xff\"}", `{"error_code":"CBC.01`,
	} {
		f.Add(400, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		r := envelope.Response{HTTPStatus: status, Headers: map[string]string{"Retry-After": "1"}, Body: body}
		kept := bytes.Clone(body)
		e := envelope.Open(r)
		if diff := cmp.Diff(e, envelope.Open(r), cmpopts.IgnoreUnexported(envelope.Envelope{})); diff != "" {
			t.Fatalf("two descriptions of one response: %s", diff)
		}
		if !bytes.Equal(kept, body) {
			t.Fatal("the body was changed")
		}
		for _, text := range texts(e) {
			if !utf8.ValidString(text) {
				t.Fatalf("invalid UTF-8: %q", text)
			}
		}
		comparePlainPair(t, body, e)
	})
}

func texts(e envelope.Envelope) []string {
	all := []string{e.Code, e.Message, e.RequestID, e.Authorization, e.DomainID}
	for item := range e.Items() {
		all = append(all, item.ID, item.Code, item.Message)
	}
	for _, c := range e.Complaints {
		all = append(all, c.Name)
	}
	return all
}

// comparePlainPair holds us to encoding/json where the body is nothing but the documented pair.
func comparePlainPair(t *testing.T, body []byte, e envelope.Envelope) {
	t.Helper()
	var pair struct {
		Code string `json:"error_code"`
		Msg  string `json:"error_msg"`
	}
	strict := json.NewDecoder(bytes.NewReader(body))
	strict.DisallowUnknownFields()
	if strict.Decode(&pair) != nil || strict.More() || strings.TrimSpace(pair.Code) == "" {
		return
	}
	if e.Code != pair.Code || e.Message != pair.Msg {
		t.Fatalf("%q %q, encoding/json reads %q %q", e.Code, e.Message, pair.Code, pair.Msg)
	}
}
