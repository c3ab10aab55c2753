package gen_test

import (
	"strings"
	"testing"
)

// TestReadme_Recipes tests that READMEs contain the recipes, which .ci/languages compiles and runs.
func TestReadme_Recipes(t *testing.T) {
	for readme, recipe := range map[string]string{"rust/README.md": "rust/examples/recipe.rs", "cpp/README.md": "cpp/recipe.cpp"} {
		if !strings.Contains(read(t, readme), "\n"+read(t, recipe)+"```\n") {
			t.Errorf("%s does not contain %s", readme, recipe)
		}
	}
}
