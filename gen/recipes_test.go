package gen_test

import (
	"strings"
	"testing"
)

// quotes maps READMEs to the programs that they contain. .ci/languages and .ci/adapters/run run these programs.
var quotes = map[string][]string{
	"python/README.md":     {"python/example.py", "python/recipes/huaweicloud_sdk.py"},
	"typescript/README.md": {"typescript/example.ts", "typescript/recipes/huaweicloud-sdk.ts"},
}

// A README of a language contains its programs verbatim.
func TestLanguageReadmes_Programs(t *testing.T) {
	for readme, programs := range quotes {
		for _, name := range programs {
			if !strings.Contains(read(t, readme), "\n"+read(t, name)+"```\n") {
				t.Errorf("%s does not contain %s", readme, name)
			}
		}
	}
}
