package envelope_test

import (
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// TestParse_Charsets holds that code and message are read in any encoding, whatever is declared.
func TestParse_Charsets(t *testing.T) {
	for _, c := range []struct{ name, contentType, body, message string }{
		{"byte order mark of UTF-8", "", "\xef\xbb\xbf{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xe4\xbd\x99\xe9\xa2\x9d\xe4\xb8\x8d\xe8\xb6\xb3\x22}", "余额不足"},
		{"UTF-16, little end first", "", "\xff\xfe{\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00c\x00o\x00d\x00e\x00\x22\x00:\x00\x22\x00C\x00B\x00C\x00.\x005\x000\x000\x003\x00\x22\x00,\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00m\x00s\x00g\x00\x22\x00:\x00\x22\x00YO\x9d\x98\x0dN\xb3\x8d\x22\x00}\x00", "余额不足"},
		{"UTF-16, big end first", "application/json; charset=utf-16", "\xfe\xff\x00{\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00c\x00o\x00d\x00e\x00\x22\x00:\x00\x22\x00C\x00B\x00C\x00.\x005\x000\x000\x003\x00\x22\x00,\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00m\x00s\x00g\x00\x22\x00:\x00\x22OY\x98\x9dN\x0d\x8d\xb3\x00\x22\x00}", "余额不足"},
		{"UTF-16 without a mark, little end first", "", "{\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00c\x00o\x00d\x00e\x00\x22\x00:\x00\x22\x00C\x00B\x00C\x00.\x005\x000\x000\x003\x00\x22\x00,\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00m\x00s\x00g\x00\x22\x00:\x00\x22\x00YO\x9d\x98\x0dN\xb3\x8d\x22\x00}\x00", "余额不足"},
		{"UTF-16 without a mark, big end first", "", "\x00{\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00c\x00o\x00d\x00e\x00\x22\x00:\x00\x22\x00C\x00B\x00C\x00.\x005\x000\x000\x003\x00\x22\x00,\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00m\x00s\x00g\x00\x22\x00:\x00\x22OY\x98\x9dN\x0d\x8d\xb3\x00\x22\x00}", "余额不足"},
		{"UTF-16 with half a surrogate pair", "", "\xff\xfe{\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00c\x00o\x00d\x00e\x00\x22\x00:\x00\x22\x00C\x00B\x00C\x00.\x005\x000\x000\x003\x00\x22\x00,\x00\x22\x00e\x00r\x00r\x00o\x00r\x00_\x00m\x00s\x00g\x00\x22\x00:\x00\x22\x00x\x00=\xd8y\x00\x22\x00}\x00", "x�y"},
		{"GBK, undeclared", "application/json", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3\x22}", "余额不足"},
		{"GBK, declared", "application/json;charset=GBK", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3\x22}", "余额不足"},
		{"GBK, declared as its elder", "text/plain; charset=\"gb2312\"", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc6\xd9\xe9F\x22}", "瀑镕"},
		{"GBK, declared to be UTF-8", "application/json;charset=UTF-8", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3\x22}", "余额不足"},
		{"GBK whose second bytes are backslashes", "", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\x81\x5c\x82\x5c\x83\x5c\x22}", "乗俓僜"},
		{"GB18030 of four bytes", "application/json; charset=gb18030", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\x952\x826\xd3\xe0\xb6\xee\x22}", "𠀀余额"},
		{"GBK that would be UTF-8 too, declared", "application/json; charset=gbk", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc4\xa3\xc4\xa3\x22}", "模模"},
		{"GBK that would be UTF-8 too, undeclared", "application/json", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc4\xa3\xc4\xa3\x22}", "ģģ"},
		{"Big5, declared", "application/json; charset=Big5", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xbel\xc3B\xa4\xa3\xa8\xac\x22}", "餘額不足"},
		{"UTF-8, declared to be GBK", "application/json; charset=GBK", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xe4\xbd\x99\xe9\xa2\x9d\xe4\xb8\x8d\xe8\xb6\xb3\x22}", "余额不足"},
		{"UTF-8, declared to be unknown", "application/json; charset=x-unknown", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xe4\xbd\x99\xe9\xa2\x9d\xe4\xb8\x8d\xe8\xb6\xb3\x22}", "余额不足"},
		{"UTF-8 with a message cut within a character", "", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xe4\xbd\x99\xe9\xa2\x9d\xe4\xb8\x22}", "余额�"},
		{"UTF-8 with an accent", "", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22caf\xc3\xa9\x22}", "café"},
		{"ISO-8859-1, declared", "application/json; charset=ISO-8859-1", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22Param\xe8tre erron\xe9 : r\xe9gion\x22}", "Paramètre erroné : région"},
		{"Windows-1252 with the euro sign, declared", "text/html;charset=windows-1252", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\x80 \x80\x22}", "€ €"},
		{"UTF-8, declared to be ISO-8859-1", "text/html; charset=iso-8859-1", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22caf\xc3\xa9\x22}", "café"},
		{"GBK, declared to be ISO-8859-1", "application/json;charset=ISO-8859-1", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3\xa1\xa3\x22}", "余额不足。"},
		{"GBK with a dangling semicolon", "application/json;charset=GBK;", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc4\xa3\xc4\xa3\x22}", "模模"},
		{"GBK behind an unknown charset", "text/html; charset=none; charset='GBK'", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc4\xa3\xc4\xa3\x22}", "模模"},
		{"GBK behind a second content type", "application/json, text/plain;CHARSET = \"Gb_2312\"", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc4\xa3\xc4\xa3\x22}", "模模"},
		{"GBK behind UTF-8", "text/html; charset=utf8; charset=GBK", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc4\xa3\xc4\xa3\x22}", "ģģ"},
		{"GBK by the name that Windows has", "application/json;charset=CP936", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xc4\xa3\xc4\xa3\x22}", "模模"},
		{"UTF-8, declared to be what HTML replaces", "text/html; charset=hz-gb-2312", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xe4\xbd\x99\x22}", "余"},
		{"ASCII, declared to be UTF-16", "application/json; charset=utf-16", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22no\x22}", "no"},
		{"Big5 that breaks off within a character, declared", "application/json; charset=Big5", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22\xbel\xc3B\xa4\x22}", "餘額�"},
		{"neither", "", "{\x22error_code\x22:\x22CBC.5003\x22,\x22error_msg\x22:\x22a\xff\xffb\xff\x22}", "a�b�"},
	} {
		t.Run(c.name, func(t *testing.T) { testCharset(t, c.contentType, []byte(c.body), c.message) })
	}
}

// testCharset tests the message of a body whose content type is that of a header, or that of the response.
func testCharset(t *testing.T, contentType string, body []byte, message string) {
	t.Helper()
	responses := []envelope.Response{
		{HTTPStatus: 400, Body: body, Headers: map[string]string{"content-type": contentType}},
		{HTTPStatus: 400, Body: body, ContentType: contentType},
	}
	if contentType != "" { // the header precedes
		headers := map[string]string{"Content-Type": contentType}
		responses = append(responses, envelope.Response{HTTPStatus: 400, Body: body, Headers: headers, ContentType: "text/plain; charset=big5"})
	}
	for _, r := range responses {
		if e := envelope.Parse(r); e.Code != "CBC.5003" || e.Message != message {
			t.Errorf("code %q, message %q, want %q", e.Code, e.Message, message)
		}
	}
}

// TestParse_DecodedBody holds that the declared charset does not count for a body that is UTF-8 already.
func TestParse_DecodedBody(t *testing.T) {
	body := []byte(`{"error_code":"CBC.5003","error_msg":"café"}`)
	headers := map[string]string{"Content-Type": "application/json; charset=gbk"}
	if e := envelope.Parse(envelope.Response{HTTPStatus: 400, Headers: headers, Body: body, IsUTF8: true}); e.Message != "café" {
		t.Errorf("message %q", e.Message)
	}
}

// TestParse_TruncatedBodies holds that a truncated body has the code of the whole body or none.
func TestParse_TruncatedBodies(t *testing.T) {
	for _, body := range []string{
		`{"error_code":"CBC.99003651","error_msg":"余额"}`, "{\"error_msg\":\"\xd3\xe0\xb6\xee\",\"error_code\":\"CBC.99003651\"}",
		"\xff\xfe{\x00\"\x00c\x00o\x00d\x00e\x00\"\x00:\x00\"\x00A\x00.\x001\x002\x00\"\x00}\x00", `{"error_code":99003651,"error_msg":"m"}`,
		`"{\"error_code\":\"CBC.99003651\",\"error_msg\":\"m\"}"`, `{"error":{"message":"m","code":"CBC.99003651"}}`, `[{"code":"A.12","message":"m"}]`,
		`{"error_message":"{\"error_code\":\"CBC.99003651\"}"}`, `CBC.99003651: m`, `"CBC.99003651"`, `said: {"error_code":"CBC.99003651"}`,
		`{"error":{"code":"IAM.0002","message":"no"},"x":{"error_code":"CBC.0002"},"error_code":"CBC.0151"}`, `{"code":"FAILED","message":"m","error_code":"CBC.5003"}`,
		`{"error_msg":"CBC.0250: m","error_code":"CBC.0100"}`, `[CBC.99003651] m`, `{"error_msg":"{\"error_code\":\"CBC.6006\"}","errorCode":"CBC.0001"}`,
	} {
		whole := envelope.Parse(envelope.Response{HTTPStatus: 400, Body: []byte(body)}).Code
		if whole == "" {
			t.Errorf("%q: no code", body)
		}
		for end := range len(body) {
			if e := envelope.Parse(envelope.Response{HTTPStatus: 400, Body: []byte(body[:end])}); e.Code != "" && e.Code != whole {
				t.Errorf("%q: %q, of the whole %q", body[:end], e.Code, whole)
			}
		}
	}
}

// TestParse_LongLatinText holds that a text is read whole though each of its bytes becomes three.
func TestParse_LongLatinText(t *testing.T) {
	headers := map[string]string{"Content-Type": "text/plain; charset=windows-1252"}
	e := envelope.Parse(envelope.Response{HTTPStatus: 400, Headers: headers, Body: []byte(strings.Repeat("\x80", 999))})
	if want := strings.Repeat("€", 999); e.Message != want {
		t.Errorf("message of %d bytes, want %d", len(e.Message), len(want))
	}
}
