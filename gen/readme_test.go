package gen_test

import (
	"regexp"
	"strings"
	"testing"
)

// examples are the example programs, by the folder of their language.
var examples = map[string]struct{ block, program string }{
	"go":         {"go", "example/main.go"},
	"python":     {"python", "example.py"},
	"typescript": {"ts", "example.ts"},
	"java":       {"java", "example/Example.java"},
	"rust":       {"rust", "examples/example.rs"},
	"cpp":        {"cpp", "example.cpp"},
}

// TestReadme_Examples tests that each README contains its example program, which .ci/languages compiles and runs.
func TestReadme_Examples(t *testing.T) {
	for folder, example := range examples {
		_, section, _ := strings.Cut(read(t, folder+"/README.md"), "\n## Example\n")
		if !strings.Contains(section, "```"+example.block+"\n"+read(t, folder+"/"+example.program)+"```\n") {
			t.Errorf("%s/README.md has no section Example with %s", folder, example.program)
		}
	}
}

// TestChangelog_Version tests that the newest version of the changelog is the one of VERSION.
func TestChangelog_Version(t *testing.T) {
	version := strings.TrimSpace(read(t, "VERSION"))
	newest := regexp.MustCompile(`(?m)^## \[(.*)\] - .+$`).FindStringSubmatch(read(t, "../.github/CHANGELOG.md"))
	if newest == nil || newest[1] != version {
		t.Errorf("the newest version of CHANGELOG.md is %q, VERSION has %s", newest, version)
	}
}
