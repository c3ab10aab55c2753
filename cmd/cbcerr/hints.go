package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
	"google.golang.org/grpc/status"
)

// hint prints a line for people to standard error. Output for programs has none.
func (o *options) hint(format string, args ...any) {
	if o.output == "text" {
		fmt.Fprintln(o.err, "cbcerr:", render.SanitizeTerminal(fmt.Sprintf(format, args...)))
	}
}

// hintTranslation prints what helps if a translation found no known code, or if the input is nothing but a code.
func (o *options) hintTranslation(t *errorv1.Translation, input string) {
	o.hintLocale(t.GetLocale())
	info := errorInfo(status.FromProto(t.GetStatus()))
	if code := info.GetMetadata()["code"]; code != "" && strings.EqualFold(code, input) {
		o.hint("the input is a code without a response; for its meaning: cbcerr code %s", code)
	}
	switch info.GetReason() {
	case "UNRECOGNIZED_CODE", "FOREIGN_CODE":
		code := info.GetMetadata()["code"]
		if near := suggestion(code); near != "" {
			o.hint("the catalogue has no code %q%s", code, near)
		}
	case "UNRECOGNIZED_RESPONSE":
		if !isWords(input) {
			return
		}
		o.hint("the input has no error code; to search the texts of all codes: cbcerr codes --search %s", shellQuote(input))
	}
}

// maxWords is the maximum length of words in characters: more than that is a text of another kind.
const maxWords = 80

// isWords reports whether an input is a line of words, as a user reads them on a page.
func isWords(input string) bool {
	return input != "" && utf8.ValidString(input) && utf8.RuneCountInString(input) <= maxWords && !strings.ContainsAny(input, "\r\n{}[]<>")
}

// shellQuote quotes a word for a POSIX shell.
func shellQuote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// hintLocale says that the texts are in another language than --locale names. A language of the environment that has no
// texts is no surprise.
func (o *options) hintLocale(shown ...string) {
	if o.locale == "" || len(shown) == 0 || slices.ContainsFunc(shown, func(tag string) bool { return primary(tag) == primary(o.locale) }) {
		return
	}
	o.hint("--locale=%.64q: there are no texts in this language; the texts are in %q", o.locale, catalog.DefaultLocale)
}

// primary returns the language of a tag, such as zh of zh-CN.
func primary(tag string) string {
	language, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	return language
}

// suggestion returns a question that names the known codes near an unknown one, empty if there are none.
func suggestion(code string) string {
	c, err := catalog.Embedded()
	if err != nil {
		return ""
	}
	near := c.Nearest(code)
	if len(near) == 0 { // letters that look like digits
		near = c.Nearest(strings.NewReplacer("O", "0", "o", "0", "I", "1", "l", "1").Replace(code))
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ") + "?"
}
