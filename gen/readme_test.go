package gen_test

import (
	"strings"
	"testing"
)

// examples maps the languages of code blocks in the README to the example programs.
var examples = map[string]string{
	"go":     "go/example/main.go",
	"python": "python/example.py",
	"ts":     "typescript/example.ts",
	"java":   "java/example/Example.java",
	"rust":   "rust/examples/example.rs",
	"cpp":    "cpp/example.cpp",
}

// The README contains the example programs, which .ci/run compiles and runs.
func TestReadme_Examples(t *testing.T) {
	readme := read(t, "../README.md")
	for language, name := range examples {
		if !strings.Contains(readme, "```"+language+"\n"+read(t, name)+"```\n") {
			t.Errorf("the README does not contain %s", name)
		}
	}
}
