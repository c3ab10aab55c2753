package translate_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"golang.org/x/tools/txtar"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// FuzzTranslate: whatever comes, there is one answer, the same every time; it can be sent, it fits into trailers, and
// a code that encoding/json reads from a plain pair is not lost.
func FuzzTranslate(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, body, _ := bytes.Cut(archive.Files[0].Data, []byte("\n\n"))
		f.Add(200, "", body)
		f.Add(400, "3", body)
	}
	translator := newTranslator(f)
	f.Fuzz(func(t *testing.T, status int, retryAfter string, body []byte) {
		headers := map[string]string{"Retry-After": retryAfter, "X-Request-Id": retryAfter}
		r := translate.Response{Response: envelope.Response{HTTPStatus: status, Headers: headers, Body: body}, Origin: translate.Origin{Site: "cn"}}
		got := translator.Translate(r, "zh-CN").Translation
		if again := translator.Translate(r, "zh-CN").Translation; !proto.Equal(got, again) {
			t.Fatalf("two answers to one response:\n%v\n%v", got, again)
		}
		for _, s := range append([]*statuspb.Status{got.GetStatus()}, statuses(got)...) {
			checkStatus(t, s)
		}
		checkCodeKept(t, body, got)
	})
}

func statuses(got *errorv1.Translation) (list []*statuspb.Status) {
	for _, item := range got.GetItems() {
		list = append(list, item.GetStatus())
	}
	return list
}

// checkStatus: a status is success and nothing else, or has its three certain details and fits.
func checkStatus(t *testing.T, s *statuspb.Status) {
	t.Helper()
	if s.GetCode() == 0 {
		if s.GetMessage() != "" || len(s.GetDetails()) != 0 {
			t.Fatalf("success with more: %v", s)
		}
		return
	}
	if size := onTheWire(t, s); size > 6<<10 {
		t.Fatalf("%d bytes of trailers", size)
	}
	if len(s.GetDetails()) < 3 || s.GetMessage() == "" {
		t.Fatalf("an error without its details: %v", s)
	}
}

// checkCodeKept: the code of a plain pair is in the answer, unless it is one that the answer replaces by rule.
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

// countKeys counts how often the key may stand in the body; of several the last counts, in any letter case.
func countKeys(body []byte) int {
	return bytes.Count(bytes.ToLower(body), []byte("error_code"))
}
