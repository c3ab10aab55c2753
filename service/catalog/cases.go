package catalog

import (
	"fmt"
	"io"
	"strings"
)

// casesHeader is the beginning of the file of cases.
const casesHeader = `# Written by "go generate ./..." from the tables of service/catalog. Do not edit: change the tables.
# proto-file: service/conformance/proto/cbcerr/conformance/v1/conformance.proto
# proto-message: Suite
`

// WriteCases writes the conformance cases of every code in every locale. Each step is one line, so that a changed cell
// of the table is a changed line.
func (c *Catalog) WriteCases(w io.Writer) error {
	text := &strings.Builder{}
	text.WriteString(casesHeader)
	for _, locale := range c.Locales() {
		fmt.Fprintf(text, "\ncases {\n  name: %q\n", "every_code_"+strings.ToLower(strings.ReplaceAll(locale, "-", "_")))
		text.WriteString("  entry_points: [ENTRY_POINT_UNARY, ENTRY_POINT_BATCH, ENTRY_POINT_STREAM, ENTRY_POINT_RAISE, ENTRY_POINT_REST, ENTRY_POINT_REST_RAISE]\n")
		for _, e := range c.all() {
			fmt.Fprintf(text, "  steps { request { response { http_status: %d text: %q } locales: %q } want {%s} want_code: %s want_detail: %q }\n",
				httpStatus(e), fmt.Sprintf(`{"error_code":%q}`, e.Code), locale, c.view(e, locale), e.Status, detailCell(e.Details))
		}
		text.WriteString("}\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// httpStatus returns the HTTP status of a response with a code: the documented one, else a likely one.
func httpStatus(e *Entry) int {
	switch {
	case e.HTTPStatus > 0:
		return e.HTTPStatus
	case e.Status == "OK":
		return 200
	}
	return 400
}

// view returns the expected CbcErrorView of a code. A success has none.
func (c *Catalog) view(e *Entry, locale string) string {
	if e.Status == "OK" {
		return ""
	}
	message, found := c.Text(e.Key, locale)
	advice, _ := c.Advice(e.Reason, locale)
	text := fmt.Sprintf("code: %q number: %d reason: %q retry: %q outcome: %q locale: %q message: %q advice: %q",
		e.Code, e.Number, e.Reason, e.Retry, e.Outcome, found, message, advice)
	if e.Wait > 0 {
		text += " retry_delay " + waitText(e.Wait)
	}
	return text
}

// detailCell returns the cell of the table for details.
func detailCell(details []Detail) string {
	words := make([]string, len(details))
	for i, d := range details {
		words[i] = d.Kind + ":" + strings.Join(d.Names, ",")
	}
	return strings.Join(words, " ")
}
