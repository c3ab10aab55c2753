package gen_test

import (
	"strings"
	"testing"
)

// examples are the programs that the README shows, by the language of their block.
var examples = map[string]string{
	"go":     "go/example/main.go",
	"python": "python/example.py",
	"ts":     "typescript/example.ts",
	"java":   "java/example/Example.java",
	"rust":   "rust/examples/example.rs",
	"cpp":    "cpp/example.cpp",
}

// TestReadmeShowsTheExamples as they are compiled and run in .ci/run.
func TestReadmeShowsTheExamples(t *testing.T) {
	readme := read(t, "../README.md")
	for language, name := range examples {
		if !strings.Contains(readme, "```"+language+"\n"+read(t, name)+"```\n") {
			t.Errorf("the README does not show %s as it is", name)
		}
	}
}
