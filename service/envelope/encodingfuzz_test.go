package envelope_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// FuzzParseEncodings holds that a body in any declared charset and coding is read as bounded UTF-8, and is not changed.
func FuzzParseEncodings(f *testing.F) {
	for _, seed := range []struct{ encoding, contentType, body string }{
		{"gzip", "", gzipped(uncompressed)}, {"deflate", "text/html;charset=gbk", zlibbed(uncompressedGBK())}, {"gzip, gzip", "", gzipped(gzipped(uncompressed))},
		{"br", "application/json; charset=utf-16", "\x1b\x80"}, {"deflate", "x; charset=\"iso-8859-1\";", deflated(uncompressed)}, {"", "text/plain; charset=shift_jis; charset=big5", uncompressedGBK()},
		{"", "; charset=iso-2022-jp", "\x1b$B\x1b(B"}, {"", "a;charset=euc-kr,charset=windows-1252", "\xd3\xe0\xb6\xee\x80"},
	} {
		f.Add(seed.encoding, seed.contentType, []byte(seed.body))
	}
	const limit = 64 << 10
	f.Fuzz(func(t *testing.T, encoding, contentType string, body []byte) {
		kept := bytes.Clone(body)
		r := envelope.Response{
			HTTPStatus: 400, Headers: map[string]string{"Content-Encoding": encoding, "Content-Type": contentType}, Body: body, MaxInflated: limit,
		}
		e := envelope.Parse(r)
		if again := envelope.Parse(r); again.Code != e.Code || again.Message != e.Message || again.Form != e.Form {
			t.Errorf("%q and %q of one response", e.Message, again.Message)
		}
		if most := 3*max(limit, len(body)) + utf8.UTFMax; !utf8.Valid(e.Body) || len(e.Body) > most {
			t.Errorf("a body of %d bytes, at most %d, valid %t", len(e.Body), most, utf8.Valid(e.Body))
		}
		if !bytes.Equal(kept, body) {
			t.Error("the body was changed")
		}
	})
}
