package envelope_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
)

// An encodedBody is a way in which a response may declare and encode its body.
type encodedBody struct {
	name, contentType string
	encoding          encoding.Encoding
}

// encodedBodies are the ways in which every text of the catalogue must be read.
func encodedBodies() []encodedBody {
	return []encodedBody{
		{"UTF-8", "application/json", encoding.Nop},
		{"UTF-8 declared", "application/json; charset=UTF-8", encoding.Nop},
		{"UTF-8 declared to be GBK", "application/json;charset=GBK", encoding.Nop},
		{"UTF-8 declared to be Big5", "application/json; charset=Big5", encoding.Nop},
		{"UTF-8 declared to be ISO-8859-1", "application/json;charset=ISO-8859-1", encoding.Nop},
		{"GBK", "application/json", simplifiedchinese.GBK},
		{"GBK declared", "application/json;charset=GBK", simplifiedchinese.GBK},
		{"GBK declared to be GB18030", "application/json;charset=gb18030", simplifiedchinese.GBK},
		{"GBK declared to be UTF-8", "application/json;charset=utf-8", simplifiedchinese.GBK},
		{"Big5 declared", "application/json;charset=big5", traditionalchinese.Big5},
		{"UTF-16", "application/json", utf.UTF16(utf.LittleEndian, utf.UseBOM)},
		{"UTF-16 declared, without a mark", "application/json;charset=utf-16", utf.UTF16(utf.BigEndian, utf.IgnoreBOM)},
	}
}

// TestParse_CatalogueTextsInAllCharsets holds that every text of the catalogue is read in every encoding that has its
// characters.
func TestParse_CatalogueTextsInAllCharsets(t *testing.T) {
	t.Parallel()
	texts := catalogueTexts(t)
	for _, way := range encodedBodies() {
		read := 0
		for _, text := range texts {
			body, err := way.encoding.NewEncoder().Bytes([]byte(pairJSON(text)))
			if err != nil {
				continue // the encoding lacks a character
			}
			read++
			if e := parseAs(way.contentType, body); e.Code != "CBC.0100" || e.Message != text {
				t.Errorf("%s: code %q, message %q, want %q", way.name, e.Code, e.Message, text)
			}
		}
		if read < len(texts)/3 {
			t.Errorf("%s: has the characters of %d texts of %d", way.name, read, len(texts))
		}
	}
}

// TestParse_CatalogueTextsCutWithinACharacter holds that a message that upstream cut within a character keeps the
// characters before it.
func TestParse_CatalogueTextsCutWithinACharacter(t *testing.T) {
	t.Parallel()
	for _, text := range catalogueTexts(t) {
		for at, r := range text {
			whole := strings.Count(strings.Map(onlyHan, text[:at]), "") - 1
			if !isHan(r) || whole == 0 {
				continue // without a whole character, nothing tells the encoding
			}
			want := text[:at] + "\ufffd"
			checkCut(t, "application/json", text[:at+1], want)
			checkCut(t, "application/json", text[:at+2], want)
			gbk, err := simplifiedchinese.GBK.NewEncoder().String(text[:at+utf8.RuneLen(r)])
			if err != nil {
				t.Fatal(err)
			}
			checkCut(t, "text/html; charset=gb2312", gbk[:len(gbk)-1], want)
			if whole > 1 {
				checkCut(t, "application/json", gbk[:len(gbk)-1], want)
			}
		}
	}
}

// checkCut checks the message of a body, both closed behind the message and ending with it.
func checkCut(t *testing.T, contentType, message, want string) {
	t.Helper()
	open := `{"error_code":"CBC.0100","error_msg":"` + message
	if e := parseAs(contentType, []byte(open+`"}`)); e.Message != want {
		t.Errorf("%q as %s: message %q, want %q", message, contentType, e.Message, want)
	}
	if e := parseAs(contentType, []byte(open)); e.Code != "CBC.0100" {
		t.Errorf("%q as %s, with a lost end: code %q", message, contentType, e.Code)
	}
}

// TestParse_ShortMessagesInGBK holds that every two to four characters in a row of the catalogue's texts are read, though
// a few bytes may look like UTF-8.
func TestParse_ShortMessagesInGBK(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, text := range catalogueTexts(t) {
		runes := []rune(text)
		for start := range runes {
			for _, end := range []int{start + 2, start + 3, start + 4} {
				if end <= len(runes) && strings.ContainsFunc(string(runes[start:end]), isHan) {
					seen[string(runes[start:end])] = true
				}
			}
		}
	}
	for text := range seen {
		for _, short := range []string{text, text + "。", text + "！"} {
			body, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(pairJSON(short)))
			if err != nil {
				t.Fatal(err)
			}
			if e := parseAs("application/json; charset=gbk", body); e.Message != short {
				t.Errorf("declared: message %q, want %q", e.Message, short)
			}
			if utf8.Valid(body) {
				continue // undeclared, nothing tells it from UTF-8
			}
			if e := parseAs("", body); e.Message != short {
				t.Errorf("undeclared: message %q, want %q", e.Message, short)
			}
		}
	}
}

// onlyHan drops all characters but Chinese ones.
func onlyHan(r rune) rune {
	if isHan(r) {
		return r
	}
	return -1
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func parseAs(contentType string, body []byte) envelope.Envelope {
	return envelope.Parse(envelope.Response{HTTPStatus: 400, Headers: map[string]string{"Content-Type": contentType}, Body: body})
}

func pairJSON(message string) string {
	quoted, _ := json.Marshal(message) // cannot fail
	return `{"error_code":"CBC.0100","error_msg":` + string(quoted) + `}`
}

// catalogueTexts returns the texts of all codes in all languages.
func catalogueTexts(t *testing.T) []string {
	t.Helper()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range append(c.Entries(), c.Gateway()...) {
		for _, tag := range c.Locales() {
			text, _ := c.Text(e.Key, tag)
			texts = append(texts, text)
		}
	}
	return texts
}
