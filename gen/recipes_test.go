package gen_test

import (
	"strings"
	"testing"
)

// recipes maps READMEs to the recipe that they contain. .ci/adapters/run and .ci/languages run it.
var recipes = map[string]string{
	"python/README.md":     "python/recipes/huaweicloud_sdk.py",
	"typescript/README.md": "typescript/recipes/huaweicloud-sdk.ts",
	"rust/README.md":       "rust/examples/recipe.rs",
	"cpp/README.md":        "cpp/recipe.cpp",
}

// A README of a language contains its recipe verbatim.
func TestReadme_Recipes(t *testing.T) {
	for readme, recipe := range recipes {
		if !strings.Contains(read(t, readme), "\n"+read(t, recipe)+"```\n") {
			t.Errorf("%s does not contain %s", readme, recipe)
		}
	}
}
