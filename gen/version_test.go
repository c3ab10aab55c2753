package gen_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the version of VERSION to the manifests")

// manifests maps files to an expression whose first group is the version.
var manifests = map[string]string{
	"python/pyproject.toml":   `\nversion = "(.*)"`,
	"typescript/package.json": `\n  "version": "(.*)"`,
	"java/README.md":          `<artifactId>cbcerr</artifactId>\s*<version>(.*)</version>`,
	"java/pom.xml":            `<artifactId>cbcerr</artifactId>\s*<version>(.*)</version>`,
	"rust/Cargo.toml":         `\nversion = "(.*)"`,
	"cpp/CMakeLists.txt":      `project\(\s*cbcerr\s+VERSION (\S+)`,
}

// All manifests have the version of the file VERSION. After a change, run `go test ./gen -update`.
func TestVersion_Manifests(t *testing.T) {
	version := strings.TrimSpace(read(t, "VERSION"))
	for name, pattern := range manifests {
		text := read(t, name)
		match := regexp.MustCompile(pattern).FindStringSubmatchIndex(text)
		if match == nil {
			t.Errorf("%s has no version", name)
			continue
		}
		if got := text[match[2]:match[3]]; got != version && !*update {
			t.Errorf("%s has the version %s, want %s", name, got, version)
		}
		if *update {
			if err := os.WriteFile(name, []byte(text[:match[2]]+version+text[match[3]:]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
