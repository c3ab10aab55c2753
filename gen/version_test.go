package gen_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the version into the manifests")

// manifests are where the packages say their version: the first group of the expression's first match. The one place of
// it is the file VERSION.
var manifests = map[string]string{
	"python/pyproject.toml":   `\nversion = "(.*)"`,
	"typescript/package.json": `\n  "version": "(.*)"`,
	"java/README.md":          `<artifactId>cbcerr</artifactId>\s*<version>(.*)</version>`,
	"java/pom.xml":            `<artifactId>cbcerr</artifactId>\s*<version>(.*)</version>`,
	"rust/Cargo.toml":         `\nversion = "(.*)"`,
	"cpp/CMakeLists.txt":      `project\(\s*cbcerr\s+VERSION (\S+)`,
}

// TestOneVersion: after a change of VERSION, `go test ./gen -update` follows.
func TestOneVersion(t *testing.T) {
	version := strings.TrimSpace(read(t, "VERSION"))
	for name, pattern := range manifests {
		text := read(t, name)
		at := regexp.MustCompile(pattern).FindStringSubmatchIndex(text)
		if at == nil {
			t.Errorf("%s has no version", name)
			continue
		}
		if got := text[at[2]:at[3]]; got != version && !*update {
			t.Errorf("%s has the version %s, VERSION %s", name, got, version)
		}
		if *update {
			if err := os.WriteFile(name, []byte(text[:at[2]]+version+text[at[3]:]), 0o644); err != nil {
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
