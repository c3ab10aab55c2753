package translate_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// TestTranslate_MaximalResponse: with as much of everything as a response can hold, no code's status is larger than
// 6 KiB as trailers, and code, reason and locale are still there.
func TestTranslate_MaximalResponse(t *testing.T) {
	translator := newTranslator(t)
	for _, row := range append(readRows(t), map[string]string{"code": "CBC.99999999", "http": "500"}) {
		for _, locale := range []string{"en", "zh-CN"} {
			got := translator.Translate(maximal(row["code"], 400), locale)
			if row["status"] == "OK" {
				continue
			}
			if listed := row["source"] == "page"; listed && !hasHelp(got.GetStatus()) && !strings.Contains(infoOf(t, got.GetStatus()).GetMetadata()["truncated"], "help") {
				t.Errorf("%v: no Help, and nothing says so", got.GetStatus())
			}
			if size := onTheWire(t, got.GetStatus()); size > 6<<10 {
				t.Errorf("%s in %s: %d bytes of trailers, at most 6144", row["code"], locale, size)
			}
			if info := infoOf(t, got.GetStatus()); info.GetMetadata()["code"] != row["code"] || info.GetMetadata()["truncated"] == "" {
				t.Errorf("%s in %s: metadata %v", row["code"], locale, info.GetMetadata())
			}
		}
	}
}

func hasHelp(s *statuspb.Status) bool {
	return slices.ContainsFunc(s.GetDetails(), func(detail *anypb.Any) bool { return detail.MessageIs(&errdetails.Help{}) })
}

// maximal is a response that has too much of everything.
func maximal(code string, status int) translate.Response {
	long := strings.Repeat("余额不足", 2000)
	names := `"` + strings.Repeat(`field_name","`, 3000) + `last"`
	body := fmt.Sprintf(`{"error_code":%q,"error_msg":"correct permission code is %s","errorItems":[%s],"domain_id":%q,
		"encoded_authorization_message":%q}`, code, long, names, long, strings.Repeat("QUJD", 1500))
	raw := envelope.Response{HTTPStatus: status, Body: []byte(body), Headers: map[string]string{"X-Request-Id": long}}
	return translate.Response{Response: raw, Origin: translate.Origin{Service: strings.Repeat("s", 64), Site: "cn"}}
}

// onTheWire is the size of the trailers as a gRPC client counts them: names, values and 32 bytes a field.
func onTheWire(t *testing.T, s *statuspb.Status) int {
	t.Helper()
	b, err := proto.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for name, value := range map[string]string{
		"grpc-status":             "16",
		"grpc-message":            strings.ReplaceAll(url.QueryEscape(s.GetMessage()), "+", " "), // escapes more than gRPC does
		"grpc-status-details-bin": base64.StdEncoding.EncodeToString(b),
	} {
		size += len(name) + len(value) + 32
	}
	return size
}

func infoOf(t *testing.T, s *statuspb.Status) *errdetails.ErrorInfo {
	t.Helper()
	m, err := s.GetDetails()[0].UnmarshalNew()
	if err != nil {
		t.Fatal(err)
	}
	return m.(*errdetails.ErrorInfo)
}

// TestTranslate_LongText: what is too long ends with a whole character and is listed.
func TestTranslate_LongText(t *testing.T) {
	for _, c := range []struct{ name, code, message, cut string }{
		{"message of three-byte characters", "CBC.0151", strings.Repeat("余", 1000), "upstreamMessage"},
		{"message of four-byte characters", "CBC.0151", strings.Repeat("𠀀", 1000), "upstreamMessage"},
		{"code of another system", strings.Repeat("ÄB", 60) + ".1", "m", "code"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newTranslator(t).Translate(plain("400", c.code, c.message), "en")
			metadata := infoOf(t, got.GetStatus()).GetMetadata()
			if metadata["truncated"] != c.cut {
				t.Errorf("truncated = %q, want %q", metadata["truncated"], c.cut)
			}
			if cut := metadata[c.cut]; cut == "" || !utf8.ValidString(cut) || strings.ContainsRune(cut, utf8.RuneError) {
				t.Errorf("%s = %q", c.cut, cut)
			}
			if len(metadata["upstreamMessage"]) > 1024 || len(metadata["code"]) > 64 {
				t.Errorf("longer than the contract allows: %v", metadata)
			}
		})
	}
}

// TestTranslate_TooManyItems: a translation has the first thousand items, and metadata if there were more.
func TestTranslate_TooManyItems(t *testing.T) {
	got := newTranslator(t).Translate(withItems(1001, "short"), "en").Translation
	if len(got.GetItems()) != 1000 || got.GetItems()[999].GetId() != "id-999" {
		t.Errorf("%d items", len(got.GetItems()))
	}
	if truncated := infoOf(t, got.GetStatus()).GetMetadata()["truncated"]; truncated != "items" {
		t.Errorf("truncated = %q, want items", truncated)
	}
	if got = newTranslator(t).Translate(withItems(1000, "short"), "en").Translation; len(got.GetItems()) != 1000 || truncated(t, got) {
		t.Errorf("%d items, want all 1000", len(got.GetItems()))
	}
	if size := proto.Size(newTranslator(t).Translate(withItems(1000, strings.Repeat("长", 400)), "zh-CN").Translation); size > 4<<20 {
		t.Errorf("a translation of %d bytes, more than a gRPC client takes", size)
	}
}

func truncated(t *testing.T, got *errorv1.Translation) bool {
	_, ok := infoOf(t, got.GetStatus()).GetMetadata()["truncated"]
	return ok
}

func withItems(n int, message string) translate.Response {
	var b strings.Builder
	b.WriteString(`{"error_details":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"id-%d","error_code":"CBC.5004","error_msg":%q}`, i, message)
	}
	b.WriteString(`]}`)
	return translate.Response{Response: envelope.Response{HTTPStatus: 200, Body: []byte(b.String())}}
}
