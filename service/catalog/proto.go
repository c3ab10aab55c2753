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
option java_package = "com.cbcerr.error.v1";
`

var codesTemplate = template.Must(template.New("codes").Funcs(template.FuncMap{"name": codeName, "wait": waitText}).Parse(header + `
// Upstream's identity of an error: one value per code of the CBC that is known. The number of a value is the code's
// digits, so that ERROR_CODE_CBC_0250 is 250; only the success code cannot be 0 and is 10000. A code that is newer than
// this enum, of exactly 4 digits or of 8 not beginning with 0, keeps its number. The comments are upstream's English
// texts, some of them mended, or translations by this project, which say so; the option (meaning) is this project's
// reading, not Huawei's word.
enum ErrorCode {
  // No code, or one without a number.
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
  }];
{{- end}}
}
`))

var reasonsTemplate = template.Must(template.New("reasons").Parse(header + `
// What went wrong, in this project's words: the constant to branch on. The name of a value without its prefix is the
// reason in google.rpc.ErrorInfo. Codes with one meaning share a reason; a published number is never given away again.
enum ErrorReason {
  // No reason.
  ERROR_REASON_UNSPECIFIED = 0;
{{- range .Rows}}
  // {{.Comment}}
  ERROR_REASON_{{.Name}} = {{.Number}};
{{- end}}
}
`))

// written is the data of a template.
type written struct {
	From    string
	Imports []string
	Rows    any
}

// row is an entry and the comment of its enum value.
type row struct {
	*Entry
	Text string
}

// WriteErrorCodes writes the proto file of the ErrorCode enum.
func (c *Catalog) WriteErrorCodes(w io.Writer) error {
	rows := make([]row, len(c.entries))
	for i, e := range c.entries {
		text, _ := c.Text(e.Key, DefaultLocale)
		if slices.Contains(e.Translated, DefaultLocale) {
			text += " (Translation by this project.)"
		}
		rows[i] = row{e, text}
	}
	return codesTemplate.Execute(w, written{"codes.tsv", []string{"cbc/error/v1/error_code_options.proto"}, rows})
}

// WriteErrorReasons writes the proto file of the ErrorReason enum.
func (c *Catalog) WriteErrorReasons(w io.Writer) error {
	return reasonsTemplate.Execute(w, written{"reasons.tsv", nil, c.reasons})
}

func codeName(code string) string {
	return "ERROR_CODE_" + strings.Replace(code, ".", "_", 1)
}

func waitText(d time.Duration) string {
	return fmt.Sprintf("{seconds: %d}", int(d.Seconds()))
}
