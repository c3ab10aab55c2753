package envelope_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// TestBounds: of a hostile body no more is kept than any answer has room for, so that nothing behind this package has to
// be afraid of its size.
func TestBounds(t *testing.T) {
	const elements, bytes = 100_000, 1 << 20
	long := strings.Repeat("余", bytes/3)
	for _, c := range []struct{ name, body string }{
		{"ids", `{"error_code":"CBC.1","expiredResourceIds":[` + strings.Repeat(`1,`, elements) + `1]}`},
		{"parts", `{"error_details":[` + strings.Repeat(`{"error_code":"CBC.1"},`, elements) + `{}]}`},
		{"names", `{"error_code":"CBC.1","errorItems":[` + strings.Repeat(`"a",`, elements) + `"a"]}`},
		{"things", `{"error_code":"CBC.1","quota_infos":[` + strings.Repeat(`{"resource_type":"t"},`, elements) + `{}]}`},
		{"texts", `{"error_code":"` + long + `","error_msg":"` + long + `","request_id":"` + long + `"}`},
		{"no JSON", long},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := envelope.Open(envelope.Response{HTTPStatus: 400, Body: []byte(c.body)})
			if len(e.Complaints) > 1<<8 {
				t.Errorf("%d complaints", len(e.Complaints))
			}
			if len(e.Code) > 1<<10 {
				t.Errorf("a code of %d bytes", len(e.Code))
			}
			for _, text := range texts(e) {
				if len(text) > 64<<10 || strings.ContainsRune(text, utf8.RuneError) {
					t.Errorf("a text of %d bytes, or one that was cut within a character", len(text))
				}
			}
		})
	}
}

// TestFailuresBehindManySuccesses: parts that did not fail take no place from those that did.
func TestFailuresBehindManySuccesses(t *testing.T) {
	body := `{"error_details":[` + strings.Repeat(`{"id":"ok"},`, 50_000) + `{"id":"bad","error_code":"CBC.1"}]}`
	e := envelope.Open(envelope.Response{HTTPStatus: 200, Body: []byte(body)})
	if items := slices.Collect(e.Items()); len(items) != 1 || items[0].ID != "bad" {
		t.Errorf("%d items", len(items))
	}
}
