package render

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
)

// TestExplanation_Words holds that each rule, condition, form and source has words in each language.
func TestExplanation_Words(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []envelope.Response{
		{HTTPStatus: 500, Body: []byte(`{"error_code":"CBC.0000"}`)}, // a success that is rechecked
		{Body: []byte("HTTP/2 400\n\nno")}, {Body: []byte(`{"status_code":400}`)}, {}, {HTTPStatus: 400, Body: []byte(`{"error_code":"CBC.0100"} x`)}, {Body: []byte(`{`)},
	} {
		x := translate.New(c, translate.DefaultItems).Explain(translate.Response{Response: r})
		keys := []string{"form." + x.Body, "statusFrom." + x.StatusFrom}
		for _, rule := range x.Rules {
			keys = append(keys, "rule."+rule.Name)
		}
		for _, condition := range x.Conditions {
			keys = append(keys, "certainty."+condition.Name+".holds", "certainty."+condition.Name+".fails")
		}
		for _, locale := range []string{"en", "zh-CN"} {
			for _, key := range keys {
				if messagesFor(locale)[key] == "" {
					t.Errorf("%s: no words for %s", locale, key)
				}
			}
		}
	}
}

// TestExplanation_Code holds that an explanation shows how a code was read.
func TestExplanation_Code(t *testing.T) {
	for _, k := range []struct {
		x    translate.Explanation
		want string
	}{
		{translate.Explanation{RawCode: "CBC.5003", Code: "CBC.5003"}, "Code CBC.5003\n"},
		{translate.Explanation{RawCode: "cbc.5003", Code: "CBC.5003"}, "Code cbc.5003 → CBC.5003\n"},
		{translate.Explanation{RawCode: " "}, "Code (ignored as data)\n"},
		{translate.Explanation{}, "Code none\n"},
		{translate.Explanation{Place: translate.Place{Path: "a[0].code", InText: true}}, "Where it stands a[0].code in a text\n"},
		{translate.Explanation{Message: strings.Repeat("x", 300)}, strings.Repeat("x", 256) + "\n"},
	} {
		var out strings.Builder
		if err := Explanation(&out, k.x, "en", false); err != nil {
			t.Fatal(err)
		}
		if lines := regexp.MustCompile(` +`).ReplaceAllString(out.String(), " "); !strings.Contains(lines, k.want) {
			t.Errorf("no %q in\n%s", k.want, out.String())
		}
	}
}
