package translate_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/translate"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// FuzzTranslate tests that every response has one translation, that keeps the invariants, fits into trailers, and has the
// code that encoding/json reads from a plain pair.
func FuzzTranslate(f *testing.F) {
	for _, c := range goldens(f) {
		f.Add(200, "", c.Body)
		f.Add(400, "3", c.Body)
	}
	translator := newTranslator(f)
	f.Fuzz(func(t *testing.T, status int, retryAfter string, body []byte) {
		headers := map[string]string{"Retry-After": retryAfter, "X-Request-Id": retryAfter}
		r := translate.Response{Response: envelope.Response{HTTPStatus: status, Headers: headers, Body: body}, Origin: translate.Origin{Site: "cn"}}
		got := translator.Translate(r, "zh-CN").Translation
		if again := translator.Translate(r, "zh-CN").Translation; !proto.Equal(got, again) {
			t.Fatalf("two translations of one response:\n%v\n%v", got, again)
		}
		if err := golden.CheckInvariants(got); err != nil {
			t.Fatal(err)
		}
		checkSizes(t, got)
		checkCodeKept(t, body, got)
	})
}

// checkSizes checks that each status fits into trailers.
func checkSizes(t *testing.T, got *errorv1.Translation) {
	t.Helper()
	all := []*statuspb.Status{got.GetStatus()}
	for _, item := range got.GetItems() {
		all = append(all, item.GetStatus())
	}
	for _, s := range all {
		if size := onTheWire(t, s); size > 6<<10 {
			t.Fatalf("%d bytes of trailers", size)
		}
	}
}

// checkCodeKept: the code of a plain pair is in the translation, unless a rule replaces it.
func checkCodeKept(t *testing.T, body []byte, got *errorv1.Translation) {
	t.Helper()
	var pair map[string]json.RawMessage
	var code string
	if !utf8.Valid(body) || json.Unmarshal(body, &pair) != nil || json.Unmarshal(pair["error_code"], &code) != nil {
		return
	}
	if got.GetStatus().GetCode() == 0 || !strings.HasPrefix(code, "CBC.") || len(code) > 64 {
		return
	}
	m, err := got.GetStatus().GetDetails()[1].UnmarshalNew()
	if err != nil {
		t.Fatal(err)
	}
	if e := m.(*errorv1.CbcError); e.GetRawCode() != code && e.GetOuterCode() == "" && countKeys(body) == 1 {
		t.Fatalf("raw_code %q, want %q", e.GetRawCode(), code)
	}
}

// countKeys counts the occurrences of the key in the body, in any letter case. If there are several, another code may count.
func countKeys(body []byte) int {
	return bytes.Count(bytes.ToLower(body), []byte("error_code"))
}
