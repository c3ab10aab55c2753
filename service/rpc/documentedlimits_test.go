package rpc_test

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/cbcerr/cbcerr/service/rpc"
)

// thousands matches the comma of a number such as 1,000.
var thousands = regexp.MustCompile(`(\d),(\d{3})`)

// TestDefaultLimits_Documented tests that the documents state the default limits. The clients' documents are generated from
// the proto files, and the OpenAPI document also from the patch.
func TestDefaultLimits_Documented(t *testing.T) {
	t.Parallel()
	const (
		readme      = "../../README.md"
		guide       = "../../proto/README.md"
		envelope    = "../envelope/README.md"
		patch       = "../../cmd/openapidoc/patch/translation.yaml"
		service     = "../../proto/cbc/error/v1/translation_service.proto"
		translation = "../../proto/cbc/error/v1/translation.proto"
	)
	limits := rpc.DefaultLimits()
	for _, c := range []struct {
		file, pattern string
		limit         int
	}{
		{readme, "`BatchTranslate`.* up to %d responses", limits.Batch},
		{guide, "BatchTranslate`.* up to %d responses", limits.Batch},
		{guide, "\\| %d \\| `--max-batch` \\|", limits.Batch},
		{guide, "\\| %d \\| `--max-items` \\|", limits.Items},
		{guide, "\\| %d \\| `--max-locales` \\|", limits.Locales},
		{guide, "\\| %d \\| `--max-headers` \\|", limits.Headers},
		{envelope, "first %d; `truncated`", limits.Items},
		{service, `Translates up to %d responses\.`, limits.Batch},
		{service, `Requests, 1 to %d by default\.`, limits.Batch},
		{translation, `Failed items of the request, .* at most %d by default\.`, limits.Items},
		{patch, `summary: Translate up to %d responses\n`, limits.Batch},
		{patch, `requests: {minItems: 1, maxItems: %d}`, limits.Batch},
		{patch, `items: {maxItems: %d}`, limits.Items},
		{patch, `locales: {maxItems: %d}`, limits.Locales},
	} {
		text, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		pattern := regexp.MustCompile(fmt.Sprintf(c.pattern, c.limit))
		if !pattern.Match(thousands.ReplaceAll(text, []byte("$1$2"))) {
			t.Errorf("%s: no match of %s", c.file, pattern)
		}
	}
}
