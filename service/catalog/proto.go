package catalog

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"
	"time"
)

// header is the beginning of both generated files.
const header = `// Written by "go generate ./..." from service/catalog/{{.From}}. Do not edit: change the table.

syntax = "proto3";

package cbc.error.v1;
{{range .Imports}}
import "{{.}}";{{end}}{{if .Imports}}
{{end}}
option go_package = "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1;errorv1";
option java_multiple_files = true;
option java_outer_classname = "{{.JavaClass}}";
option java_package = "com.cbcerr.error.v1";
`

var codesTemplate = template.Must(template.New("codes").Funcs(template.FuncMap{"name": codeName, "wait": waitText}).Parse(header + `
// Upstream's identity of an error: one value for each known code of the CBC. The number of a value is the code's digits:
// ERROR_CODE_CBC_0250 is 250. Only the success code differs: it cannot be 0 and is 10000. A code that is newer than this
// enum keeps its number if it has 4 digits, or 8 that begin with 1 to 9. The comments are upstream's English texts, some
// of them corrected, or translations by this project, which say so. The option (meaning) is this project's
// interpretation of upstream's documentation.
enum ErrorCode {
  // No code, or a code without a number.
  ERROR_CODE_UNSPECIFIED = 0;
{{- range .Rows}}
  // {{.Text}}
  {{name .Code}} = {{.Number}} [(meaning) = {
{{- with .HTTPStatus}}
    http_status: {{.}}
{{- end}}
    status: {{.Status}}
    reason: ERROR_REASON_{{.Reason}}
{{- with .Retry}}
    retry: RETRY_ADVICE_{{.}}
{{- end}}
    outcome: OUTCOME_{{.Outcome}}
{{- with .Wait}}
    wait: {{wait .}}
{{- end}}
{{- range .Advice}}
    advice: {
      locale: "{{.Locale}}"
      message: {{printf "%q" .Message}}
    }
{{- end}}
  }];
{{- end}}
}
`))

var reasonsTemplate = template.Must(template.New("reasons").Funcs(template.FuncMap{"example": example}).Parse(header + `
// The meaning of an error: the constant to branch on. The name of a value without its prefix is the reason of
// google.rpc.ErrorInfo. Codes with the same meaning share a reason. A published number is never reused.
enum ErrorReason {
  // No reason.
  ERROR_REASON_UNSPECIFIED = 0;
{{- range .Rows}}
  // {{.Comment}}
{{- range example .Name}}
  //{{with .}} {{.}}{{end}}
{{- end}}
  ERROR_REASON_{{.Name}} = {{.Number}};
{{- end}}
}
`))

// examples holds the metadata of an ErrorInfo for each reason that has keys of its own.
var examples = map[string]string{
	"WRONG_SITE":                `"code": "CBC.0150", "retry": "CHANGE_REQUEST", "outcome": "NOT_APPLIED", "suggestedSite": "intl"`,
	"ACCESS_DENIED":             `"code": "CBC.0151", "retry": "FIX_STATE", "outcome": "NOT_APPLIED", "missingPermission": "bss:coupon:view"`,
	"ASSOCIATION_QUERY_TIMEOUT": `"code": "CBC.99000050", "retry": "VERIFY_FIRST", "outcome": "UNKNOWN", "domainId": "d-77"`,
}

// example returns the comment lines of the example of a reason.
func example(reason string) []string {
	metadata, ok := examples[reason]
	if !ok {
		return nil
	}
	return []string{"", fmt.Sprintf("Example: `{\"reason\": %q, \"domain\": \"cbc.huaweicloud.com\", \"metadata\":", reason), "{" + metadata + "}}`"}
}

// written is the data of a template.
type written struct {
	From      string
	JavaClass string
	Imports   []string
	Rows      any
}

// row is an entry and the comment of its enum value.
type row struct {
	*Entry
	Text   string
	Advice []sentence
}

// sentence is the advice of a reason in a language.
type sentence struct{ Locale, Message string }

// advice returns the sentences of a reason in the languages of the table.
func (c *Catalog) advice(reason string) (all []sentence) {
	for _, locale := range tableLocales {
		message, _ := c.Advice(reason, locale)
		all = append(all, sentence{locale, message})
	}
	return all
}

// WriteErrorCodes writes the proto file of the ErrorCode enum.
func (c *Catalog) WriteErrorCodes(w io.Writer) error {
	rows := make([]row, len(c.entries))
	for i, e := range c.entries {
		text, _ := c.Text(e.Key, DefaultLocale)
		if slices.Contains(e.Translated, DefaultLocale) {
			text += " (Translation by this project.)"
		}
		rows[i] = row{e, text, c.advice(e.Reason)}
	}
	return codesTemplate.Execute(w, written{"codes.tsv", "ErrorCodeProto", []string{"cbc/error/v1/meaning.proto"}, rows})
}

// WriteErrorReasons writes the proto file of the ErrorReason enum.
func (c *Catalog) WriteErrorReasons(w io.Writer) error {
	return reasonsTemplate.Execute(w, written{"reasons.tsv", "ErrorReasonProto", nil, c.reasons})
}

func codeName(code string) string {
	return "ERROR_CODE_" + strings.Replace(code, ".", "_", 1)
}

func waitText(d time.Duration) string {
	return fmt.Sprintf("{seconds: %d}", int(d.Seconds()))
}
